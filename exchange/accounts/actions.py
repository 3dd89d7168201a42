"""Signing in and out, passwords, links by mail, personal tokens. The caller commits."""

import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import delete, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import InstrumentedAttribute

from exchange.accounts import attempts, passwords
from exchange.accounts.models import ApiToken, Link, LinkKind, SignIn, TokenScope
from exchange.accounts.queries import (
    LIVE_TOKENS,
    hashed,
    live_link,
    recent_links,
    tokens_of,
)
from exchange.clock import now
from exchange.directory.models import Person
from exchange.errors import Invalid, NotFound
from exchange.extensions import db, touched
from exchange.transaction import reading_only

log = structlog.get_logger()

LINK_LASTS = {
    LinkKind.invitation: timedelta(days=7),
    LinkKind.reset: timedelta(hours=1),
    LinkKind.sign_in: timedelta(minutes=15),
}
# More mails in an hour would only fill the box of somebody who did not ask.
RESETS_AN_HOUR = 3
# So that a leaked key is recognised by programs that look for such.
TOKEN_PREFIX = "px_"  # noqa: S105 - not a secret, the beginning of one


def begin_sign_in(person: Person, *, device: str = "", by_factor: bool = False) -> str:
    """Start a signed-in session of ``person``; return its secret, which is kept nowhere.

    :param by_factor: the second step of signing in was passed.
    """
    secret = secrets.token_urlsafe(32)
    person.last_sign_in_at = now()
    row = SignIn(secret_hash=hashed(secret), person=person, device=device[:200])
    row.factor_at = now() if by_factor else None
    db.session.add(row)
    return secret


def prove(person: Person, password: str) -> None:
    """``person`` has just proved to know ``password``: what was guessed before is forgotten.

    A hash made with weaker settings than today's is made anew.
    """
    if passwords.is_dated(person.password_hash or ""):
        person.password_hash = passwords.hashed(password)
    attempts.forget(person.email)


def end_sign_in(sign_in: SignIn) -> None:
    """End one signed-in session."""
    sign_in.ended_at = sign_in.ended_at or now()


def end_sign_ins(person: Person, *, but: SignIn | None = None) -> None:
    """End every signed-in session of ``person``, on all devices (``but`` stays)."""
    others = update(SignIn).where(SignIn.person_id == person.id, SignIn.ended_at.is_(None))
    if but is not None:
        others = others.where(SignIn.id != but.id)
    db.session.execute(others.values(ended_at=now()))


def change_password(person: Person, current: str, new: str) -> Person:
    """Change the password of somebody who knows the present one; all sign-ins end.

    :raises Invalid: ``wrong_password``, or what ``passwords.check`` refuses.
    """
    if not passwords.matches(person.password_hash, current):
        raise Invalid("current_password", "wrong_password")
    set_password(person, new)
    return person


def set_password(person: Person, password: str) -> None:
    """Give ``person`` a password. Whoever was signed in with the old one is signed in no longer,
    and links that were mailed before lead nowhere.

    :raises Invalid: what ``passwords.check`` refuses, at ``new_password``.
    """
    passwords.check(password, person, field="new_password")
    person.password_hash = passwords.hashed(password)
    end_sign_ins(person)
    unused = update(Link).where(Link.person_id == person.id, Link.used_at.is_(None))
    db.session.execute(unused.values(used_at=now()))
    attempts.forget(person.email)


def invite(person: Person) -> str:
    """Make a link by which ``person`` chooses a first password; return its secret."""
    return _link(person, LinkKind.invitation)


def reset(person: Person) -> str:
    """Make a link by which ``person`` chooses a new password; return its secret."""
    return _link(person, LinkKind.reset)


def reset_if_wanted(person: Person | None) -> str | None:
    """The secret of a reset link, or None: nobody, somebody disabled, or asked for too often.

    Somebody who has no password yet gets a link as well: an invitation may have been lost.
    """
    if person is None or person.disabled_at:
        return None
    since = now() - timedelta(hours=1)
    if recent_links(person, LinkKind.reset, since) >= RESETS_AN_HOUR:
        return None
    return reset(person)


