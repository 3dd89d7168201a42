"""Reminders: planned as rows, sent when due and still wanted."""

from datetime import date, datetime
from enum import StrEnum, auto

from sqlalchemy import Date, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from exchange.clock import now
from exchange.extensions import Model, Record, UTCDateTime, choice
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
