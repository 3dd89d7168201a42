"""What happens in the directory. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange import events, policy, tags
from exchange.directory.models import (
    Affiliation,
    Level,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
)
from exchange.directory.queries import bodies_above
from exchange.errors import Conflict, Invalid
from exchange.extensions import db
from exchange.references import references
from exchange.vocabularies.models import Place
from exchange.vocabularies.queries import term_or_none

# What says who somebody is in the network is for the secretariat and the section to say.
CLASSIFIED = ("kind", "sections", "external_id")
# Metropolis and the Forum of Regions are sections by kind, not by place (statutes of UCLG).
SECTIONS_BY_LEVEL = {Level.metropolitan: "METROPOLIS", Level.region: "REGIONS"}
PLACED = (OrganisationKind.local_government, OrganisationKind.association)
# Associations and sections have members; a city has none.
BODIES = (
    OrganisationKind.association,
    OrganisationKind.international_association,
    OrganisationKind.section,
)


def create(data: Mapping[str, Any], *, actor: Person | None) -> Organisation:
    """Write an organisation. What its place says is filled in where ``data`` is silent, and its
    sections follow from its country and its level unless ``data`` names some.

    :raises Invalid: ``unknown_term``, ``unknown_place``, ``already_there``, ``only_governments``.
    """
    organisation = Organisation()
    with db.session.no_autoflush:
        _fill(organisation, {**_of_place(data), **data})
        if not data.get("sections"):
            tags.apply(organisation, {"sections": usual_sections(organisation)})
    db.session.add(organisation)
    db.session.flush()
    _tell("organisation.created", organisation.id, actor)
    return organisation


def edit(
    organisation: Organisation, data: Mapping[str, Any], *, actor: Person | None
) -> Organisation:
    """Change an organisation and return it.

    :raises Invalid: as ``create``; ``staff_only``, the actor may not change its kind, its sections
        or the key of its import; ``not_of_this``, the point of contact is nobody of it.
    """
    _may_classify(organisation, data, actor)
    with db.session.no_autoflush:
        _fill(organisation, data)
    db.session.flush()
    _tell("organisation.changed", organisation.id, actor)
    return organisation


def delete(organisation: Organisation, *, actor: Person | None) -> None:
    """Take out an organisation that nothing points at; its own memberships go with it.

    :raises Conflict: ``organisation_in_use``.
    """
    own = ("organisation_term.organisation_id", "membership.member_id")
    if used := references(organisation, ignoring=own):
        raise Conflict("organisation_in_use", where=", ".join(sorted(used)))
    db.session.delete(organisation)
    db.session.flush()
    _tell("organisation.deleted", organisation.id, actor)


def add_membership(member: Organisation, body_id: int, *, actor: Person | None) -> Membership:
    """Record that ``member`` belongs to an association or a section.

    :raises Invalid: ``no_body``, ``already_there``, or ``membership_circle``: the body belongs
        to the member already, directly or through others.
    """
    body = db.session.get(Organisation, body_id)
    if body is None or body.kind not in BODIES:
        raise Invalid("body_id", "no_body")
    if any(membership.body_id == body_id for membership in member.memberships):
        raise Invalid("body_id", "already_there")
    if body_id == member.id or member.id in bodies_above(body_id):
        raise Invalid("body_id", "membership_circle")
    membership = Membership(member=member, body=body)
    db.session.add(membership)
    _flush_membership(membership, "membership.added", actor)
    return membership


def end_membership(membership: Membership, *, actor: Person | None) -> None:
    """Take a membership out."""
    db.session.delete(membership)
    _flush_membership(membership, "membership.ended", actor)


def _tell(event: str, row_id: int, actor: Person | None) -> None:
    events.publish(event, id=row_id, actor_id=actor.id if actor else None)


def _flush_membership(membership: Membership, event: str, actor: Person | None) -> None:
    db.session.flush()
    _tell(event, membership.id, actor)
    db.session.info.pop("acts_for_ids", None)  # who speaks for whom has changed


def _may_classify(
    organisation: Organisation, data: Mapping[str, Any], actor: Person | None
) -> None:
    if policy.allowed(actor, "organisation.classify", organisation):
        return
    held = {
        "kind": organisation.kind,
        "sections": sorted(term.code for term in organisation.tagged("section")),
        "external_id": organisation.external_id,
    }
    for name in CLASSIFIED:
        wanted = sorted(data[name]) if name == "sections" and name in data else data.get(name)
        if name in data and wanted != held[name]:
            raise Invalid(name, "staff_only")


def _fill(organisation: Organisation, given: Mapping[str, Any]) -> None:
    empty = {name: None for name in ("country_code", "external_id") if given.get(name) == ""}
    data = {**given, **empty}
    _check_country(data.get("country_code"))
    if data.get("place_id") and db.session.get(Place, data["place_id"]) is None:
        raise Invalid("place_id", "unknown_place")
    _check_contact(organisation, data.get("contact_id"))
    _check_external_id(organisation, data.get("external_id"))
    kind = data.get("kind", organisation.kind)
    if data.get("level") and kind != OrganisationKind.local_government:
        raise Invalid("level", "only_governments")
    tags.apply(organisation, data)
    if kind != OrganisationKind.local_government:
        organisation.level = None


def _check_country(code: str | None) -> None:
    if code and term_or_none("country", code) is None:
        raise Invalid("country_code", "unknown_term", codes=code)


def _check_contact(organisation: Organisation, person_id: int | None) -> None:
    if person_id is None or person_id == organisation.contact_id:
        return
    query = select(Affiliation.id).where(
        Affiliation.person_id == person_id, Affiliation.organisation_id == organisation.id
    )
    if organisation.id is None or db.session.scalars(query).first() is None:
        raise Invalid("contact_id", "not_of_this")


def _check_external_id(organisation: Organisation, key: str | None) -> None:
    if not key:
        return
    query = select(Organisation.id).where(Organisation.external_id == key)
    if db.session.scalars(query).first() not in (None, organisation.id):
        raise Invalid("external_id", "already_there")


def _of_place(data: Mapping[str, Any]) -> dict[str, Any]:
    place = db.session.get(Place, data["place_id"]) if data.get("place_id") else None
    if place is None:
        return {}
    known = {"population": place.population}
    if term_or_none("country", place.country_code):
        return {**known, "country_code": place.country_code}
    return known


def usual_sections(organisation: Organisation) -> list[str]:
    """The sections that follow from where an organisation lies and from its level."""
    if organisation.kind not in PLACED:
        return []
    country = term_or_none("country", organisation.country_code or "")
    by_country = country.facts.get("section") if country else None
    by_level = SECTIONS_BY_LEVEL.get(organisation.level) if organisation.level else None
    return [code for code in (by_country, by_level) if code and term_or_none("section", code)]
