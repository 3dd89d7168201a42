"""Reading reminders."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, func, select

from exchange.extensions import db
from exchange.messages.models import Message
from exchange.reminders.kinds import KINDS
from exchange.reminders.models import Reminder
from workflows.reminder import ReminderState

SORTS = {"due": Reminder.due_at, "sent": Reminder.sent_at, "kind": Reminder.kind}

_CLAUSES: dict[str, Any] = {
    "state": lambda value: Reminder.state == value,
    "mail": lambda value: Reminder.kind == value,
    "level": lambda value: Reminder.level == value,
}


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow ``query`` by ``filters``."""
    return query.where(
        *(clause(filters[name]) for name, clause in _CLAUSES.items() if filters.get(name))
    )


def messages_of(reminder: Reminder) -> list[Message]:
    """What was written for a reminder."""
    key = f"reminder:{reminder.id}:"
    query = select(Message).where(Message.dedupe_key.startswith(key, autoescape=True))
    return list(db.session.scalars(query.order_by(Message.id)))


@dataclass(frozen=True)
class Rate:
    """How a kind of reminder does. ``percent`` of the sent ones were answered; None: none sent."""

    kind: str
    planned: int
    sent: int
    answered: int
    skipped: int

    @property
    def percent(self) -> int | None:
        """Of a hundred that were sent, how many were followed by the asked step in two weeks."""
        return round(100 * self.answered / self.sent) if self.sent else None


def rates() -> list[Rate]:
    """Each kind, in the order of the table; one statement. Sent counts the answered ones too."""
    query = select(Reminder.kind, Reminder.state, func.count()).group_by(
        Reminder.kind, Reminder.state
    )
    counts = {(kind, state): number for kind, state, number in db.session.execute(query)}
    return [_rate(name, counts) for name in KINDS]


def _rate(kind: str, counts: Mapping[tuple[str, ReminderState], int]) -> Rate:
    planned, sent, answered, skipped = (counts.get((kind, state), 0) for state in ReminderState)
    return Rate(kind, planned, sent + answered, answered, skipped)
