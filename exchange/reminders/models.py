"""Reminders: planned as rows, sent when due and still wanted."""

from datetime import date, datetime
from enum import StrEnum, auto

from sqlalchemy import JSON, Date, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Person
from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record, UTCDateTime, choice
from exchange.personal import Datum, Erased, Purpose, personal
from workflows.reminder import ReminderState


class EscalationLevel(StrEnum):
    """Who is asked: the owner first, then those above."""

    owner = auto()
    association = auto()
    section = auto()
    officer = auto()


class Reminder(Record, Model):
    """One reminder about one row, on one day. Planning twice changes nothing."""

    __tablename__ = "reminder"
    __table_args__ = (
        UniqueConstraint("kind", "subject_type", "subject_id", "due_on", "level"),
        Index("ix_reminder_state_due_at", "state", "due_at"),
        Index("ix_reminder_subject", "subject_type", "subject_id"),
    )

    kind: Mapped[str] = mapped_column(String(60))
    subject_type: Mapped[str] = mapped_column(String(40), comment="name of a workflow")
    subject_id: Mapped[int]
    wanted_state: Mapped[str] = mapped_column(
        String(40), comment="it is sent only while the subject is still in this state"
    )
    level: Mapped[EscalationLevel] = mapped_column(
        choice(EscalationLevel), default=EscalationLevel.owner
    )
    due_on: Mapped[date] = mapped_column(Date, comment="local day of the reader")
    due_at: Mapped[datetime] = mapped_column(UTCDateTime)
    state: Mapped[ReminderState] = mapped_column(
        choice(ReminderState), default=ReminderState.planned
    )
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    answered_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    reason: Mapped[str] = mapped_column(String(200), default="", comment="why it was skipped")
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, comment="who was asked"
    )


class ReminderRule(Record, Model):
    """One version of what staff decided for a kind of reminder; the last one counts.

    Without a row, the table of ``kinds.py`` holds.
    """

    __tablename__ = "reminder_rule"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    kind: Mapped[str] = mapped_column(String(60))
    version: Mapped[int]
    active: Mapped[bool] = mapped_column(default=True)
    days: Mapped[list[int]] = mapped_column(JSON, default=list, comment="after its anchor")
    held: Mapped[bool] = mapped_column(default=False, comment="its mails wait for approval")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    author: Mapped[Person | None] = relationship()


class Delay(Record, Model):
    """Somebody asked for more time: reminders of a kind about a row are put off to a day."""

    __tablename__ = "delay"
    __table_args__ = (Index("ix_delay_subject", "kind", "subject_id"),)

    kind: Mapped[str] = mapped_column(String(60))
    subject_id: Mapped[int]
    until: Mapped[date] = mapped_column(Date)
    asked_by: Mapped[str] = mapped_column(
        String(200), default="", info=personal(Datum.person_name, Purpose.record)
    )
    reminder_id: Mapped[int | None] = mapped_column(
        ForeignKey("reminder.id", ondelete="SET NULL"), index=True
    )


class WordKind(StrEnum):
    """What somebody answered to a reminder that staff must know of."""

    stop = auto()
    passed_on = auto()
    more_time = auto()


class Word(Record, Model):
    """An answer to a reminder that waits for staff until one of them has dealt with it."""

    __tablename__ = "word"
    __table_args__ = (Index("ix_word_settled_at", "settled_at"),)

    kind: Mapped[WordKind] = mapped_column(choice(WordKind))
    reminder_id: Mapped[int] = mapped_column(
        ForeignKey("reminder.id", ondelete="CASCADE"), index=True
    )
    exchange_id: Mapped[int | None] = mapped_column(
        ForeignKey("exchange.id", ondelete="CASCADE"), index=True
    )
    said_by: Mapped[str] = mapped_column(
        String(200), default="", info=personal(Datum.person_name, Purpose.record)
    )
    text: Mapped[str] = mapped_column(
        Text, default="", info=personal(Datum.contribution, Purpose.record, Erased.kept)
    )
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    reminder: Mapped[Reminder] = relationship()
    exchange: Mapped[Exchange | None] = relationship()
    settled_by: Mapped[Person | None] = relationship()
