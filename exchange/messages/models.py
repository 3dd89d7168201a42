"""Messages: a row is written with what asks for it; the worker delivers it and tells its fate."""

from datetime import datetime, time
from enum import StrEnum, auto
from secrets import token_urlsafe
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    Time,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange import trace
from exchange.clock import now
from exchange.directory.models import Person
from exchange.exchanges.models import Exchange
from exchange.extensions import Model, Record, UTCDateTime, choice
from exchange.personal import Datum, Erased, Purpose, personal
from workflows.message import MessageState


def new_key() -> str:
    """A name for one mail that nobody can guess."""
    return token_urlsafe(16)


class Message(Record, Model):
    """One mail to one reader, in the reader's language."""

    __tablename__ = "message"
    __table_args__ = (
        # What a worker takes next, in its order, and who has a digest to come; what goes first.
        Index("ix_message_due", *("state", "bundled", "next_try_at", "id", "person_id")),
        Index("ix_message_kind", "kind", "state", "next_try_at"),
        Index("ix_message_subject", "subject_type", "subject_id"),
        CheckConstraint("state NOT IN ('failed', 'skipped') OR reason <> ''", name="says_why"),
    )

    kind: Mapped[str] = mapped_column(String(60))
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True
    )
    to_name: Mapped[str] = mapped_column(
        String(200), default="", info=personal(Datum.person_name, Purpose.mail)
    )
    to_email: Mapped[str] = mapped_column(String(254), info=personal(Datum.address, Purpose.mail))
    language: Mapped[str] = mapped_column(String(5))
    action_required: Mapped[bool] = mapped_column(default=False)
    subject: Mapped[str] = mapped_column(String(300), info=personal(Datum.letter, Purpose.mail))
    text: Mapped[str] = mapped_column(Text, info=personal(Datum.letter, Purpose.mail))
    html: Mapped[str] = mapped_column(Text, default="", info=personal(Datum.letter, Purpose.mail))
    subject_type: Mapped[str] = mapped_column(String(40), default="", comment="what it is about")
    subject_id: Mapped[int | None] = mapped_column()
    dedupe_key: Mapped[str | None] = mapped_column(
        String(160), unique=True, comment="the same key is written once"
    )
    key: Mapped[str] = mapped_column(
        String(32),
        unique=True,
        default=new_key,
        comment="what the links of the mail are signed for",
    )
    exchange_id: Mapped[int | None] = mapped_column(
        ForeignKey("exchange.id", ondelete="SET NULL"), index=True, comment="its thread"
    )
    facts: Mapped[dict[str, Any]] = mapped_column(
        JSON,
        default=dict,
        comment="what it was composed of, to compose it in another language",
        info=personal(Datum.letter, Purpose.mail),
    )
    link: Mapped[str] = mapped_column(
        String(500),
        default="",
        comment="where its button leads",
        info=personal(Datum.letter, Purpose.mail),
    )
    opening: Mapped[str] = mapped_column(
        Text,
        default="",
        comment="what staff wrote in place of its first words",
        info=personal(Datum.letter, Purpose.mail),
    )
    bundled: Mapped[bool] = mapped_column(
        default=False, comment="waits for the one mail a day of its reader"
    )
    state: Mapped[MessageState] = mapped_column(choice(MessageState), default=MessageState.queued)
    state_since: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    reason: Mapped[str] = mapped_column(Text, default="", comment="code: what became of it")
    attempts: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    claimed_until: Mapped[datetime | None] = mapped_column(UTCDateTime)
    sent_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    opened_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime, comment="when a link of it was followed first"
    )
    trace_id: Mapped[str] = mapped_column(
        String(64),
        default=trace.current,
        comment="the request or task that wrote it: X-Request-ID of the mail",
    )

    person: Mapped[Person | None] = relationship()
    exchange: Mapped[Exchange | None] = relationship()


class Delivery(StrEnum):
    """How a person wants one kind of message."""

    one_a_day = auto()
    at_once = auto()
    digest = auto()
    never = auto()


