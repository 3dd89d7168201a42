"""Signing in and out."""

import secrets

from sqlalchemy import select, update

from exchange.accounts import passwords
from exchange.accounts.models import SignIn
from exchange.accounts.queries import hashed
from exchange.clock import now
from exchange.directory.models import Person
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.transaction import reading_only


def begin_sign_in(person: Person, *, device: str = "") -> str:
    """Start a signed-in session of ``person``; return its secret, which is kept nowhere."""
    secret = secrets.token_urlsafe(32)
    person.last_sign_in_at = now()
    db.session.add(SignIn(secret_hash=hashed(secret), person=person, device=device[:200]))
    return secret


def note_seen_apart(sign_in_id: int) -> None:
    """Note that a sign-in was used, apart from the request that only reads."""
    token = reading_only.set(False)
    try:
        with db.engine.begin() as connection:
            connection.execute(
                update(SignIn).where(SignIn.id == sign_in_id).values(seen_at=now())
            )
    finally:
        reading_only.reset(token)


def sign_in(email: str, password: str, *, address: str, device: str) -> str:
    """Start a sign-in for whoever knows the password; return its secret.

    The answer and the time it takes do not tell whether the address has an account.

    :raises Invalid: ``wrong_credentials``.
    """
    person = db.session.scalars(select(Person).where(Person.email == email)).first()
    if not passwords.matches(person.password_hash if person else None, password):
        raise Invalid("password", "wrong_credentials")
    assert person is not None
    if person.disabled_at:
        raise Invalid("password", "wrong_credentials")
    return begin_sign_in(person, device=device)


def end_sign_in(sign_in: SignIn) -> None:
    """End one signed-in session."""
    sign_in.ended_at = now()
