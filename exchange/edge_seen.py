"""What an answer shows of people, gathered on its way and written down before it goes out.

Both faces say it: ``shown(*rows)`` where a page or an answer of the API shows people, and by itself
where an address names one (``edge.access``). Only reading is written down here; what is sent
changes something, and stands in the trail anyway.
"""

from collections.abc import Collection
from typing import Any

from flask import Flask, Response, current_app, g, request

from exchange.audit import aside, seeing
from exchange.clock import now

# The rows that are people, who is asked to be one, or letters to and from them.
PEOPLE = ("person", "participant", "forum_guest", "invitation", "message", "reply")


def register(app: Flask) -> None:
    """Write down after each request what its answer shows."""
    app.after_request(_write)


def shown(*rows: Any) -> None:
    """The answer shows more of these people than their names beside what they did."""
    for row in rows:
        noun = row.__tablename__
        if noun in PEOPLE and not _is_own(row):
            _shown().setdefault(noun, set()).add(row.id)


def taken_away(noun: str, ids: Collection[int], what: str = "export") -> None:
    """The answer is a file with these rows: written down each time."""
    actor = g.get("actor")
    others = set(ids) - ({actor.id} if actor is not None and noun == "person" else set())
    if noun in PEOPLE and others:
        _shown().setdefault(noun, set()).update(others)
        g.taken_away = what


def _shown() -> dict[str, set[int]]:
    found: dict[str, set[int]] = g.setdefault("shown", {})
    return found


def _is_own(row: Any) -> bool:
    """Whether a row is about whoever reads it."""
    actor = g.get("actor")
    if actor is None:
        return False
    if row.__tablename__ == "person":
        return bool(row.id == actor.id)
    addresses = {getattr(row, name, None) for name in ("email", "to_email", "from_email")}
    return getattr(row, "person_id", None) == actor.id or actor.email in addresses


def _write(response: Response) -> Response:
    found = g.pop("shown", None)
    if found and request.method == "GET" and response.status_code == 200:
        what = g.pop("taken_away", None)
        waiting = current_app.config["EXCHANGE"].var / aside.FILE
        seeing.look(found, what or "shown", now=now(), waiting=waiting, again=bool(what))
    return response
