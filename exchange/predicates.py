"""Named predicates: who somebody is to a thing. The table of permissions is made of them."""

from collections.abc import Callable
from typing import Any

from sqlalchemy import select

from exchange.directory.models import Organisation, Person, StaffRole
from exchange.directory.queries import acts_for_ids
from exchange.extensions import db
from exchange.parties import Parties, parties_of

Actor = Person | None
Predicate = Callable[[Actor, Any], bool]


def anyone(actor: Actor, subject: Any) -> bool:
    """Everybody, signed in or not."""
    return True


def signed_in(actor: Actor, subject: Any) -> bool:
    """Whoever has signed in."""
    return actor is not None


def staff(actor: Actor, subject: Any) -> bool:
    """Officers and administrators of the world secretariat."""
    return actor is not None and actor.staff_role in (StaffRole.officer, StaffRole.administrator)


def administrator(actor: Actor, subject: Any) -> bool:
    """Administrators."""
    return actor is not None and actor.staff_role == StaffRole.administrator


def regional_officer(actor: Actor, subject: Any) -> bool:
    """The officer of a section, for what concerns an organisation of that section."""
    if actor is None or actor.staff_role != StaffRole.section_officer or subject is None:
        return False
    ids = parties_of(subject).everyone
    query = select(Organisation.id).where(
        Organisation.id.in_(ids),
        Organisation.terms.any(vocabulary="section", code=actor.section_code),
    )
    return bool(ids) and db.session.scalars(query.limit(1)).first() is not None


def manages(actor: Actor, subject: Any) -> bool:
    """Administrators, for everybody; staff, for people who are not staff themselves."""
    ordinary = subject is None or subject.staff_role is None
    return administrator(actor, subject) or (staff(actor, subject) and ordinary)


def section_officer(actor: Actor, subject: Any) -> bool:
    """The officer of a section."""
    return actor is not None and actor.staff_role == StaffRole.section_officer


def speaks_for_somebody(actor: Actor, subject: Any) -> bool:
    """Coordinators of a local government or an association, and officers of a section."""
    return bool(acts_for_ids(actor))


def _speaks_for(ids: Callable[[Parties], frozenset[int]], name: str, sentence: str) -> Predicate:
    def predicate(actor: Actor, subject: Any) -> bool:
        return subject is not None and bool(acts_for_ids(actor) & ids(parties_of(subject)))

    predicate.__name__, predicate.__doc__ = name, sentence
    return predicate


owner = _speaks_for(
    lambda p: p.owner,
    "owner",
    "Coordinators of the organisation it belongs to, or its association.",
)
partner = _speaks_for(
    lambda p: p.everyone, "partner", "Coordinators of any organisation that takes part."
)
host = _speaks_for(lambda p: p.host, "host", "Coordinators of the host.")
need_side = _speaks_for(lambda p: p.need, "need_side", "Coordinators of the city that needs.")
offer_side = _speaks_for(lambda p: p.offer, "offer_side", "Coordinators of the city that offers.")


def proposer(actor: Actor, subject: Any) -> bool:
    """Coordinators of the organisation that proposed the exchange, or its association."""
    return subject is not None and subject.exchange.proposer_id in acts_for_ids(actor)


def member(actor: Actor, subject: Any) -> bool:
    """Any person of an organisation that takes part."""
    if actor is None or subject is None:
        return False
    return bool(actor.organisation_ids() & parties_of(subject).everyone)


def oneself(actor: Actor, subject: Any) -> bool:
    """The person concerned."""
    return actor is not None and subject is not None and actor.id == subject.person_id


def addressed(actor: Actor, subject: Any) -> bool:
    """The person at whose address the row is kept."""
    return actor is not None and subject is not None and actor.email == subject.email


def author(actor: Actor, subject: Any) -> bool:
    """The author of the note."""
    return actor is not None and subject is not None and actor.id == subject.author_id


def translator(actor: Actor, subject: Any) -> bool:
    """The translator of the note."""
    return actor is not None and subject is not None and actor.id == subject.translator_id


def second_reader(actor: Actor, subject: Any) -> bool:
    """The person named to read a translation: never whoever translated."""
    return reviewer(actor, subject) and not translator(actor, subject)


def reviewer(actor: Actor, subject: Any) -> bool:
    """The reviewer of the note."""
    return actor is not None and subject is not None and actor.id == subject.reviewer_id
