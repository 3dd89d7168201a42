"""Receipts of what was sent, forms that came too late, and who saved a row last."""

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Person
from exchange.extensions import Model, UTCDateTime
from exchange.personal import Datum, Erased, Purpose, personal


class Receipt(Model):
    """Something that was sent and done: the same sent again is answered, and not done again.

    Written in the transaction of what it stands for, so that there is never one without the other.
    """

    __tablename__ = "receipt"
    __table_args__ = (UniqueConstraint("person_id", "key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    key: Mapped[str] = mapped_column(String(64), comment="SHA-256 of what the sender calls it")
    digest: Mapped[str] = mapped_column(String(64), comment="SHA-256 of what was sent")
    address: Mapped[str] = mapped_column(
        String(500),
        default="",
        comment="where the page of the result is",
        info=personal(Datum.activity, Purpose.convenience, Erased.gone),
    )
    status: Mapped[int | None] = mapped_column(comment="HTTP status of the API's answer")
    body: Mapped[str] = mapped_column(
        Text,
        default="",
        comment="the API's answer",
        info=personal(Datum.letter, Purpose.convenience, Erased.gone),
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)


class KeptForm(Model):
    """A form that somebody sent when their sign-in had ended; theirs again once they are back."""

    __tablename__ = "kept_form"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    path: Mapped[str] = mapped_column(
        String(500), info=personal(Datum.activity, Purpose.convenience, Erased.gone)
    )
    fields: Mapped[list[list[str]]] = mapped_column(
        JSON,
        default=list,
        comment="name, value",
        info=personal(Datum.letter, Purpose.convenience, Erased.gone),
    )
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now, index=True)


class Edit(Model):
    """When somebody last saved a row that several people write."""

    __tablename__ = "edit"
    __table_args__ = (
        UniqueConstraint("subject_type", "subject_id", "person_id"),
        Index("ix_edit_subject", "subject_type", "subject_id", "edited_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    subject_type: Mapped[str] = mapped_column(String(40), comment="name of the table")
    subject_id: Mapped[int]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    version_id: Mapped[int] = mapped_column(comment="the version that this made")
    edited_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

    person: Mapped[Person] = relationship(lazy="joined", innerjoin=True)
