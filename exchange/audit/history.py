"""Reading the trail: what happened to a record and its parts, and everything. One statement."""

import json
from typing import Any

from sqlalchemy import Select, and_, select

from exchange.audit.models import Action, AuditEntry

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
