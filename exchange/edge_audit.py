"""What both faces tell the audit trail: who acts, at which endpoint."""

from flask import Flask, g, request

from exchange.audit.author import Author, acting
from exchange.audit.models import Through


def register(app: Flask) -> None:
    """Say with each request who acts in it."""
    app.before_request(_begin)
    app.teardown_request(_end)


def _begin() -> None:
    g.acting = acting(_who)
    g.acting.__enter__()


def _end(_error: BaseException | None) -> None:
    if (entered := g.pop("acting", None)) is not None:
        entered.__exit__(None, None, None)


def _who() -> Author:
    """Asked when something is written: by then it is known who signed in."""
    person = g.get("actor")
    through = Through.api if request.path.startswith("/api/") else Through.page
    return Author(through, request.endpoint or "", person.id if person is not None else None)