class Preference(Record, Model):
    """The choice of one person for one kind of message; without a row, the kind's default."""

    __tablename__ = "preference"
    __table_args__ = (UniqueConstraint("person_id", "kind"),)

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    kind: Mapped[str] = mapped_column(
        String(60), info=personal(Datum.choice, Purpose.mail, Erased.gone)
    )
    delivery: Mapped[Delivery] = mapped_column(
        choice(Delivery), info=personal(Datum.choice, Purpose.mail, Erased.gone)
    )

    person: Mapped[Person] = relationship()


class QuietHours(Record, Model):
    """When a person wants no mail that can wait, by their own clock; without a row, the habit of
    the house. The same hour twice is: never quiet.
    """

    __tablename__ = "quiet_hours"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), unique=True)
    begins_at: Mapped[time] = mapped_column(
        Time, info=personal(Datum.choice, Purpose.mail, Erased.gone)
    )
    ends_at: Mapped[time] = mapped_column(
        Time, info=personal(Datum.choice, Purpose.mail, Erased.gone)
    )
    weekends: Mapped[bool] = mapped_column(default=True, comment="quiet on Saturdays and Sundays")


class MailText(Record, Model):
    """One version of what staff write in place of the words of a kind, in one language.

    The last version counts; with both texts empty the words of the house are back.
    """

    __tablename__ = "mail_text"
    __table_args__ = (UniqueConstraint("kind", "language", "version"),)

    kind: Mapped[str] = mapped_column(String(60))
    language: Mapped[str] = mapped_column(String(5))
    version: Mapped[int]
    subject: Mapped[str] = mapped_column(String(300), default="")
    opening: Mapped[str] = mapped_column(Text, default="")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    author: Mapped[Person | None] = relationship()


class MailHold(Record, Model):
    """The mails of an exchange wait for approval: all, or those of the step that led to ``state``.

    A hold of a step is over when the exchange moves on; it needs no end.
    """

    __tablename__ = "mail_hold"

    exchange_id: Mapped[int] = mapped_column(
        ForeignKey("exchange.id", ondelete="CASCADE"), index=True
    )
    state: Mapped[str] = mapped_column(String(40), default="", comment="empty: whatever the state")
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    ended_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    exchange: Mapped[Exchange] = relationship()
    author: Mapped[Person | None] = relationship(foreign_keys=[author_id])
    ended_by: Mapped[Person | None] = relationship(foreign_keys=[ended_by_id])


class Reply(Record, Model):
    """A mail that somebody sent to us: it became a remark, or it waits for staff with the reason.

    It is there once for each mail, however often the mail is brought.
    """

    __tablename__ = "reply"
    __table_args__ = (Index("ix_reply_settled_at", "settled_at"),)

    key: Mapped[str] = mapped_column(
        String(64), unique=True, comment="the same for every copy of a mail"
    )
    from_name: Mapped[str] = mapped_column(
        String(200), default="", info=personal(Datum.person_name, Purpose.mail, Erased.gone)
    )
    from_email: Mapped[str] = mapped_column(
        String(254), default="", index=True, info=personal(Datum.address, Purpose.mail, Erased.gone)
    )
    subject: Mapped[str] = mapped_column(
        String(300), default="", info=personal(Datum.letter, Purpose.mail, Erased.gone)
    )
    text: Mapped[str] = mapped_column(
        Text,
        default="",
        comment="empty once it is a remark",
        info=personal(Datum.letter, Purpose.mail, Erased.gone),
    )
    attachments: Mapped[list[str]] = mapped_column(
        JSON,
        default=list,
        comment="names of what was not taken over",
        info=personal(Datum.letter, Purpose.mail, Erased.gone),
    )
    reason: Mapped[str] = mapped_column(Text, default="", comment="code: why it waits, or waited")
    exchange_id: Mapped[int | None] = mapped_column(
        ForeignKey("exchange.id", ondelete="SET NULL"), index=True
    )
    person_id: Mapped[int | None] = mapped_column(
        ForeignKey("person.id", ondelete="SET NULL"), index=True, comment="whose address it is"
    )
    remark_id: Mapped[int | None] = mapped_column(
        ForeignKey("remark.id", ondelete="CASCADE"), index=True
    )
    settled_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    settled_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id", ondelete="SET NULL"))

    exchange: Mapped[Exchange | None] = relationship()
    person: Mapped[Person | None] = relationship(foreign_keys=[person_id])
    settled_by: Mapped[Person | None] = relationship(foreign_keys=[settled_by_id])
