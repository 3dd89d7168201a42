"""Asking somebody outside an organisation to belong to it. The caller commits.

Whether the address has an account is looked up only when its reader answers: before, the words, the
work and the time are the same for every address (OWASP ASVS 6.3.8).
"""

import secrets
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import joinedload

from exchange.accounts.actions import set_password
from exchange.accounts.models import Invitation
from exchange.accounts.queries import by_email, hashed
from exchange.clock import now
from exchange.directory.models import Affiliation, Organisation, Person, Role
from exchange.errors import NotFound
from exchange.extensions import db, touched

LASTS = timedelta(days=7)


def belongs(organisation: Organisation, email: str) -> bool:
    """Is this the address of somebody of the organisation? Its coordinators see them anyway."""
    query = select(Affiliation.id).where(
        Affiliation.organisation_id == organisation.id,
        Affiliation.person.has(Person.email == email),
    )
    return db.session.scalar(query) is not None


def invite(
    organisation: Organisation, data: Mapping[str, Any], *, actor: Person
) -> tuple[Invitation, str]:
    """Ask the reader of an address; one that was asked already gets a fresh link.

    :param data: ``email``, ``name``, ``language`` and ``role``.
    :returns: the invitation, and the secret of the link to be mailed.
    """
    email = data["email"]
    asked = (Invitation.organisation_id == organisation.id, Invitation.email == email)
    db.session.execute(delete(Invitation).where(*asked))
    secret = secrets.token_urlsafe(32)
    row = Invitation(organisation=organisation, inviter=actor, email=email, name=data["name"])
    row.language, row.role = data["language"], data["role"]
    row.secret_hash, row.expires_at = hashed(secret), now() + LASTS
    db.session.add(row)
    db.session.flush()
    return row, secret


def open_for(organisation: Organisation) -> Sequence[Invitation]:
    """Who was asked and has not answered, the newest first; one statement."""
    query = select(Invitation).where(Invitation.organisation_id == organisation.id)
    return db.session.scalars(query.order_by(Invitation.id.desc())).all()


def live(secret: str) -> Invitation | None:
    """The invitation of a link that can still be answered."""
    query = select(Invitation).where(
        Invitation.secret_hash == hashed(secret), Invitation.expires_at > now()
    )
    sides = joinedload(Invitation.organisation), joinedload(Invitation.inviter)
    row = db.session.scalars(query.options(*sides)).first()
    if row is None:
        return None
    person = by_email(row.email)
    return None if person is not None and person.disabled_at else row


def account_of(row: Invitation) -> Person | None:
    """The account that its reader has already."""
    person = by_email(row.email)
    return person if person is not None and person.password_hash else None


def accept(secret: str, password: str = "") -> Person:
    """Say yes. Whoever has an account gets the role; others choose a password and have one.

    :raises NotFound: ``link_gone``: it never was, was answered, withdrawn, or has expired.
    :raises Invalid: the password is not taken; the link stays usable.
    """
    row = _answered(secret)
    person = by_email(row.email)
    if person is None:
        person = Person(email=row.email, name=row.name, language=row.language)
        db.session.add(person)
    if not person.password_hash:
        set_password(person, password)
    _give_role(person, row)
    db.session.delete(row)
    db.session.flush()
    return person


def decline(secret: str) -> None:
    """Say no: nothing is kept of it.

    :raises NotFound: ``link_gone``.
    """
    db.session.delete(_answered(secret))
    db.session.flush()


def _answered(secret: str) -> Invitation:
    row = live(secret)
    if row is None:
        raise NotFound("link_gone")
    return row


def _give_role(person: Person, row: Invitation) -> None:
    """An old invitation takes no role away that its reader got since."""
    for one in person.affiliations:
        if one.organisation_id == row.organisation_id:
            one.role = one.role if one.role == Role.coordinator else row.role
            return
    person.affiliations.append(Affiliation(organisation_id=row.organisation_id, role=row.role))


def withdraw(organisation: Organisation, invitation_id: int) -> None:
    """Ask no more: the link leads nowhere.

    :raises NotFound: it was answered or withdrawn already, or is of another organisation.
    """
    asked = (Invitation.organisation_id == organisation.id, Invitation.id == invitation_id)
    row = db.session.scalars(select(Invitation).where(*asked)).first()
    if row is None:
        raise NotFound("not_found")
    db.session.delete(row)
    db.session.flush()


def purge(at: datetime) -> int:
    """Forget who did not answer in time; return how many that were."""
    return touched(delete(Invitation).where(Invitation.expires_at < at))
