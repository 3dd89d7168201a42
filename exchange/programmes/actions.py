"""What happens to programmes. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange import events, steps
from exchange.errors import Conflict, Invalid
from exchange.extensions import db
from exchange.programmes import queries
from exchange.programmes.models import GENERAL, MatchingMode, Programme

LANGUAGES = ("en", "fr", "es", "pt")


def create(data: Mapping[str, Any]) -> Programme:
    """Make a programme.

    :raises Invalid: ``code_taken``, another programme or the network at large has this code.
    """
    code = str(data["code"])
    if code == GENERAL or _is_taken(code):
        raise Invalid("code", "code_taken")
    programme = Programme(code=code, titles={}, mode=MatchingMode.automatic, open=True)
    _fill(programme, data)
    db.session.add(programme)
    db.session.flush()
    events.publish("programme.created", id=programme.id)
    return programme


def edit(programme: Programme, data: Mapping[str, Any]) -> Programme:
    """Change titles and mode of a programme, close it or open it again.

    Its code stays: runs are numbered by it, and sheets name it. Nothing is asked or taken back
    by a change of mode: it holds from the next need and the next run on.

    :raises Invalid: ``code_stays``; ``network_stays_open``, the network at large cannot be closed.
    :raises Conflict: ``moved_on``, somebody saved it since the caller read it.
    """
    seen = programme.version_id
    steps.lock(programme)
    if programme.version_id != seen:
        raise Conflict("moved_on")
    if data.get("code", programme.code) != programme.code:
        raise Invalid("code", "code_stays")
    if programme.code == GENERAL and not data.get("open", True):
        raise Invalid("open", "network_stays_open")
    _fill(programme, data)
    db.session.flush()
    events.publish("programme.edited", id=programme.id)
    return programme


def general() -> Programme:
    """The row of the network at large, made when somebody is about to edit it."""
    found = queries.general()
    if found is None:
        found = Programme(code=GENERAL, titles={}, mode=queries.mode_of(None), open=True)
        db.session.add(found)
        db.session.flush()
    return found


def as_form(programme: Programme) -> dict[str, Any]:
    """The values of a programme by the fields of its schema."""
    titles = {f"title_{code}": programme.titles.get(code, "") for code in LANGUAGES}
    return {
        "code": programme.code,
        "mode": programme.mode,
        "open": programme.open,
        **titles,
    }


def _fill(programme: Programme, data: Mapping[str, Any]) -> None:
    given = {code: data.get(f"title_{code}") for code in LANGUAGES}
    titles = {
        **programme.titles,
        **{code: text for code, text in given.items() if text is not None},
    }
    programme.titles = {code: text for code, text in titles.items() if text}
    for name in ("mode", "open", "trial"):
        if name in data:
            setattr(programme, name, data[name])


def _is_taken(code: str) -> bool:
    return db.session.scalar(select(Programme.id).where(Programme.code == code)) is not None
