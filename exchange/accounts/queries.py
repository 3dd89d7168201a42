"""Who is behind a secret, and what somebody has open."""

import hashlib
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from exchange.accounts import passwords
from exchange.accounts.models import ApiToken, Link, LinkKind, SignIn
from exchange.clock import now
from exchange.directory.models import Person
from exchange.extensions import db

LIVE_TOKENS = 20


def hashed(secret: str) -> str:
    """What is kept of a secret of 256 random bits: its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def by_email(email: str) -> Person | None:
    """The person with this address."""
    return db.session.scalars(select(Person).where(Person.email == email)).first()


def who_knows(email: str, password: str) -> Person | None:
    """The person with this address and password who may sign in.

    The time it takes does not tell whether the address has an account.
    """
    person = by_email(email)
    knows = passwords.matches(person.password_hash if person else None, password)
    return person if person and knows and not person.disabled_at else None


def live_sign_in(secret: str, *, idle: timedelta, longest: timedelta) -> SignIn | None:
    """The sign-in behind a cookie, unless it ended, idled or grew too old."""
    query = select(SignIn).where(SignIn.secret_hash == hashed(secret), SignIn.ended_at.is_(None))
    whose = joinedload(SignIn.person).joinedload(Person.affiliations)  # every page asks for them
    found = db.session.scalars(query.options(whose)).unique().first()
    if found is None or found.person.disabled_at:
        return None
    fresh = found.seen_at > now() - idle and found.started_at > now() - longest
    return found if fresh else None


def whose_sign_in(secret: str) -> int | None:
    """The id of the person whose sign-in this was, although it has ended."""
    query = select(SignIn.person_id).where(SignIn.secret_hash == hashed(secret))
    return db.session.scalars(query).first()


def sign_ins_of(person: Person, *, idle: timedelta, longest: timedelta) -> list[SignIn]:
    """The sign-ins of ``person`` that are still good, the latest used first."""
    query = select(SignIn).where(
        SignIn.person_id == person.id,
        SignIn.ended_at.is_(None),
        SignIn.seen_at > now() - idle,
        SignIn.started_at > now() - longest,
    )
    return list(db.session.scalars(query.order_by(SignIn.seen_at.desc(), SignIn.id.desc())))


def live_link(secret: str, kind: LinkKind) -> Link | None:
    """A link that can still be used."""
    query = select(Link).where(
        Link.secret_hash == hashed(secret),
        Link.kind == kind,
        Link.used_at.is_(None),
        Link.expires_at > now(),
    )
    found = db.session.scalars(query).first()
    return found if found and not found.person.disabled_at else None


def recent_links(person: Person, kind: LinkKind, since: datetime) -> int:
    """How many links of a kind were made for ``person`` since then."""
    query = select(func.count(Link.id)).where(
        Link.person_id == person.id, Link.kind == kind, Link.created_at > since
    )
    return db.session.scalar(query) or 0


def live_token(secret: str) -> ApiToken | None:
    """The token behind an ``Authorization: Bearer`` header, unless revoked."""
    query = select(ApiToken).where(
        ApiToken.secret_hash == hashed(secret), ApiToken.revoked_at.is_(None)
    )
    whose = joinedload(ApiToken.person).joinedload(Person.affiliations)  # as of a sign-in
    found = db.session.scalars(query.options(whose)).unique().first()
    return found if found and not found.person.disabled_at else None


def tokens_of(person: Person) -> list[ApiToken]:
    """The tokens of ``person`` that are still good, the newest first."""
    query = select(ApiToken).where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
    return list(db.session.scalars(query.order_by(ApiToken.id.desc())))
