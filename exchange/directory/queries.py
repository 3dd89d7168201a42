"""Reading the directory."""

from sqlalchemy import ScalarSelect, Select, or_, select

from exchange.directory.models import Affiliation, Membership, Organisation, Person, Role
from exchange.extensions import db
from exchange.listing import folded


def acts_for_ids(person: Person | None) -> set[int]:
    """Ids of the organisations ``person`` speaks for: those they coordinate, and the members of an
    association they coordinate (an association may publish and propose for its members).

    Read once a session: a page asks it for every button.
    """
    if person is None:
        return set()
    known: dict[int, set[int]] = db.session.info.setdefault("acts_for_ids", {})
    if person.id not in known:
        own = person.organisation_ids(Role.coordinator)
        members = select(Membership.member_id).where(Membership.body_id.in_(own))
        known[person.id] = own | (set(db.session.scalars(members)) if own else set())
    return known[person.id]


def section_organisations(section_code: str) -> ScalarSelect[int]:
    """Subquery: ids of the organisations that belong to a section."""
    return (
        select(Organisation.id)
        .where(Organisation.terms.any(vocabulary="section", code=section_code))
        .scalar_subquery()
    )


def people_of(organisation_id: int, role: Role | None = None) -> Select[tuple[Person]]:
    """The people of an organisation who can sign in, coordinators first."""
    query = (
        select(Person)
        .join(Affiliation)
        .where(Affiliation.organisation_id == organisation_id, Person.disabled_at.is_(None))
        .order_by(Affiliation.role, Person.name)
    )
    return query.where(Affiliation.role == role) if role else query


def named_like(text: str) -> Select[tuple[Organisation]]:
    """Organisations whose name holds ``text``, accents and case forgiven."""
    pattern = f"%{folded(text)}%"
    return select(Organisation).where(
        or_(Organisation.folded_name.like(pattern), Organisation.short_name.ilike(f"%{text}%"))
    )
