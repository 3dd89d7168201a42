"""Who saw what is sensitive: contact details, guest lists, exports, other people's data."""

from collections.abc import Collection, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import structlog
from sqlalchemy import and_, insert, or_, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError

from exchange.audit import aside
from exchange.audit.author import author
from exchange.audit.models import Action, AuditEntry, Look
from exchange.audit.recording import Change, entry_of, gathered, write
from exchange.extensions import db
from exchange.transaction import reading_only, writing_apart

# Whoever reads must not wait long for whoever writes.
HURRY_MS = 500
ENTRIES, LOOKS = AuditEntry.__table__, Look.__table__
# By the name of a table, the numbers of its rows.
Shown = Mapping[str, Collection[int]]
log = structlog.get_logger()


def saw(noun: str, subject_id: int | None, what: str, *, rows: int | None = None) -> None:
    """Write down, with what a command or a form does, that whoever acts is shown something.

    A request that only reads writes it in a transaction of its own, before the answer goes out.

    :param what: a code: ``contacts``, ``guests``, ``export``, ``personal_data`` …
    :param rows: how many of them.
    """
    fields: dict[str, list[Any]] = {"what": [None, what]}
    if rows is not None:
        fields["rows"] = [None, rows]
    change = Change(Action.see, noun, subject_id, fields=fields)
    if not reading_only.get():
        gathered(db.session()).append(change)
        return
    with writing_apart() as connection:
        write(connection, [change])


def look(shown: Shown, what: str, *, now: datetime, waiting: Path, again: bool = False) -> None:
    """Write down that whoever acts now is shown personal data in one answer, before it goes out.

    One entry for each noun, with the numbers of the records that this viewer had not seen on this
    day; none when there are none. One statement when all is known, two more for what is new. A
    visitor has no name: what everybody may see is not written down.

    Reading must not fail because somebody else writes. So it waits half a second for its turn; then
    the signed entry goes to a file beside the database, from which the sweep takes it up. Keeping
    the page back would stop work for the sake of a note about it; forgetting the note would let
    whoever keeps the database busy look unseen.

    :param what: a code: ``shown``, ``export``, ``personal_data``.
    :param waiting: the file of what could not be written at once.
    :param again: also what was seen today: for what is taken away as a whole.
    """
    viewer_id = author().person_id
    if viewer_id is None:
        return
    fresh = shown if again else _fresh(shown, viewer_id, now)
    rows = [_entry(noun, sorted(ids), what) for noun, ids in sorted(fresh.items()) if ids]
    if not rows:
        return
    noted = [aside.Noted(row, tuple(sorted(fresh[row["noun"]]))) for row in rows]
    db.session.rollback()  # the page is made: what it read from is free for this
    try:
        with writing_apart(HURRY_MS) as connection:
            keep(connection, noted)
    except SQLAlchemyError as problem:
        log.warning("who saw what is kept beside the database", error=type(problem).__name__)
        aside.put(waiting, noted)
    else:
        take_up(waiting)


def keep(connection: Connection, noted: Collection[aside.Noted]) -> None:
    """Write entries and what finds them again."""
    looks = []
    for one in noted:
        entry_id = connection.scalar(insert(ENTRIES).values(one.entry).returning(ENTRIES.c.id))  # type: ignore[arg-type] # the mapper says FromClause
        told = {"noun": one.entry["noun"], "viewer_id": one.entry["person_id"]}
        told |= {"day": one.entry["happened_at"].date(), "entry_id": entry_id}
        looks += [{**told, "subject_id": number} for number in one.records]
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    connection.execute(dialect.insert(LOOKS).on_conflict_do_nothing(), looks)


def take_up(waiting: Path) -> int:
    """Bring what waits in the file into the trail; returns how many entries. What cannot be brought
    now waits for the next time."""
    if not aside.waits(waiting):
        return 0
    try:
        with aside.taken(waiting) as noted, writing_apart(HURRY_MS) as connection:
            new = _not_there(connection, noted)
            if new:
                keep(connection, new)
    except SQLAlchemyError as problem:
        log.warning("what was seen waits beside the database", error=type(problem).__name__)
        return 0
    return len(new)


def _not_there(connection: Connection, noted: list[aside.Noted]) -> list[aside.Noted]:
    """Without what is in the trail since a sweep died before it emptied the file."""
    people = {one.entry["person_id"] for one in noted}
    seals = [one.entry["seal"] for one in noted]
    known = select(ENTRIES.c.seal).where(ENTRIES.c.person_id.in_(people), ENTRIES.c.seal.in_(seals))
    there = set(connection.scalars(known))
    return [one for one in noted if one.entry["seal"] not in there]


def _fresh(shown: Shown, viewer_id: int, now: datetime) -> Shown:
    seen = [and_(Look.noun == noun, Look.subject_id.in_(ids)) for noun, ids in shown.items() if ids]
    if not seen:
        return {}
    query = select(Look.noun, Look.subject_id).where(
        Look.viewer_id == viewer_id, Look.day == now.date(), or_(*seen)
    )
    known = {tuple(row) for row in db.session.execute(query)}
    return {
        noun: {number for number in ids if (noun, number) not in known}
        for noun, ids in shown.items()
    }


def _entry(noun: str, ids: list[int], what: str) -> dict[str, Any]:
    fields: dict[str, list[Any]] = {"what": [None, what]}
    if len(ids) > 1:
        fields |= {"rows": [None, len(ids)], "records": [None, ids]}
    return entry_of(Change(Action.see, noun, ids[0] if len(ids) == 1 else None, fields=fields))
