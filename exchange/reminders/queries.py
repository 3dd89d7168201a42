"""Reading reminders."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, func, or_, select
from sqlalchemy.orm import aliased, joinedload

from exchange.exchanges.models import Exchange
from exchange.exchanges.queries import narrowed
from exchange.extensions import db
from exchange.lessons.models import FollowUp, Note
from exchange.matching.models import Match
from exchange.messages.models import Message
from exchange.reminders.kinds import KINDS
from exchange.reminders.models import Reminder, Word
from exchange.visits.models import Visit
from workflows.message import MessageState
from workflows.reminder import ReminderState

S = ReminderState
SENT = (S.sent, S.answered)
_NARROWED = ("section", "owner", "programme_id")

SORTS = {"due": Reminder.due_at, "sent": Reminder.sent_at, "kind": Reminder.kind}

# What hangs on an exchange: reminders about it are reminders of the exchange.
_OF_EXCHANGE: dict[str, Any] = {"note": Note, "follow_up": FollowUp, "visit": Visit, "match": Match}


def is_silent() -> ColumnElement[bool]:
    """The second or a later one of its kind about the same row, and none of them was answered."""
    earlier, later = aliased(Reminder), aliased(Reminder)

    def same(other: Any) -> Any:
        return and_(
            other.kind == Reminder.kind,
            other.subject_type == Reminder.subject_type,
            other.subject_id == Reminder.subject_id,
        )

    before = exists().where(same(earlier), earlier.id < Reminder.id, earlier.state == S.sent)
    after = exists().where(same(later), later.id > Reminder.id, later.state.in_(SENT))
    return and_(Reminder.state == S.sent, before, ~after)


def about(chosen: Select[Any]) -> ColumnElement[bool]:
    """About one of the ``chosen`` ids of exchanges, or about what hangs on it."""
    clauses = [and_(Reminder.subject_type == "exchange", Reminder.subject_id.in_(chosen))]
    for name, noun in _OF_EXCHANGE.items():
        ids = select(noun.id).where(noun.exchange_id.in_(chosen))
        clauses.append(and_(Reminder.subject_type == name, Reminder.subject_id.in_(ids)))
    return or_(*clauses)


_CLAUSES: dict[str, Any] = {
    "was_sent": lambda _value: Reminder.state.in_(SENT),
    "silent": lambda _value: is_silent(),
    "state": lambda value: Reminder.state == value,
    "mail": lambda value: Reminder.kind == value,
    "level": lambda value: Reminder.level == value,
}


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow ``query`` by ``filters``; with a section, an officer or a programme to what is about
    an exchange of theirs."""
    of_exchange = {name: filters[name] for name in _NARROWED if filters.get(name)}
    if of_exchange:
        query = query.where(about(narrowed(select(Exchange.id), of_exchange, None)))
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
    mails: int = 0
    opened: int = 0

    @property
    def opened_percent(self) -> int | None:
        """Of a hundred mails that went, of how many somebody followed a link."""
        return round(100 * self.opened / self.mails) if self.mails else None

    @property
    def percent(self) -> int | None:
        """Of a hundred that were sent, how many were followed by the asked step in two weeks."""
        return round(100 * self.answered / self.sent) if self.sent else None


def rates() -> list[Rate]:
    """Each kind, in the order of the table; two statements. Sent counts the answered ones too."""
    query = select(Reminder.kind, Reminder.state, func.count()).group_by(
        Reminder.kind, Reminder.state
    )
    counts = {(kind, state): number for kind, state, number in db.session.execute(query)}
    went = mails()
    return [_rate(name, counts, went.get(name, (0, 0))) for name in KINDS]


def mails() -> dict[str, tuple[int, int]]:
    """How many mails of each kind went, and of how many somebody followed a link."""
    query = select(Message.kind, func.count(), func.count(Message.opened_at))
    went = query.where(Message.state == MessageState.sent).group_by(Message.kind)
    return {kind: (number, opened) for kind, number, opened in db.session.execute(went)}


def _rate(
    kind: str, counts: Mapping[tuple[str, ReminderState], int], went: tuple[int, int]
) -> Rate:
    planned, sent, answered, skipped = (counts.get((kind, state), 0) for state in ReminderState)
    return Rate(kind, planned, sent + answered, answered, skipped, *went)


def open_words(limit: int = 100) -> list[Word]:
    """What people answered to reminders and staff have not dealt with, the oldest first."""
    query = select(Word).where(Word.settled_at.is_(None)).order_by(Word.created_at, Word.id)
    loaded = query.limit(limit).options(joinedload(Word.exchange), joinedload(Word.reminder))
    return list(db.session.scalars(loaded))
