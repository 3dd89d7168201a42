"""Reading visits."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, or_, select
from sqlalchemy.orm import contains_eager, joinedload, selectinload

from exchange.accounts.queries import hashed
from exchange.clock import today
from exchange.directory.models import Organisation, Person
from exchange.errors import NotFound
from exchange.exchanges.flow import answers_call
from exchange.exchanges.models import Exchange, Partner, PartnerRole
from exchange.exchanges.queries import of_section
from exchange.extensions import db
from exchange.listing import folded
from exchange.parties import parties_of
from exchange.visits.models import (
    ChecklistItem,
    Gender,
    Office,
    Participant,
    ParticipantLink,
    Visit,
    VisitSession,
    VisitTime,
)
from workflows.exchange import BEFORE_VISIT, ExchangeState
from workflows.participant import ParticipantState

SORTS = {"starts": Visit.starts_on, "ends": Visit.ends_on, "title": Visit.title}
PLANNABLE = frozenset(BEFORE_VISIT) - {ExchangeState.confirmed}
# The evaluation and its corrections are over by then; a forgotten mail opens nothing for ever.
LINK_LIFE = timedelta(days=365)
_DROPPED = (ExchangeState.cancelled, ExchangeState.declined)


def listed(
    query: Select[tuple[Visit]], filters: Mapping[str, Any], actor: Person | None
) -> Select[tuple[Visit]]:
    """Narrow ``query`` by ``filters`` and load what a list shows: three statements, any length.

    Without ``when`` the list holds what is to come.
    """
    clauses = [in_time(filters.get("when") or VisitTime.to_come, today())]
    clauses += [clause(filters[name]) for name, clause in _CLAUSES.items() if filters.get(name)]
    if filters.get("mine"):
        mine = actor.organisation_ids() if actor else set()
        clauses.append(Visit.exchange.has(_takes_part(mine)))
    exchange = joinedload(Visit.exchange)
    return query.where(*clauses).options(
        exchange.selectinload(Exchange.partners), exchange.joinedload(Exchange.proposer)
    )


def in_time(when: VisitTime, day: date) -> ColumnElement[bool]:
    """Visits that are over on ``day``, that are to come (or have no day yet), or all."""
    past = Visit.ends_on < day
    if when == VisitTime.past:
        return past
    if when == VisitTime.all:
        return Visit.id.is_not(None)
    dropped = Visit.exchange.has(Exchange.state.in_(_DROPPED))
    return or_(Visit.ends_on.is_(None), ~past) & ~dropped


def _takes_part(organisation_ids: set[int]) -> ColumnElement[bool]:
    partner = Exchange.partners.any(Partner.organisation_id.in_(organisation_ids))
    return partner | Exchange.proposer_id.in_(organisation_ids)


def _words(text: str) -> ColumnElement[bool]:
    pattern = f"%{text}%"
    named = Partner.organisation.has(Organisation.folded_name.like(f"%{folded(text)}%"))
    return or_(
        Visit.title.ilike(pattern),
        Visit.place.ilike(pattern),
        Visit.exchange.has(Exchange.title.ilike(pattern) | Exchange.reference.ilike(pattern)),
        Visit.exchange.has(Exchange.partners.any(named)),
    )


def _hosted_in(country: str) -> ColumnElement[bool]:
    there = Partner.organisation.has(country_code=country.upper())
    host = (Partner.role == PartnerRole.host) & there
    return Visit.exchange.has(Exchange.partners.any(host))


_CLAUSES: dict[str, Any] = {
    "q": _words,
    "mode": lambda value: Visit.mode == value,
    "country": _hosted_in,
    "theme": lambda value: Visit.exchange.has(Exchange.terms.any(vocabulary="theme", code=value)),
    "section": lambda value: Visit.exchange.has(of_section(value)),
    "exchange": lambda value: Visit.exchange_id == value,
    "owner": lambda value: Visit.exchange.has(owner_id=value),
    "programme_id": lambda value: Visit.exchange.has(answers_call(value)),
    "starts_from": lambda value: Visit.starts_on >= value,
    "starts_until": lambda value: Visit.starts_on <= value,
}


def may_plan(exchange: Exchange) -> bool:
    """Whether a visit can be planned now: before the visit, and the one before was held."""
    last = exchange.current_visit
    held = last is None or last.attendance_recorded_on is not None
    return exchange.state in PLANNABLE and held


def organisations_of(exchange: Exchange) -> list[Organisation]:
    """The organisations that take part, by name: they nominate participants."""
    ids = parties_of(exchange).everyone
    query = select(Organisation).where(Organisation.id.in_(ids))
    return list(db.session.scalars(query.order_by(Organisation.folded_name)))


def participant_of_link(secret: str) -> Participant:
    """The participant behind the secret of a personal link.

    :raises NotFound: nobody has it, or the visit ended more than a year ago.
    """
    oldest = today() - LINK_LIFE
    query = (
        select(Participant)
        .join(ParticipantLink)
        .join(Participant.visit)
        .where(ParticipantLink.secret_hash == hashed(secret))
        .where(or_(Visit.ends_on.is_(None), Visit.ends_on >= oldest))
        .options(joinedload(Participant.sheet), contains_eager(Participant.visit))
    )
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound("not_found", noun="participant_link")
    return found


def own_part(visit: Visit, person: Person) -> Participant | None:
    """The participant that ``person`` is in this visit, by their address."""
    query = select(Participant).where(
        Participant.visit_id == visit.id, Participant.email == person.email
    )
    return db.session.scalars(query).first()


def delegation(visit: Visit) -> list[Participant]:
    """The participants with their sheets, by organisation and name."""
    query = (
        select(Participant)
        .where(Participant.visit_id == visit.id)
        .options(selectinload(Participant.sheet))
    )
    found = db.session.scalars(query)
    return sorted(found, key=lambda p: (p.organisation.folded_name, folded(p.name)))


def programme(visit: Visit) -> list[VisitSession]:
    """The sessions in their order, with who leads them."""
    query = (
        select(VisitSession)
        .where(VisitSession.visit_id == visit.id)
        .options(joinedload(VisitSession.speaker))
        .order_by(VisitSession.day, VisitSession.starts_at, VisitSession.id)
    )
    return list(db.session.scalars(query))


def checklist(visit: Visit) -> list[ChecklistItem]:
    """What is to be settled, in the order of its days; what has no day comes last."""
    query = (
        select(ChecklistItem)
        .where(ChecklistItem.visit_id == visit.id)
        .options(joinedload(ChecklistItem.done_by))
    )
    found = db.session.scalars(query)
    return sorted(found, key=lambda item: (item.due_on or date.max, item.id))


def time_zone_of(exchange: Exchange) -> str:
    """The time zone of the host's place: where visits are held unless said."""
    hosts = [partner.organisation for partner in exchange.with_role(PartnerRole.host)]
    return next((host.place.time_zone for host in hosts if host.place), "UTC")


