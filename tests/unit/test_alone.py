"""A sweep that is at work is not begun again beside itself."""

from threading import Event, Thread

import pytest

from tasks.alone import alone


def test_who_comes_meanwhile_leaves_at_once_and_the_next_one_works():
    begun, go_on, times = Event(), Event(), []

    @alone
    def sweep() -> None:
        times.append(1)
        begun.set()
        assert go_on.wait(10)

    first = Thread(target=sweep)
    first.start()
    assert begun.wait(10)
    sweep()
    assert len(times) == 1
    go_on.set()
    first.join(10)
    sweep()
    assert len(times) == 2


def test_a_sweep_that_fails_does_not_close_the_door():
    @alone
    def sweep() -> None:
        raise OSError("the disk is full")

    for _again in range(2):
        with pytest.raises(OSError, match="full"):
            sweep()
