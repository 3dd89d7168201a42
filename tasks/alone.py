"""A sweep that takes long is not begun again beside itself, or it would fill every thread."""

from collections.abc import Callable
from functools import wraps
from threading import Lock


def alone(sweep: Callable[[], None]) -> Callable[[], None]:
    """Let a sweep run once at a time in this process; who comes meanwhile leaves at once.

    Nothing is lost: the next ring finds what the one at work did not see.
    """
    at_work = Lock()

    @wraps(sweep)
    def guarded() -> None:
        if not at_work.acquire(blocking=False):
            return
        try:
            sweep()
        finally:
            at_work.release()

    return guarded
