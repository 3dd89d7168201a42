"""Back-off: whoever keeps guessing waits; nobody can lock somebody else out.

The wait is counted for an account from one address. A slower limit for the account from all
addresses together stops a guess spread over many machines. A device from which its person has
signed in before is counted by itself, so that what others guess, on the same network too, keeps
nobody out of their own account (OWASP ASVS 5.0, 6.3.1). Who comes from a new device meanwhile gets
in by a link that is mailed, which wipes the count.
"""

from datetime import datetime, timedelta
from math import ceil

from sqlalchemy import ColumnElement, delete, select

from exchange.accounts.models import SignInAttempt
from exchange.clock import now
from exchange.errors import Invalid
from exchange.extensions import db

HERE, HERE_WITHIN = 5, timedelta(minutes=15)
EVERYWHERE, EVERYWHERE_WITHIN = 30, timedelta(hours=1)


def count(email: str, address: str, *, device: str = "") -> None:
    """Count a try before it is known to be right: many at once must not slip through.

    A try that has to wait is not counted, so the wait always ends.

    :param device: the hash of a device that is known to be the account's own.
    :raises Invalid: ``wait``, with the ``minutes`` to wait.
    """
    place = f"device {device[:32]}" if device else address
    mine = SignInAttempt.email == email
    here = mine & (SignInAttempt.address == place)
    until = [_blocked_until(here, HERE, HERE_WITHIN)]
    if not device:
        until.append(_blocked_until(mine, EVERYWHERE, EVERYWHERE_WITHIN))
    waits = [moment - now() for moment in until if moment and moment > now()]
    if waits:
        raise Invalid("password", "wait", minutes=ceil(max(waits).total_seconds() / 60))
    db.session.add(SignInAttempt(email=email, address=place))
    db.session.flush()


def forget(email: str) -> None:
    """Forget the tries for an account: its person has got in."""
    db.session.execute(delete(SignInAttempt).where(SignInAttempt.email == email))


def _blocked_until(whose: ColumnElement[bool], most: int, within: timedelta) -> datetime | None:
    query = select(SignInAttempt.happened_at).where(whose)
    oldest = query.order_by(SignInAttempt.happened_at.desc()).offset(most - 1).limit(1)
    happened = db.session.scalars(oldest).first()
    return happened + within if happened else None