@dataclass(frozen=True)
class Balance:
    """Who is in a delegation, counted; those who are not coming are left out."""

    people: int
    confirmed: int
    women: int
    men: int
    unsaid: int
    political: int
    technical: int
    organisations: int


def balance(participants: list[Participant]) -> Balance:
    """Count a delegation: an exchange needs women and men, politicians and practitioners."""
    coming = [p for p in participants if p.state != ParticipantState.declined]
    genders, offices = Counter(p.gender for p in coming), Counter(p.office for p in coming)
    return Balance(
        people=len(coming),
        confirmed=sum(p.state == ParticipantState.confirmed for p in coming),
        women=genders[Gender.woman],
        men=genders[Gender.man],
        unsaid=genders[Gender.unsaid],
        political=offices[Office.political],
        technical=offices[Office.technical],
        organisations=len({p.organisation_id for p in coming}),
    )


def clashes(sessions: list[VisitSession]) -> set[int]:
    """Ids of sessions that share a room with another at the same time: a warning, not an error."""
    found: set[int] = set()
    for index, one in enumerate(sessions):
        for other in sessions[index + 1 :]:
            room = one.place and folded(one.place) == folded(other.place)
            if room and one.day == other.day and _overlap(one, other):
                found |= {one.id, other.id}
    return found


def _overlap(one: VisitSession, other: VisitSession) -> bool:
    return one.starts_at < other.ends_at and other.starts_at < one.ends_at
