"""How a person proves who they are: sessions, devices, second steps, links by mail, tokens."""

from datetime import datetime
from enum import StrEnum, auto

from sqlalchemy import JSON, BigInteger, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from exchange.clock import now
from exchange.directory.models import Organisation, Person, Role
from exchange.extensions import Model, Record, UTCDateTime, choice
from exchange.personal import Datum, Erased, Purpose, personal


class SignIn(Model):
    """A signed-in browser. A row, so that it can be ended from anywhere.

    Only the SHA-256 of its secret is kept.
    """

    __tablename__ = "sign_in"

    id: Mapped[int] = mapped_column(primary_key=True)
    secret_hash: Mapped[str] = mapped_column(
        String(64), unique=True, info=personal(Datum.secret, Purpose.sign_in, Erased.gone)
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    started_at: Mapped[datetime] = mapped_column(
        UTCDateTime, default=now, info=personal(Datum.activity, Purpose.sign_in, Erased.gone)
    )
    seen_at: Mapped[datetime] = mapped_column(
        UTCDateTime, default=now, info=personal(Datum.activity, Purpose.sign_in, Erased.gone)
    )
    ended_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    device: Mapped[str] = mapped_column(
        String(200), default="", info=personal(Datum.device, Purpose.sign_in, Erased.gone)
    )
    proved_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime, default=now, comment="when its person last proved who they are"
    )
    factor_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime, comment="when the second step was passed"
    )

    person: Mapped[Person] = relationship(lazy="joined")


class KnownDevice(Model):
    """A browser from which a person has signed in: not mailed about again, never kept waiting for
    what others guess.

    Only the SHA-256 of what its cookie holds is kept.
    """

    __tablename__ = "known_device"
    __table_args__ = (UniqueConstraint("person_id", "secret_hash"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    secret_hash: Mapped[str] = mapped_column(
        String(64), index=True, info=personal(Datum.secret, Purpose.sign_in, Erased.gone)
    )
    seen_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class SecondFactor(Model):
    """The secret that a person's telephone shares with us for codes by the clock (RFC 6238)."""

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(
        ForeignKey("person.id", ondelete="CASCADE"), primary_key=True
    )
    sealed_secret: Mapped[str] = mapped_column(
        String(300),
        comment="encrypted with a key made from the secret key",
        info=personal(Datum.secret, Purpose.sign_in, Erased.gone),
    )
    begun_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    confirmed_at: Mapped[datetime | None] = mapped_column(UTCDateTime)
    last_counter: Mapped[int] = mapped_column(
        BigInteger, default=0, comment="the half minute of the last code: no code works twice"
    )


class RecoveryCode(Model):
    """A code that opens once when the telephone is lost; only its SHA-256 is kept."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    secret_hash: Mapped[str] = mapped_column(
        String(64), unique=True, info=personal(Datum.secret, Purpose.sign_in, Erased.gone)
    )
    used_at: Mapped[datetime | None] = mapped_column(UTCDateTime)


class Identity(Model):
    """Who somebody is to a provider of single sign-on (OpenID Connect Core 1.0, 5.7)."""

    __tablename__ = "identity"
    __table_args__ = (
        UniqueConstraint("issuer", "subject"),
        UniqueConstraint("person_id", "issuer"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"))
    issuer: Mapped[str] = mapped_column(
        String(200), info=personal(Datum.choice, Purpose.sign_in, Erased.gone)
    )
    subject: Mapped[str] = mapped_column(
        String(255), info=personal(Datum.secret, Purpose.sign_in, Erased.gone)
    )
    linked_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)

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
    secret_hash: Mapped[str] = mapped_column(
        String(64), unique=True, info=personal(Datum.secret, Purpose.sign_in, Erased.gone)
    )
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
    secret_hash: Mapped[str] = mapped_column(
        String(64), unique=True, info=personal(Datum.secret, Purpose.sign_in, Erased.gone)
    )
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(
        String(80), info=personal(Datum.choice, Purpose.sign_in, Erased.gone)
    )
    scopes: Mapped[list[str]] = mapped_column(JSON, default=list, comment="read, write")
    created_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)
    used_at: Mapped[datetime | None] = mapped_column(
        UTCDateTime, info=personal(Datum.activity, Purpose.sign_in, Erased.gone)
    )
    revoked_at: Mapped[datetime | None] = mapped_column(UTCDateTime)

    person: Mapped[Person] = relationship(lazy="joined")


class SignInAttempt(Model):
    """A try to sign in that has not succeeded, for the back-off (``attempts.py``)."""

    __tablename__ = "sign_in_attempt"
    __table_args__ = (Index("ix_sign_in_attempt_email_at", "email", "happened_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(
        String(254), info=personal(Datum.address, Purpose.sign_in, Erased.gone)
    )
    address: Mapped[str] = mapped_column(
        String(45), default="", info=personal(Datum.network_address, Purpose.sign_in, Erased.gone)
    )
    happened_at: Mapped[datetime] = mapped_column(UTCDateTime, default=now)


class Invitation(Record, Model):
    """Somebody is asked by mail to belong to an organisation; the row goes when they answer.

    It knows an address and the name that was typed, never a person: whoever invites must not learn
    whether the address has an account. Only the SHA-256 of its secret is kept.
    """

    __tablename__ = "invitation"
    __table_args__ = (UniqueConstraint("organisation_id", "email"),)

    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id", ondelete="CASCADE"))
    inviter_id: Mapped[int] = mapped_column(ForeignKey("person.id", ondelete="CASCADE"), index=True)
    email: Mapped[str] = mapped_column(
        String(254), index=True, info=personal(Datum.address, Purpose.account, Erased.gone)
    )
    name: Mapped[str] = mapped_column(
        String(200), info=personal(Datum.person_name, Purpose.account, Erased.gone)
    )
    language: Mapped[str] = mapped_column(
        String(2), info=personal(Datum.choice, Purpose.account, Erased.gone)
    )
    role: Mapped[Role] = mapped_column(choice(Role))
    secret_hash: Mapped[str] = mapped_column(
        String(64), unique=True, info=personal(Datum.secret, Purpose.sign_in, Erased.gone)
    )
    expires_at: Mapped[datetime] = mapped_column(UTCDateTime)

    organisation: Mapped[Organisation] = relationship()
    inviter: Mapped[Person] = relationship()
