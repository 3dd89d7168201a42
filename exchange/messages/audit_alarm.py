"""Administrators are told when the audit trail is not whole. The caller commits."""

from collections.abc import Mapping
from datetime import datetime
from itertools import islice

import structlog
from sqlalchemy import select

from exchange.audit.verify import Problem, problems
from exchange.directory.models import Person, StaffRole
from exchange.extensions import db
from exchange.messages.actions import write
from exchange.messages.kinds import AUDIT_ALARM

log = structlog.get_logger()
# More would not be read in a mail; ``exchange audit verify`` tells all.
TOLD = 20


def look(*, now: datetime, anchors: Mapping[int, str]) -> list[Problem]:
    """Read the whole trail; write to every administrator, once a day, when something is wrong."""
    found = list(islice(problems(now=now, anchors=anchors), 1000))
    for problem in found[:TOLD]:
        log.error("audit trail", problem=str(problem))
    for person in _administrators() if found else ():
        facts = {"failed": len(found), "items": [str(one) for one in found[:TOLD]]}
        key = f"audit:{now.date()}:{person.id}"
        write(AUDIT_ALARM.name, person, facts=facts, link="/log/audit", dedupe_key=key)
    return found


def _administrators() -> list[Person]:
    query = select(Person).where(Person.staff_role == StaffRole.administrator)
    return list(db.session.scalars(query.where(Person.disabled_at.is_(None))))
