"""Reading the directory."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, ScalarSelect, Select, or_, select
from sqlalchemy.orm import joinedload, selectinload

from exchange.directory.models import (
    Affiliation,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Role,
    StaffRole,
)
from exchange.extensions import db
from exchange.listing import folded


def acts_for_ids(person: Person | None) -> set[int]:
    """Ids of the organisations ``person`` speaks for: those they coordinate, the members of an
    association they coordinate (an association may publish and propose for its members), and the
    section whose officer they are (not its cities: these speak for themselves).

    Read once a session: a page asks it for every button.
    """
    if person is None:
        return set()
    known: dict[int, set[int]] = db.session.info.setdefault("acts_for_ids", {})
    if person.id not in known:
        own = person.organisation_ids(Role.coordinator)
        members = select(Membership.member_id).where(Membership.body_id.in_(own))
        known[person.id] = own | (set(db.session.scalars(members)) if own else set())
        known[person.id] |= _own_section(person)
    return known[person.id]


def _own_section(person: Person) -> set[int]:
    """The section itself, for its officer."""
    if person.staff_role != StaffRole.section_officer or not person.section_code:
        return set()
    there = Organisation.terms.any(vocabulary="section", code=person.section_code)
    query = select(Organisation.id).where(Organisation.kind == OrganisationKind.section, there)
    return set(db.session.scalars(query))


def may_bundle_for(person: Person | None) -> Select[Any]:
    """Ids of the organisations whose needs ``person`` may put into a proposal: those they speak
    for; the officer of a section, those of its region. Each city takes part only once it says so.
    """
    ids: ColumnElement[bool] = Organisation.id.in_(acts_for_ids(person))
    if person is not None and person.staff_role == StaffRole.section_officer:
        ids |= Organisation.id.in_(section_organisations(person.section_code or ""))
    return select(Organisation.id).where(ids)


def section_organisations(section_code: str) -> ScalarSelect[int]:
    """Subquery: ids of the organisations that belong to a section."""
    return (
        select(Organisation.id)
        .where(Organisation.terms.any(vocabulary="section", code=section_code))
        .scalar_subquery()
    )


def countries() -> Select[tuple[str | None]]:
    """The codes of the countries that somebody here is of."""
    return select(Organisation.country_code)


def people_of(organisation_id: int, role: Role | None = None) -> Select[Any]:
    """The people of an organisation who can sign in, coordinators first."""
    query = (
        select(Person)
        .join(Affiliation)
        .where(Affiliation.organisation_id == organisation_id, Person.disabled_at.is_(None))
        .order_by(Affiliation.role, Person.name)
    )
    return query.where(Affiliation.role == role) if role else query


def named_like(text: str) -> Select[Any]:
    """Organisations whose name holds ``text``, accents and case forgiven."""
    return select(Organisation).where(_named(text))


def _named(text: str) -> ColumnElement[bool]:
    return or_(
        Organisation.folded_name.contains(folded(text), autoescape=True),
        Organisation.short_name.icontains(text, autoescape=True),
    )


ORGANISATION_SORTS = {
    "name": Organisation.folded_name,
    "country": Organisation.country_code,
    "population": Organisation.population,
}
PERSON_SORTS = {"name": Person.name}


def listed(query: Select[Any], filters: Mapping[str, Any], actor: Person | None) -> Select[Any]:
    """Narrow a list of organisations and load what it shows, in as many statements as for one."""
    clauses = [clause(filters[name]) for name, clause in _CLAUSES.items() if filters.get(name)]
    if filters.get("mine") and actor:
        clauses.append(Organisation.id.in_(acts_for_ids(actor) | actor.organisation_ids()))
    return query.where(*clauses).options(
        selectinload(Organisation.terms),
        joinedload(Organisation.place),
        joinedload(Organisation.contact).lazyload(Person.affiliations),
    )


_CLAUSES: dict[str, Any] = {
    "q": _named,
    "kind": lambda value: Organisation.kind == value,
    "level": lambda value: Organisation.level == value,
    "country": lambda value: Organisation.country_code == value.upper(),
    "section": lambda value: Organisation.terms.any(vocabulary="section", code=value),
    "language": lambda value: Organisation.terms.any(vocabulary="language", code=value),
    "body": lambda value: Organisation.memberships.any(Membership.body_id == value),
    "place": lambda value: Organisation.place_id == value,
}


def people_listed(
    query: Select[Any], filters: Mapping[str, Any], *, for_staff: bool
) -> Select[Any]:
    """Narrow a list of people. Only staff see who can no longer sign in, and search by address."""
    if not for_staff:
        query = query.where(Person.disabled_at.is_(None))
    if filters.get("organisation"):
        query = query.where(Person.affiliations.any(organisation_id=filters["organisation"]))
    if words := filters.get("q"):
        found = [
            Person.name.icontains(words, autoescape=True),
            Person.affiliations.any(Affiliation.organisation.has(_named(words))),
        ]
        if for_staff:
            found.append(Person.email.icontains(words, autoescape=True))
        query = query.where(or_(*found))
    return query


def memberships_of(organisation_id: int) -> list[Membership]:
    """What an organisation belongs to, by name."""
    query = (
        select(Membership)
        .join(Membership.body)
        .where(Membership.member_id == organisation_id)
        .options(joinedload(Membership.body))
        .order_by(Organisation.folded_name)
    )
    return list(db.session.scalars(query))


def members_of(organisation_id: int, *, limit: int) -> list[Membership]:
    """The first members of an association or a section, by name."""
    query = (
        select(Membership)
        .join(Membership.member)
        .where(Membership.body_id == organisation_id)
        .options(joinedload(Membership.member))
        .order_by(Organisation.folded_name)
        .limit(limit)
    )
    return list(db.session.scalars(query))


def affiliations_of(organisation_id: int) -> list[Affiliation]:
    """The people of an organisation with their roles, coordinators first; none who was disabled."""
    query = (
        select(Affiliation)
        .join(Affiliation.person)
        .where(Affiliation.organisation_id == organisation_id, Person.disabled_at.is_(None))
        .options(joinedload(Affiliation.person))
        .order_by(Affiliation.role, Person.name)
    )
    return list(db.session.scalars(query))


def contact_of(person_id: int) -> list[Organisation]:
    """The organisations whose point of contact a person is."""
    query = select(Organisation).where(Organisation.contact_id == person_id)
    return list(db.session.scalars(query.order_by(Organisation.folded_name)))


def bodies_above(organisation_id: int) -> set[int]:
    """Ids of all that an organisation belongs to, directly or through others."""
    above: set[int] = set()
    wave = {organisation_id}
    while wave:
        query = select(Membership.body_id).where(Membership.member_id.in_(wave))
        wave = set(db.session.scalars(query)) - above
        above |= wave
    return above


def made_from(place_ids: list[int]) -> dict[int, list[Organisation]]:
    """The organisations that lie at these places, by place."""
    query = select(Organisation).where(Organisation.place_id.in_(place_ids))
    found: dict[int, list[Organisation]] = {}
    for organisation in db.session.scalars(query.order_by(Organisation.folded_name)):
        found.setdefault(organisation.place_id or 0, []).append(organisation)
    return found
