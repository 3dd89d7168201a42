"""The first hour of each kind of person: a few tasks, done or not, as the rows say.

Nobody ticks anything: a task is done when what it asks for is there. It takes one statement.
"""

from dataclasses import dataclass
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select

from exchange.catalogue.models import Need, Offer
from exchange.directory.models import (
    Affiliation,
    Membership,
    Organisation,
    OrganisationKind,
    Person,
    Role,
)
from exchange.exchanges.models import Exchange
from exchange.exchanges.queries import BUNDLERS
from exchange.extensions import db
from exchange.predicates import staff
from exchange.steps import Step
from workflows.exchange import ExchangeState


class Kind(StrEnum):
    """Who has a first hour of their own."""

    association = auto()
    city = auto()
    office = auto()


TASKS = {
    Kind.association: ("profile", "members", "need", "proposal"),
    Kind.city: ("profile", "need", "offer", "answer"),
    Kind.office: ("network", "charge", "triage", "match"),
}


@dataclass(frozen=True)
class FirstHour:
    """``states``: each task and whether it is still to do, begun or done."""

    kind: Kind
    organisation_id: int | None
    states: dict[str, str]

    @property
    def over(self) -> bool:
        """Everything has been done once; there is no more to show."""
        return set(self.states.values()) == {"done"}


def kind_of(person: Person | None) -> Kind | None:
    """Whose first hour it is; none for whoever only takes part, and for visitors."""
    if staff(person, None):
        return Kind.office
    if person is None or not (own := _coordinated(person)):
        return None
    return Kind.association if any(one.kind in BUNDLERS for one in own) else Kind.city


def first_hour(person: Person) -> FirstHour | None:
    """What ``person`` has done of the first tasks, or None when there are none for them."""
    kind = kind_of(person)
    if kind is None:
        return None
    own = {one.id for one in _coordinated(person)}
    facts = _office(person) if kind is Kind.office else _of_organisations(person, own)
    asked = [
        column.label(name)
        for name, column in facts.items()
        if name.partition(".")[0] in TASKS[kind]
    ]
    found = db.session.execute(select(*asked)).mappings().one()
    states = {
        task: "done" if found[task] else "begun" if found.get(f"{task}.begun") else "todo"
        for task in TASKS[kind]
    }
    return FirstHour(kind, min(own, default=None), states)


def has_written(person: Person, model: type[Need] | type[Offer]) -> bool:
    """Whether the organisations that ``person`` coordinates have a need (an offer) already."""
    ours = model.organisation_id.in_({one.id for one in _coordinated(person)})
    return bool(db.session.scalar(select(select(model.id).where(ours).exists())))


def _coordinated(person: Person) -> list[Organisation]:
    return [a.organisation for a in person.affiliations if a.role == Role.coordinator]


def _office(person: Person) -> dict[str, ColumnElement[bool]]:
    coordinators = select(Affiliation.id).join(Affiliation.person)
    invited = and_(Affiliation.role == Role.coordinator, Person.demo.is_(False))
    return {
        "network": coordinators.where(invited).exists(),
        "charge": select(Exchange.id).where(Exchange.owner_id == person.id).exists(),
        "triage": _moved(person, "exchange", "find_eligible", "ask_information", "decline"),
        "match": _moved(person, "match", "propose", "overrule"),
    }


def _of_organisations(person: Person, own: set[int]) -> dict[str, ColumnElement[bool]]:
    theirs = select(Membership.member_id).where(Membership.body_id.in_(own))
    proposals = select(Exchange.id).where(Exchange.proposer_id.in_(own))
    sent = proposals.where(Exchange.state != ExchangeState.draft)
    return {
        "profile": ~_incomplete(own),
        "members": theirs.exists(),
        **_listed("need", Need, own, theirs),
        **_listed("offer", Offer, own, theirs),
        "answer": _moved(person, "match", "accept", "decline"),
        "proposal": sent.exists(),
        "proposal.begun": proposals.exists(),
    }


def _listed(name: str, model: Any, own: set[int], members: Any) -> dict[str, ColumnElement[bool]]:
    ours = or_(model.organisation_id.in_(own), model.organisation_id.in_(members))
    written = select(model.id).where(ours)
    return {
        name: written.where(model.published_at.is_not(None)).exists(),
        f"{name}.begun": written.exists(),
    }


def _incomplete(own: set[int]) -> ColumnElement[bool]:
    """One of them lacks what matching needs: languages, a contact, how many live there."""
    city = Organisation.kind == OrganisationKind.local_government
    lacks = or_(
        Organisation.contact_id.is_(None),
        ~Organisation.terms.any(vocabulary="language"),
        and_(city, Organisation.population.is_(None)),
    )
    return select(Organisation.id).where(Organisation.id.in_(own), lacks).exists()


def _moved(person: Person, workflow: str, *triggers: str) -> ColumnElement[bool]:
    moves = select(Step.id).where(Step.subject_type == workflow, Step.actor_id == person.id)
    return moves.where(Step.trigger.in_(triggers)).exists()
