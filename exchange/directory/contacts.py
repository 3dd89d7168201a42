"""Points of contact: who can be named for what an organisation does."""

from collections.abc import Iterable

from sqlalchemy import select

from exchange.directory.models import Affiliation, Membership, Organisation, Person
from exchange.errors import Invalid
from exchange.extensions import db


def contacts_of(organisation_ids: Iterable[int]) -> list[Person]:
    """The people of these organisations and of the associations they belong to, by name.

    An association may speak for its members, so it may be written to for them.
    """
    ids = list(organisation_ids)
    bodies = select(Membership.body_id).where(Membership.member_id.in_(ids))
    named = Affiliation.organisation_id.in_(ids) | Affiliation.organisation_id.in_(bodies)
    query = select(Person).where(Person.affiliations.any(named), Person.disabled_at.is_(None))
    return list(db.session.scalars(query.order_by(Person.name, Person.id)))


def require_contact(
    person_id: int | None, organisation_ids: Iterable[int], *, kept: int | None = None
) -> None:
    """:raises Invalid: ``not_of_this``, somebody else than ``kept`` who is of none of these."""
    if person_id is None or person_id == kept:
        return
    if person_id not in {person.id for person in contacts_of(organisation_ids)}:
        raise Invalid("contact_id", "not_of_this")


def usual_contact(organisation_id: int, actor: Person | None) -> Person | None:
    """Whoever writes for an organisation answers for what they wrote; when an officer writes, the
    contact of the organisation does."""
    if actor is not None and actor in contacts_of([organisation_id]):
        return actor
    organisation = db.session.get(Organisation, organisation_id)
    return (organisation.contact if organisation else None) or actor
