"""Children that cannot outlive their parent, and starts that are not held up."""

import ctypes
import gc
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

PR_SET_PDEATHSIG = 1


def die_with_parent(number: int = signal.SIGKILL, *, parent: int | None = None) -> None:
    """Ask the kernel to signal this process when its parent ends, however it ends.

    Linux only; elsewhere nothing happens and an ordinary stop still stops all. `parent` is
    the process meant: when it has gone already, this one ends at once.
    """
    if not sys.platform.startswith("linux"):
        return
    _prctl(PR_SET_PDEATHSIG, number)
    if parent is not None and os.getppid() != parent:
        os.kill(os.getpid(), number)


@contextmanager
def starting() -> Iterator[None]:
    """Nobody looks for garbage while half a million objects are made that all stay."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def started() -> None:
    """All that is here now stays until the end: the search for garbage need not go through it
    again, and what children were given by a fork stays shared.
    """
    gc.freeze()


def child_setup() -> Callable[[], None]:
    """What a child does between fork and exec; made before the fork, as it must be small."""
    parent = os.getpid()
    return lambda: die_with_parent(parent=parent)


def _prctl(option: int, argument: int) -> None:
    _libc().prctl(option, argument, 0, 0, 0)


_loaded: list[ctypes.CDLL] = []


def _libc() -> ctypes.CDLL:
    if not _loaded:
        _loaded.append(ctypes.CDLL(None, use_errno=True))
    return _loaded[0]
