"""Who is behind a secret."""

import hashlib
from datetime import timedelta

from sqlalchemy import select

from exchange.accounts.models import ApiToken, SignIn
from exchange.clock import now
from exchange.extensions import db


def hashed(secret: str) -> str:
    """What is kept of a secret of 256 random bits: its SHA-256."""
    return hashlib.sha256(secret.encode()).hexdigest()


def live_sign_in(secret: str, *, idle: timedelta, longest: timedelta) -> SignIn | None:
    """The sign-in behind a cookie, unless it ended, idled or grew too old."""
    query = select(SignIn).where(SignIn.secret_hash == hashed(secret), SignIn.ended_at.is_(None))
    found = db.session.scalars(query).first()
    if found is None or found.person.disabled_at:
        return None
    fresh = found.seen_at > now() - idle and found.started_at > now() - longest
    return found if fresh else None


def live_token(secret: str) -> ApiToken | None:
    """The token behind an ``Authorization: Bearer`` header, unless revoked."""
    query = select(ApiToken).where(
        ApiToken.secret_hash == hashed(secret), ApiToken.revoked_at.is_(None)
    )
    found = db.session.scalars(query).first()
    return found if found and not found.person.disabled_at else None
