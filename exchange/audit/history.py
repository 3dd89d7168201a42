"""Reading the trail: what happened to a record and its parts, and everything. Two statements."""

import json
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, and_, select

from exchange.audit.models import Action, AuditEntry
from exchange.directory.models import Person
from exchange.extensions import db

SORTS = {"newest": AuditEntry.id}


def everything() -> Select[Any]:
    """All entries."""
    return select(AuditEntry)


def of_record(noun: str, number: int, *, with_parts: bool) -> Select[Any]:
    """The changes of a record; who looked at it is no change.

    :param with_parts: and of what goes with it, such as remarks among the team: for staff.
    """
    found = and_(AuditEntry.noun == noun, AuditEntry.subject_id == number)
    if with_parts:
        found |= and_(AuditEntry.owner_noun == noun, AuditEntry.owner_id == number)
    return select(AuditEntry).where(found, AuditEntry.action != Action.see)


def changes_of(entry: AuditEntry) -> dict[str, list[Any]]:
    """Field to what it was before and after."""
    read: dict[str, list[Any]] = json.loads(entry.changes)
    return read


def names_of(entries: Iterable[AuditEntry]) -> dict[int, str]:
    """Who the people of some entries are, by number; one statement."""
    ids = {entry.person_id for entry in entries if entry.person_id}
    query = select(Person.id, Person.name).where(Person.id.in_(ids))
    return {row.id: row.name for row in db.session.execute(query)} if ids else {}
