"""How a person proves who they are: sessions, links by mail, tokens."""

from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import JSON, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Person
from exchange.extensions import Model, UTCDateTime, choice


class SignIn(Model):
    """A signed-in browser. A row, so that it can be ended from anywhere.

    Only the SHA-256 of its secret is kept.
    """

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    device: Mapped[str] = mapped_column(String(200), default="")

    person: Mapped[Person] = relationship(lazy="joined")


class LinkKind(StrEnum):
    """What a link sent by mail lets its reader do."""

    invitation = auto()
    reset = auto()
    sign_in = auto()


class Link(Model):
    """A link that works once and expires; only its SHA-256 is kept."""

    __tablename__ = "link"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    kind: Mapped[LinkKind] = mapped_column(choice(LinkKind))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(lazy="joined")


class TokenScope(StrEnum):
    """What a token may do; writing includes reading."""

    read = auto()
    write = auto()


class ApiToken(Model):
    """A personal key to the API: hashed, with scopes, revocable."""

    __tablename__ = "api_token"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(80))
    scopes: Mapped[list[str]] = mapped_column(JSON, default=list, comment="read, write")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(lazy="joined")


class SignInAttempt(Model):
    """A try to sign in that has not succeeded, for the back-off (``attempts.py``)."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_email_at", "email", "happened_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(String(254))
    address: Mapped[str] = mapped_column(String(45), default="")
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
