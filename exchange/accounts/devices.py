"""The browsers from which people have signed in. The caller commits."""

import secrets
from datetime import timedelta

from sqlalchemy import func, select

from exchange.accounts.models import KnownDevice
from exchange.accounts.queries import hashed
from exchange.clock import now
from exchange.directory.models import Person
from exchange.extensions import db

LASTS = timedelta(days=365)


def new_secret() -> str:
    """What the cookie of a new device holds."""
    return secrets.token_urlsafe(32)


def is_known(secret: str, email: str) -> bool:
    """Whether the person with this address has signed in from this device."""
    if not secret:
        return False
    query = select(func.count(KnownDevice.id)).join(Person, Person.id == KnownDevice.person_id)
    mine = query.where(KnownDevice.secret_hash == hashed(secret), Person.email == email)
    return bool(db.session.scalar(mine))


def note(person: Person, secret: str) -> bool:
    """Note that ``person`` has signed in there; returns whether it is a surprise: another device
    than those from which they came before.
    """
    query = select(KnownDevice).where(KnownDevice.person_id == person.id)
    known = list(db.session.scalars(query))
    here = next((row for row in known if row.secret_hash == hashed(secret)), None)
    if here is not None:
        here.seen_at = now()
        return False
    db.session.add(KnownDevice(person_id=person.id, secret_hash=hashed(secret)))
    return bool(known)
