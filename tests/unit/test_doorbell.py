"""Ringing never waits, never fails, and says what it dropped."""

import threading
import time
from typing import Any

from tasks import doorbell as module
from tasks.doorbell import Doorbell


class Queue:
    """A broker that can be told to hang or to refuse."""

    def __init__(self) -> None:
        self.sent: list[tuple[str, dict[str, Any]]] = []
        self.open = threading.Event()
        self.open.set()
        self.refuses = False

    def send(self, name: str, ids: dict[str, Any]) -> None:
        assert self.open.wait(10)
        if self.refuses:
            raise OSError("no queue")
        self.sent.append((name, ids))


def test_a_ring_is_sent_with_its_ids() -> None:
    queue = Queue()
    bell = Doorbell(queue.send)
    assert bell.ring("tasks.x", exchange_id=7)
    assert bell.wait(5)
    assert queue.sent == [("tasks.x", {"exchange_id": 7})]


def test_a_hung_broker_makes_nobody_wait() -> None:
    queue = Queue()
    queue.open.clear()
    bell = Doorbell(queue.send)
    begin = time.monotonic()
    for number in range(100):
        bell.ring("tasks.x", exchange_id=number)
    assert time.monotonic() - begin < 0.5
    assert not bell.wait(0.05)
    queue.open.set()
    assert bell.wait(5)
    assert len(queue.sent) == 100


def test_equal_rings_that_wait_are_one() -> None:
    queue = Queue()
    queue.open.clear()
    bell = Doorbell(queue.send)
    bell.ring("tasks.first")
    time.sleep(0.3)  # the thread has it in hand and hangs
    for _ in range(50):
        assert bell.ring("tasks.sweep")
    queue.open.set()
    assert bell.wait(5)
    assert queue.sent == [("tasks.first", {}), ("tasks.sweep", {})]
    bell.ring("tasks.sweep")
    assert bell.wait(5)
    assert len(queue.sent) == 3


def test_when_too_many_wait_a_ring_is_dropped_and_counted(monkeypatch) -> None:
    monkeypatch.setattr(module, "WAITING_AT_MOST", 2)
    queue = Queue()
    queue.open.clear()
    bell = Doorbell(queue.send)
    bell.ring("tasks.x", number=0)
    time.sleep(0.3)
    answers = [bell.ring("tasks.x", number=number) for number in (1, 2, 3)]
    assert answers == [True, True, False]
    assert bell.dropped == 1
    queue.open.set()
    assert bell.wait(5)


def test_after_an_error_it_is_silent_for_a_while_and_then_tries_again(caplog) -> None:
    queue = Queue()
    queue.refuses = True
    bell = Doorbell(queue.send, silent_after_error=0.3)
    bell.ring("tasks.x", number=1)
    assert bell.wait(5)
    queue.refuses = False
    bell.ring("tasks.x", number=2)
    assert bell.wait(5)
    assert (queue.sent, bell.dropped) == ([], 2)
    assert "the sweeps go on" in caplog.text
    time.sleep(0.35)
    bell.ring("tasks.x", number=3)
    assert bell.wait(5)
    assert queue.sent == [("tasks.x", {"number": 3})]


def test_a_storm_of_equal_rings_is_a_handful_of_messages() -> None:
    queue = Queue()
    bell = Doorbell(queue.send)
    for _ in range(10_000):
        bell.ring("tasks.sweep")
    assert bell.wait(5)
    assert 1 <= len(queue.sent) <= 5
