"""Messages: a row is written with what asks for it; the worker delivers it and tells its fate."""

from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Person
from exchange.extensions import Model, Record, UTCDateTime, choice
from workflows.message import MessageState


class Message(Record, Model):
    """One mail to one reader, in the reader's language."""

    __tablename__ = "message"
    __table_args__ = (
        Index("ix_message_state_next_try_at", "state", "next_try_at"),
        Index("ix_message_subject", "subject_type", "subject_id"),
        CheckConstraint("state NOT IN ('failed', 'skipped') OR reason <> ''", name="says_why"),
    )

    kind: Mapped[str] = mapped_column(String(60), index=True)
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    to_name: Mapped[str] = mapped_column(String(200), default="")
    to_email: Mapped[str] = mapped_column(String(254))
    language: Mapped[str] = mapped_column(String(5))
    action_required: Mapped[bool] = mapped_column(default=False)
    subject: Mapped[str] = mapped_column(String(300))
    text: Mapped[str] = mapped_column(Text)
    html: Mapped[str] = mapped_column(Text, default="")
    subject_type: Mapped[str] = mapped_column(String(40), default="", comment="what it is about")
    subject_id: Mapped[int | None] = mapped_column()
    dedupe_key: Mapped[str | None] = mapped_column(
        String(160), unique=True, comment="the same key is written once"
    )
    held: Mapped[bool] = mapped_column(default=False, comment="waits for the reader's daily digest")
    state: Mapped[MessageState] = mapped_column(choice(MessageState), default=MessageState.queued)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    reason: Mapped[str] = mapped_column(Text, default="", comment="code: what became of it")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person | None] = relationship()


class Delivery(StrEnum):
    """How a person wants one kind of message."""

    at_once = auto()
    digest = auto()
    never = auto()


class Preference(Record, Model):
    """The choice of one person for one kind of message; without a row, the kind's default."""

    __tablename__ = "preference"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(String(60))
    delivery: Mapped[Delivery] = mapped_column(choice(Delivery))

    person: Mapped[Person] = relationship()
