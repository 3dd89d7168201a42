"""The blocks of the dashboard. Each is one grouped statement, whatever the rows.

A figure is counted by the same clause that narrows the list behind it, within what the actor may
know of: the tile and its list never differ.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, String, case, func, literal, or_, select, type_coerce, union_all
from sqlalchemy.orm import joinedload, lazyload

from exchange.catalogue import queries as catalogue
from exchange.catalogue.models import Need, Offer, need_terms, offer_terms
from exchange.clock import today
from exchange.dashboards.cut import Cut, among, within
from exchange.dashboards.pipeline import Pipeline, Row, phase_of, pipeline
from exchange.directory.models import Organisation, Person
from exchange.exchanges import flow
from exchange.exchanges import queries as exchanges
from exchange.exchanges.ageing import is_open, is_stuck
from exchange.exchanges.models import Exchange, Partner, PartnerRole
from exchange.extensions import db
from exchange.forums import cohort as cohorts
from exchange.matching.models import Match
from exchange.messages.models import Message
from exchange.policy import allowed, scoped
from exchange.reminders import queries as reminders
from exchange.reminders.models import Reminder
from exchange.steps import Step
from exchange.visits.models import ChecklistItem, Participant, Visit, VisitTime
from exchange.visits.queries import in_time
from exchange.vocabularies.models import Term
from workflows.exchange import EXCHANGE, ExchangePhase
from workflows.offer import OfferState
from workflows.participant import ParticipantState

__all__ = ["Pipeline", "Row", "phase_of", "pipeline"]

LATE_SHOWN, VISITS_SHOWN, RECENT_SHOWN = 8, 6, 10
ALL = Cut()


def late(actor: Person | None, cut: Cut = ALL) -> list[Exchange]:
    """The open exchanges that are overdue or stuck, those first that stand the longest."""
    shown = (
        joinedload(Exchange.proposer),
        joinedload(Exchange.owner).lazyload(Person.affiliations),
    )
    query = within(Exchange, actor, cut).with_only_columns(Exchange.id)
    query = query.where(is_open(), or_(exchanges.is_overdue(), is_stuck()))
    oldest = (Exchange.state_since, Exchange.id)
    # First which, from an index; then what is shown of these few.
    few = select(Exchange).where(Exchange.id.in_(query.order_by(*oldest).limit(LATE_SHOWN)))
    return list(db.session.scalars(few.order_by(*oldest).options(*shown)).unique())


@dataclass
class Pairing:
    """The names of who learns and who shows in one exchange."""

    learners: list[str] = field(default_factory=list)
    hosts: list[str] = field(default_factory=list)


def pairings(ids: set[int]) -> dict[int, Pairing]:
    """Who learns from whom in these exchanges; one statement."""
    found = {one: Pairing() for one in ids}
    query = (
        select(Partner.exchange_id, Partner.role, Organisation.name)
        .join(Organisation, Organisation.id == Partner.organisation_id)
        .where(Partner.exchange_id.in_(ids))
        .where(Partner.role.in_((PartnerRole.host, PartnerRole.learner)))
        .order_by(Partner.id)
    )
    for exchange_id, role, name in db.session.execute(query):
        pairing = found[exchange_id]
        (pairing.hosts if role == PartnerRole.host else pairing.learners).append(name)
    return found


@dataclass(frozen=True)
class Coming:
    """A visit to come, and what is settled of it. ``interpreter``: None when nobody asked."""

    visit: Visit
    people: bool
    interpreter: bool | None


def next_visits(actor: Person | None, cut: Cut = ALL) -> tuple[list[Coming], int]:
    """The next visits, and how many there are to come; one statement."""
    people = select(func.count(Participant.id)).where(
        Participant.visit_id == Visit.id, Participant.state == ParticipantState.confirmed
    )
    asked = (
        select(func.max(case((ChecklistItem.done_on.is_not(None), 1), else_=0)))
        .join(Term, Term.id == ChecklistItem.term_id)
        .where(ChecklistItem.visit_id == Visit.id, Term.code == "interpretation")
    )
    soonest = (Visit.starts_on.is_(None), Visit.starts_on, Visit.id)
    few = (
        within(Visit, actor, cut)
        .where(in_time(VisitTime.to_come, today()))
        .with_only_columns(Visit.id, func.count().over().label("total"))
        .order_by(*soonest)
        .limit(VISITS_SHOWN)
        .subquery()
    )
    query = (
        select(Visit, few.c.total, people.scalar_subquery(), asked.scalar_subquery())
        .join(few, few.c.id == Visit.id)
        .options(joinedload(Visit.exchange))
        .order_by(*soonest)
    )
    rows = db.session.execute(query).unique().all()
    found = [
        Coming(visit, bool(many), None if settled is None else bool(settled))
        for visit, _total, many, settled in rows
    ]
    return found, rows[0][1] if rows else 0


@dataclass(frozen=True)
class Theme:
    """The unmatched needs of a theme, and the published offers for it."""

    term: Term
    total: int
    oldest: datetime | None
    offers: int


def unmatched(actor: Person | None, cut: Cut = ALL) -> tuple[list[Theme], int]:
    """Published needs that nobody is asked about, by theme, the fullest first; and how many there
    are in all (a need with two themes counts in both, and once in the sum). One statement."""
    needs = within(Need, actor, cut).where(catalogue.is_unmatched(Need))
    total = select(func.count()).select_from(needs.subquery()).scalar_subquery()
    ids = needs.with_only_columns(Need.id)
    offered = scoped(Offer, actor).where(Offer.state == OfferState.published)
    offers = (
        select(func.count())
        .where(offer_terms.c.term_id == Term.id)
        .where(offer_terms.c.offer_id.in_(offered.with_only_columns(Offer.id)))
        .correlate(Term)
    )
    query = (
        select(Term, func.count(), func.min(Need.published_at), offers.scalar_subquery(), total)
        .join(need_terms, need_terms.c.term_id == Term.id)
        .join(Need, Need.id == need_terms.c.need_id)
        .where(Term.vocabulary == "theme", Need.id.in_(ids))
        .group_by(Term.id)
        .order_by(func.count().desc(), Term.position)
    )
    rows = db.session.execute(query).all()
    themes = [Theme(term, number, oldest, many) for term, number, oldest, many, _all in rows]
    return themes, rows[0][4] if rows else 0


def fates(actor: Person | None, cut: Cut = ALL) -> dict[str, Counter[str]]:
    """What became of matches, reminders and messages, of those that the actor may list; and how
    many exchanges left each stage lately, and went on. One statement."""
    parts = [*_flow(actor, cut), _by_state("match", within(Match, actor, cut), Match)]
    names = ["left", "passed", "match"]
    if allowed(actor, "reminder.see"):
        names.append("reminder")
        parts += _reminders(actor, cut)
    if allowed(actor, "message.see"):
        names.append("message")
        parts.append(_by_state("message", scoped(Message, actor), Message))
    found = {name: Counter[str]() for name in names}
    for name, state, number in db.session.execute(union_all(*parts)):
        found[name][state] = number
    return found


def _by_state(name: str, query: Select[Any], model: Any) -> Any:
    # As text: the union takes the type of its first part, and each workflow has states of its own.
    state = type_coerce(model.state, String).label("state")
    counted = query.with_only_columns(literal(name), state, func.count())
    return counted.group_by(model.state)


def _reminders(actor: Person | None, cut: Cut) -> list[Any]:
    query = reminders.listed(scoped(Reminder, actor), cut.query())
    silent = reminders.listed(query, {"silent": True})
    columns = literal("reminder"), literal("silent"), func.count()
    return [_by_state("reminder", query, Reminder), silent.with_only_columns(*columns)]


def _flow(actor: Person | None, cut: Cut) -> list[Any]:
    open_phases = [phase for phase in ExchangePhase if phase != ExchangePhase.closed]
    whens = [(Step.from_state.in_(flow.states_of(p)), literal(str(p))) for p in open_phases]
    went_on = case((or_(*map(flow.steps_on, open_phases)), 1), else_=0)
    rows = (
        select(case(*whens).label("phase"), func.max(went_on).label("on"))
        .where(flow.lately(), or_(*map(flow.steps_out, open_phases)))
        .where(among(Step.subject_id, actor, cut))
        .group_by(case(*whens), Step.subject_id)
        .cte("lately")  # read twice, made once
    )
    left = select(literal("left"), rows.c.phase, func.count()).group_by(rows.c.phase)
    passed = select(literal("passed"), rows.c.phase, func.sum(rows.c.on)).group_by(rows.c.phase)
    return [left, passed]


def recent(actor: Person | None, cut: Cut = ALL) -> list[tuple[Step, Exchange]]:
    """The last moves of exchanges, the newest first; one statement."""
    newest = (Step.happened_at.desc(), Step.id.desc())
    known = within(Exchange, actor, cut).where(Exchange.id == Step.subject_id).exists()
    last = select(Step.id).where(Step.subject_type == EXCHANGE.name, known)
    query = (
        select(Step, Exchange)
        .join(Exchange, Exchange.id == Step.subject_id)
        .where(Step.id.in_(last.order_by(*newest).limit(RECENT_SHOWN)))
        .options(joinedload(Step.actor).options(lazyload(Person.affiliations)))
        .order_by(*newest)
    )
    return [(step, exchange) for step, exchange in db.session.execute(query)]


def cohort() -> cohorts.Way | None:
    """The last forum, and how far its organisations came since; None without any forum."""
    return cohorts.way_of_latest()
