"""The thread through the log: the number of the request, or of the task, that something is done
under. It runs from a click through the queue to the mail, and everybody may quote it.

A request has a number of its own. A ring of the queue carries the numbers of the requests that
asked for it; a task that one request asked for works under that number, any other under its own.
"""

import re
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from structlog.contextvars import (
    bind_contextvars,
    bound_contextvars,
    clear_contextvars,
    get_contextvars,
)

# What a proxy in front may call a request: nothing that could break a line or a header.
ACCEPTED = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Nudges that wait are gathered: more names than this tell nobody more.
MOST = 20


def begin_request(given: str = "") -> str:
    """Begin a request; what was logged before in this thread is over.

    :param given: the number that a trusted proxy gave it; another one is made when it is not fit.
    """
    number = given if ACCEPTED.fullmatch(given) else secrets.token_hex(8)
    clear_contextvars()
    bind_contextvars(request_id=number)
    return number


def begin_task(task_id: str, asked_by: Sequence[str] = ()) -> None:
    """Begin a task that the requests ``asked_by`` asked for (none: the clock)."""
    clear_contextvars()
    bind_contextvars(task_id=task_id, **_of(asked_by))


@contextmanager
def asking(asked_by: Sequence[str]) -> Iterator[None]:
    """Within it, what is put on the queue is asked for by these requests."""
    with bound_contextvars(**_of(asked_by)):
        yield


def _of(asked_by: Sequence[str]) -> dict[str, object]:
    if len(asked_by) == 1:
        return {"request_id": asked_by[0]}
    return {"request_ids": list(asked_by[:MOST])} if asked_by else {}


def current() -> str:
    """The request under which this thread works, else its task; empty in a command."""
    known = get_contextvars()
    return str(known.get("request_id") or known.get("task_id") or "")


def asked_by() -> tuple[str, ...]:
    """The requests for which this thread works."""
    known = get_contextvars()
    one = known.get("request_id")
    return (str(one),) if one else tuple(known.get("request_ids", ()))
