"""How long the traces of signing in are kept."""

from datetime import datetime, timedelta

from sqlalchemy import delete, or_

from exchange.accounts import devices, joining
from exchange.accounts.models import KnownDevice, Link, SignIn, SignInAttempt
from exchange.extensions import touched

# Long enough to look into an incident, short enough to be no archive of who was where.
KEPT_SIGN_INS = timedelta(days=30)
KEPT_LINKS = timedelta(days=30)
KEPT_ATTEMPTS = timedelta(days=1)


def purge(*, now: datetime) -> int:
    """Delete what is older; returns how many rows went. The caller commits."""
    old_sign_ins = delete(SignIn).where(
        or_(SignIn.ended_at < now - KEPT_SIGN_INS, SignIn.seen_at < now - KEPT_SIGN_INS)
    )
    old_links = delete(Link).where(
        or_(Link.used_at < now - KEPT_LINKS, Link.expires_at < now - KEPT_LINKS)
    )
    old_attempts = delete(SignInAttempt).where(SignInAttempt.happened_at < now - KEPT_ATTEMPTS)
    old_devices = delete(KnownDevice).where(KnownDevice.seen_at < now - devices.LASTS)
    old = (old_sign_ins, old_links, old_attempts, old_devices)
    return sum(touched(statement) for statement in old) + joining.purge(now)
