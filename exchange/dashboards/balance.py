"""Who takes part, counted: women and men, political and technical, regions, sizes of cities.

People say it of themselves, and not to say is an answer. Where counts are shown to the whole
network, groups of fewer than five people are hidden, and with them as many others as it takes that
nobody can find them by subtraction.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from marshmallow import fields
from sqlalchemy import ColumnElement, String, case, cast, func, literal, select, union_all

from exchange.directory.models import (
    Membership,
    Organisation,
    OrganisationKind,
    organisation_terms,
)
from exchange.directory.queries import section_organisations
from exchange.extensions import db
from exchange.practices.actions import INTERMEDIARY, METROPOLITAN
from exchange.practices.models import CitySize
from exchange.schemas import Filter, Text, Whole
from exchange.visits.models import Gender, Office, Participant, Visit
from exchange.vocabularies.models import Place, Term
from workflows.participant import ParticipantState

LEAST_SHOWN = 5
Counts = dict[str, int]
Shown = dict[str, int | None]


class BalanceFilter(Filter):
    """How the portfolio is cut: a section, the members of a body, and days of visits."""

    section = Text(longest=20)
    body = Whole(least=1)
    since = fields.Date()
    until = fields.Date()


@dataclass(frozen=True)
class Balance:
    """Counts of people by what they are; None: too few to be shown."""

    people: int | None
    genders: Shown
    offices: Shown
    sections: Shown
    sizes: Shown


def hide_small(counts: Counts, least: int = LEAST_SHOWN) -> Shown:
    """``counts`` without the groups that are too small, and without those that would tell them:
    what is hidden adds up to at least ``least``, or nothing is shown at all.
    """
    if 0 < sum(counts.values()) < least:
        return dict.fromkeys(counts)
    hidden = {key for key, number in counts.items() if 0 < number < least}
    rest = sorted((n, key) for key, n in counts.items() if n >= least)
    while hidden and sum(counts[key] for key in hidden) < least:
        hidden.add(rest.pop(0)[1])
    return {key: None if key in hidden else number for key, number in counts.items()}


def of_exchange(exchange_id: int) -> Balance:
    """The people of one exchange, for those who are in it: nothing is hidden; one statement."""
    return _balance((Visit.exchange_id == exchange_id,), least=0)


def of_portfolio(filters: Mapping[str, Any]) -> Balance:
    """Everybody who took part or is confirmed, narrowed by ``filters``; one statement."""
    clauses = (clause(filters[n]) for n, clause in _CLAUSES.items() if filters.get(n))
    return _balance(tuple(clauses), least=LEAST_SHOWN)


_CLAUSES: dict[str, Any] = {
    "section": lambda code: Participant.organisation_id.in_(section_organisations(code)),
    "body": lambda body_id: Participant.organisation_id.in_(
        select(Membership.member_id).where(Membership.body_id == body_id)
    ),
    "since": lambda day: Visit.starts_on >= day,
    "until": lambda day: Visit.starts_on <= day,
}


def _balance(clauses: tuple[ColumnElement[bool], ...], *, least: int) -> Balance:
    found: dict[str, Counts] = {
        "all": {},
        "gender": dict.fromkeys(map(str, Gender), 0),
        "office": dict.fromkeys(map(str, Office), 0),
        "section": {},
        "size": dict.fromkeys(map(str, CitySize), 0),
    }
    for name, key, number in db.session.execute(union_all(*_parts(clauses))):
        found[name][key] = number
    people = found["all"].get("all", 0)
    return Balance(
        people=None if 0 < people < least else people,
        genders=hide_small(found["gender"], least),
        offices=hide_small(found["office"], least),
        sections=hide_small(dict(sorted(found["section"].items())), least),
        sizes=hide_small(found["size"], least),
    )


def _parts(clauses: tuple[ColumnElement[bool], ...]) -> list[Any]:
    came = (
        Participant.state == ParticipantState.confirmed,
        Participant.attended.is_not(False),
        *clauses,
    )

    def counted(name: str, key: Any) -> Any:
        query = select(literal(name), cast(key, String), func.count(func.distinct(Participant.id)))
        joined = query.select_from(Participant).join(Visit, Visit.id == Participant.visit_id)
        of = joined.join(Organisation, Organisation.id == Participant.organisation_id)
        of = of.outerjoin(Place, Place.id == Organisation.place_id)
        return of.where(*came).group_by(key)

    section = (
        counted("section", Term.code)
        .join(organisation_terms, organisation_terms.c.organisation_id == Organisation.id)
        .join(Term, Term.id == organisation_terms.c.term_id)
        .where(Term.vocabulary == "section")
    )
    whole = select(literal("all"), literal("all"), func.count(Participant.id)).select_from(
        Participant
    )
    return [
        whole.join(Visit, Visit.id == Participant.visit_id).where(*came),
        counted("gender", Participant.gender),
        counted("office", Participant.office),
        section,
        counted("size", _size()),
    ]


def _size() -> Any:
    """How big the city is; whoever is no city has no size."""
    people = func.coalesce(Organisation.population, Place.population)
    unknown = people.is_(None) | (Organisation.kind != OrganisationKind.local_government)
    return case(
        (unknown, str(CitySize.unknown)),
        (people < INTERMEDIARY, str(CitySize.small)),
        (people < METROPOLITAN, str(CitySize.intermediary)),
        else_=str(CitySize.metropolitan),
    )