def sign_in_link_if_wanted(person: Person | None) -> str | None:
    """The secret of a link that signs in, or None: nobody, somebody disabled, or asked for too
    often.
    """
    if person is None or person.disabled_at:
        return None
    since = now() - timedelta(hours=1)
    if recent_links(person, LinkKind.sign_in, since) >= RESETS_AN_HOUR:
        return None
    return _link(person, LinkKind.sign_in)


def enter_by_link(secret: str) -> Person:
    """Use a link up that signs in; return whose it is. The password stays as it is.

    :raises NotFound: it never was, was used, or has expired.
    """
    link = live_link(secret, LinkKind.sign_in)
    used = update(Link).where(Link.secret_hash == hashed(secret), Link.used_at.is_(None))
    # Of two browsers that send it at once, one is let in.
    if link is None or touched(used.values(used_at=now())) != 1:
        raise NotFound("link_gone")
    attempts.forget(link.person.email)
    return link.person


def use_link(secret: str, kind: LinkKind, password: str) -> Person:
    """Use a link up: its person has a new password.

    :raises NotFound: it never was, was used, or has expired.
    :raises Invalid: the password is not taken; the link stays usable.
    """
    link = live_link(secret, kind)
    if link is None:
        raise NotFound("link_gone")
    set_password(link.person, password)
    return link.person


def _link(person: Person, kind: LinkKind) -> str:
    secret = secrets.token_urlsafe(32)
    expires_at = now() + LINK_LASTS[kind]
    db.session.add(
        Link(secret_hash=hashed(secret), kind=kind, person=person, expires_at=expires_at)
    )
    db.session.flush()
    return secret


def make_token(data: Mapping[str, Any], *, actor: Person) -> tuple[ApiToken, str]:
    """Make a personal key to the API; its secret is shown once and kept nowhere.

    :raises Invalid: ``too_many_tokens``.
    """
    if len(tokens_of(actor)) >= LIVE_TOKENS:
        raise Invalid("name", "too_many_tokens", most=LIVE_TOKENS)
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    scopes = ["read", "write"] if data["scope"] == TokenScope.write else ["read"]
    token = ApiToken(secret_hash=hashed(secret), person=actor, name=data["name"], scopes=scopes)
    db.session.add(token)
    db.session.flush()
    return token, secret


def revoke_token(token: ApiToken) -> None:
    """Make a key useless from now on."""
    token.revoked_at = token.revoked_at or now()


def edit_profile(person: Person, data: Mapping[str, Any]) -> Person:
    """Change one's own name, language and time zone."""
    for name in ("name", "language", "time_zone"):
        if name in data:
            setattr(person, name, data[name])
    return person


def close_doors(person: Person) -> None:
    """End all sign-ins, tokens and links of ``person``."""
    end_sign_ins(person)
    tokens = update(ApiToken).where(ApiToken.person_id == person.id, ApiToken.revoked_at.is_(None))
    db.session.execute(tokens.values(revoked_at=now()))
    db.session.execute(delete(Link).where(Link.person_id == person.id, Link.used_at.is_(None)))


def note_seen_apart(sign_in_id: int) -> None:
    """Note that a sign-in was used, apart from the request that only reads."""
    _note_apart(SignIn, sign_in_id, SignIn.seen_at)


def note_used_apart(token_id: int) -> None:
    """Note that a token was used, apart from the request that only reads."""
    _note_apart(ApiToken, token_id, ApiToken.used_at)


def _note_apart(
    model: type[SignIn] | type[ApiToken], row_id: int, column: InstrumentedAttribute[Any]
) -> None:
    token = reading_only.set(False)
    try:
        with db.engine.begin() as connection:
            noted = update(model).where(model.id == row_id).values({column: now()})
            connection.execute(noted)
    except SQLAlchemyError as problem:
        # A full disk or a busy database keeps nobody from reading: the next request notes it.
        log.warning("a visit was not noted", problem=type(problem).__name__)
    finally:
        reading_only.reset(token)
