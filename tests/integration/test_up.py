"""`exchange up` itself: real web, worker and scheduler on a database of its own."""

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

EXCHANGE = (sys.executable, "-c", "from exchange.cli import main; main()")
pytestmark = [pytest.mark.e2e, pytest.mark.xdist_group("up"), pytest.mark.timeout(240)]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class Running:
    """`exchange up` with a folder of its own."""

    def __init__(self, var: Path, **settings: str) -> None:
        self.port = free_port()
        environ = {name: text for name, text in os.environ.items() if "EXCHANGE_" not in name}
        environ |= {"EXCHANGE_VAR": str(var), "EXCHANGE_PORT": str(self.port), **settings}
        self.begun = time.monotonic()
        self.process = subprocess.Popen(
            [*EXCHANGE, "up"],
            env=environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.printed = ""

    def read_until(self, word: str) -> float:
        """Read what it prints; returns the seconds since its start."""
        assert self.process.stdout
        while word not in self.printed:
            line = self.process.stdout.readline()
            assert line, f"ended before {word!r}:\n{self.printed}"
            self.printed += line
        return time.monotonic() - self.begun

    def get(self, path: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return int(answer.status)

    def end(self, number: int) -> int:
        self.process.send_signal(number)
        return self.process.wait(30)


@pytest.fixture
def up(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    made: list[Running] = []

    def start(**settings: str) -> Running:
        made.append(Running(tmp_path / "var", **settings))
        return made[-1]

    yield start
    for one in made:
        if one.process.poll() is None:
            one.process.kill()
        one.process.wait()
        assert one.process.stdout
        one.process.stdout.close()


def belonging_to(port: int) -> list[int]:
    """Processes that were given this port, of whatever parent."""
    mark = f"EXCHANGE_PORT={port}\0".encode()
    found = []
    for environ in Path("/proc").glob("[0-9]*/environ"):
        try:
            if mark in environ.read_bytes():
                found.append(int(environ.parent.name))
        except (FileNotFoundError, ProcessLookupError, PermissionError):
            continue
    return found


def test_it_starts_serves_and_stops_and_the_second_start_has_nothing_to_prepare(up) -> None:
    first = up(EXCHANGE_DEMO="0")
    first.read_until("Peer Exchange is at")
    assert f"http://127.0.0.1:{first.port}" in first.printed
    assert "making the database" in first.printed
    assert first.get("/healthz") == 200
    first.read_until("ready.")
    assert first.end(signal.SIGINT) == 0
    assert belonging_to(first.port) == []
    second = up(EXCHANGE_DEMO="0")
    second.read_until("Peer Exchange is at")
    assert "the database" not in second.printed
    assert second.get("/healthz") == 200
    assert second.end(signal.SIGTERM) == 0


def test_killing_it_leaves_no_process(up) -> None:
    running = up(EXCHANGE_DEMO="0")
    running.read_until("Peer Exchange is at")
    assert len(belonging_to(running.port)) >= 3
    running.end(signal.SIGKILL)
    deadline = time.monotonic() + 5
    while belonging_to(running.port) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert belonging_to(running.port) == []


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"EXCHANGE_VAR": "/proc/exchange"}, "set EXCHANGE_VAR to a folder"),
        ({"EXCHANGE_PORT": "no"}, "EXCHANGE_PORT='no' is not accepted"),
        ({"EXCHANGE_PROT": "1"}, "the nearest is EXCHANGE_PORT"),
    ],
)
def test_what_is_wrong_is_one_line_and_exit_code_2(up, settings: dict[str, str], words) -> None:
    running = up(**settings)
    running.read_until("\n")
    assert running.process.wait(20) == 2
    assert running.printed.count("\n") == 1
    assert words in running.printed


def test_a_busy_port_is_one_line_and_exit_code_2(up) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        running = up(EXCHANGE_PORT=port)
        running.read_until("is busy: choose another")
        assert running.process.wait(20) == 2
        assert running.printed.count("\n") == 1
