"""Who a provider of single sign-on says somebody is. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select, update

from exchange.accounts.models import Identity, Link, LinkKind
from exchange.accounts.queries import by_email
from exchange.clock import now
from exchange.directory.models import Person
from exchange.errors import Invalid
from exchange.extensions import db


def person_of(issuer: str, claims: Mapping[str, Any]) -> Person:
    """Whose account it is. Nobody gets an account by single sign-on: it opens one that there is,
    or to which somebody was invited, and only by an address that the provider has verified.

    From then on the provider's own number counts, not the address: addresses are given to others.

    :raises Invalid: ``sso_unverified``, ``sso_nobody``, or ``sso_other``: the account belongs to
        somebody else at the provider.
    """
    subject = str(claims.get("sub") or "")
    query = select(Identity).where(Identity.issuer == issuer, Identity.subject == subject)
    known = db.session.scalars(query).first()
    person = known.person if known else _by_verified_address(issuer, subject, claims)
    if person.disabled_at:
        raise Invalid("email", "sso_nobody")
    return person


def _by_verified_address(issuer: str, subject: str, claims: Mapping[str, Any]) -> Person:
    if not subject or claims.get("email_verified") is not True:
        raise Invalid("email", "sso_unverified")
    person = by_email(str(claims.get("email") or "").strip().lower())
    if person is None:
        raise Invalid("email", "sso_nobody")
    others = select(Identity).where(Identity.person_id == person.id, Identity.issuer == issuer)
    if db.session.scalars(others).first() is not None:
        raise Invalid("email", "sso_other")
    db.session.add(Identity(person=person, issuer=issuer, subject=subject))
    invitations = update(Link).where(
        Link.person_id == person.id, Link.kind == LinkKind.invitation, Link.used_at.is_(None)
    )
    db.session.execute(invitations.values(used_at=now()))
    return person
