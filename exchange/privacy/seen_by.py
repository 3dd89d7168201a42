"""Who saw somebody's data: their account, their part in visits, their letters. One statement."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from exchange.audit.models import Action, AuditEntry, Look, Through
from exchange.directory.models import Person
from exchange.extensions import Base, db
from exchange.privacy.concerning import rows_of

# Whose rows are looked at, as they are written down (``exchange/edge_seen.py``).
NOUNS = ("person", "participant", "forum_guest", "invitation", "message", "reply")


@dataclass(frozen=True)
class Seen:
    """Somebody saw something on a day; ``who`` is empty for a command of the program."""

    happened_at: datetime
    who: str
    noun: str
    what: str  # shown, export or personal_data
    through: Through
    place: str


def seen_by(person: Person, *, limit: int) -> list[Seen]:
    """Who saw what is kept of ``person``, the newest first; what they saw themselves is left out.

    :param limit: so many at most.
    """
    account = and_(AuditEntry.noun == "person", AuditEntry.subject_id == person.id)
    query = (
        select(AuditEntry, Person.name)
        .outerjoin(Person, Person.id == AuditEntry.person_id)
        .where(
            AuditEntry.action == Action.see,
            AuditEntry.person_id.is_distinct_from(person.id),
            or_(account, AuditEntry.id.in_(select(Look.entry_id).where(_concerns(person)))),
        )
        .order_by(AuditEntry.id.desc())
        .limit(limit)
    )
    return [_seen(entry, name) for entry, name in db.session.execute(query)]


def _concerns(person: Person) -> ColumnElement[bool]:
    clauses = []
    for noun in NOUNS:
        table = Base.metadata.tables[noun]
        theirs = rows_of(table, person)
        if theirs is not None:
            numbers = select(table.c.id).where(theirs)
            clauses.append(and_(Look.noun == noun, Look.subject_id.in_(numbers)))
    return or_(*clauses)


def _seen(entry: AuditEntry, name: str | None) -> Seen:
    told: dict[str, list[Any]] = json.loads(entry.changes)
    what = told.get("what", [None, ""])[1]
    return Seen(entry.happened_at, name or "", entry.noun, what, entry.through, entry.place)
