"""Who gets an account, in which role, and who loses it. The caller commits."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import func, select

from exchange.accounts.actions import close_doors, invite
from exchange.accounts.queries import by_email
from exchange.clock import now
from exchange.directory.models import Affiliation, Organisation, Person, Role, StaffRole
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.predicates import administrator, staff


def invite_to(
    organisation: Organisation, data: Mapping[str, Any], *, actor: Person | None
) -> tuple[Person, str | None]:
    """Invite somebody to speak for an organisation, or to belong to it.

    Whoever has a password already only gets the role: their name, address and language stay theirs.

    :returns: the person, and the secret of the link to be mailed (None: has an account already).
    :raises Invalid: ``person_disabled``, or ``has_this_role`` with nothing left to send.
    """
    person = _person(data)
    found = _affiliation(person, organisation)
    if found is not None and found.role == data["role"] and person.password_hash:
        raise Invalid("email", "has_this_role")
    if found is not None:
        _must_keep_a_coordinator(found, data["role"], actor)
        found.role = data["role"]
    else:
        person.affiliations.append(Affiliation(organisation=organisation, role=data["role"]))
    db.session.flush()
    return person, None if person.password_hash else invite(person)


def invite_staff(data: Mapping[str, Any]) -> tuple[Person, str | None]:
    """Invite somebody to the world secretariat, or to be the officer of a section.

    :raises Invalid: ``person_disabled``; ``section_needed`` at ``section_code``.
    """
    person = _person(data)
    _set_staff_role(person, data.get("staff_role"), data.get("section_code"))
    db.session.flush()
    return person, None if person.password_hash else invite(person)


def invite_again(person: Person) -> str:
    """A fresh link for somebody who has not chosen a password yet.

    :raises Invalid: ``has_a_password`` or ``person_disabled``.
    """
    if person.password_hash:
        raise Invalid("email", "has_a_password")
    _must_be_enabled(person)
    return invite(person)


def edit_person(person: Person, data: Mapping[str, Any], *, actor: Person) -> Person:
    """Change somebody's account: name, address, language, time zone; administrators: staff role.

    A new address ends all that was opened with the old one.

    :raises Invalid: ``email_taken``; ``not_oneself``, an administrator who steps down could be the
        last; ``not_allowed`` for a staff role by anybody else; ``section_needed``.
    """
    if "email" in data and data["email"] != person.email:
        if by_email(data["email"]) is not None:
            raise Invalid("email", "email_taken")
        close_doors(person)
        person.email = data["email"]
    for name in ("name", "language", "time_zone"):
        if data.get(name):
            setattr(person, name, data[name])
    if "staff_role" in data:
        _change_staff_role(person, data, actor)
    db.session.flush()
    return person


def set_role(affiliation: Affiliation, role: Role, *, actor: Person) -> None:
    """Change what somebody is in an organisation.

    :raises Invalid: ``last_coordinator``.
    """
    _must_keep_a_coordinator(affiliation, role, actor)
    affiliation.role = role
    db.session.flush()


def remove(affiliation: Affiliation, *, actor: Person) -> None:
    """End somebody's belonging to an organisation; their account stays.

    :raises Invalid: ``last_coordinator``.
    """
    _must_keep_a_coordinator(affiliation, None, actor)
    if affiliation.organisation.contact_id == affiliation.person_id:
        affiliation.organisation.contact = None
    affiliation.person.affiliations.remove(affiliation)
    db.session.flush()


def disable(person: Person, *, actor: Person) -> None:
    """Close an account: its person is signed out everywhere and gets no mail.

    :raises Invalid: ``not_oneself``.
    """
    if person.id == actor.id:
        raise Invalid("email", "not_oneself")
    person.disabled_at = person.disabled_at or now()
    close_doors(person)


def enable(person: Person) -> None:
    """Open a closed account again; tokens and links stay ended."""
    person.disabled_at = None


def _person(data: Mapping[str, Any]) -> Person:
    person = by_email(data["email"])
    if person is not None:
        _must_be_enabled(person)
        return person
    person = Person(email=data["email"], name=data["name"], language=data["language"])
    if data.get("time_zone"):
        person.time_zone = data["time_zone"]
    db.session.add(person)
    db.session.flush()
    return person


def _must_be_enabled(person: Person) -> None:
    if person.disabled_at:
        raise Invalid("email", "person_disabled")


def _affiliation(person: Person, organisation: Organisation) -> Affiliation | None:
    own = (a for a in person.affiliations if a.organisation_id == organisation.id)
    return next(own, None)


def _must_keep_a_coordinator(
    affiliation: Affiliation, role: Role | None, actor: Person | None
) -> None:
    """Without a coordinator nobody answers for the organisation. Staff may decide otherwise."""
    if affiliation.role != Role.coordinator or role == Role.coordinator or staff(actor, None):
        return
    others = select(func.count(Affiliation.id)).where(
        Affiliation.organisation_id == affiliation.organisation_id,
        Affiliation.role == Role.coordinator,
        Affiliation.id != affiliation.id,
    )
    if not db.session.scalar(others):
        raise Invalid("role", "last_coordinator")


def _change_staff_role(person: Person, data: Mapping[str, Any], actor: Person) -> None:
    wanted = data["staff_role"] or None
    if (wanted, data.get("section_code") or None) == (person.staff_role, person.section_code):
        return
    if not administrator(actor, None):
        raise Invalid("staff_role", "not_allowed")
    if person.id == actor.id and wanted != person.staff_role:
        raise Invalid("staff_role", "not_oneself")
    _set_staff_role(person, wanted, data.get("section_code"))


def _set_staff_role(person: Person, role: StaffRole | None, section: str | None) -> None:
    if role == StaffRole.section_officer and not section:
        raise Invalid("section_code", "section_needed")
    person.staff_role = role
    person.section_code = section if role == StaffRole.section_officer else None
