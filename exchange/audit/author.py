"""Who acts in this request, task or command: said by the edge, asked when something is written."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass

import structlog

from exchange.audit.models import Through


@dataclass(frozen=True)
class Author:
    """Who, by which way, at which place."""

    through: Through
    place: str = ""
    person_id: int | None = None


THE_PROGRAM = Author(Through.command)
_asked: ContextVar[Callable[[], Author] | None] = ContextVar("audit_author", default=None)


def author() -> Author:
    """Who acts now."""
    asked = _asked.get()
    return asked() if asked is not None else THE_PROGRAM


@contextmanager
def acting(who: Callable[[], Author]) -> Iterator[None]:
    """Within it ``who`` says who acts; it is asked late, since a request learns it on its way."""
    token = _asked.set(who)
    try:
        yield
    finally:
        _asked.reset(token)


def request_id() -> str:
    """The id under which the log knows this request or task."""
    known = structlog.contextvars.get_contextvars()
    return str(known.get("request_id") or known.get("task_id") or "")[:64]
