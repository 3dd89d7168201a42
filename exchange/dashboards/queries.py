"""The figures of the dashboard. Each block is one grouped statement, whatever the rows.

A figure is counted by the same clause that narrows the list behind it, within what the actor may
know of: the tile and its list never differ.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    String,
    case,
    func,
    literal,
    or_,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import joinedload, selectinload

from exchange.catalogue import queries as catalogue
from exchange.catalogue.models import Need, need_terms
from exchange.clock import today
from exchange.directory.models import Person, StaffRole
from exchange.directory.queries import section_organisations
from exchange.exchanges import queries as exchanges
from exchange.exchanges.ageing import Age, aged, is_due_soon, is_open, is_stuck
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.forums import cohort as cohorts
from exchange.forums.cohort import Reached
from exchange.forums.models import Forum
from exchange.forums.queries import latest
from exchange.matching import queries as matching
from exchange.matching.models import Match
from exchange.messages.models import Message
from exchange.policy import allowed, scoped
from exchange.reminders.models import Reminder
from exchange.visits.models import Visit, VisitTime
from exchange.visits.queries import in_time
from exchange.vocabularies.models import Term
from workflows.exchange import RULES, ExchangePhase, ExchangeState

LATE_SHOWN, VISITS_SHOWN = 8, 6


@dataclass
class Row:
    """A stage or a state of the pipeline: how many, how many overdue, for how long."""

    total: int = 0
    overdue: int = 0
    ages: Counter[Age] = field(default_factory=Counter)

    def add(self, number: int, *, overdue: bool, age: Age) -> None:
        """Count ``number`` exchanges in."""
        self.total += number
        self.overdue += number if overdue else 0
        self.ages[age] += number


@dataclass
class Pipeline:
    """The exchanges by stage and by state, and what calls for somebody."""

    phases: dict[ExchangePhase, Row]
    states: dict[ExchangeState, Row]
    overdue: int = 0
    stuck: int = 0
    due_soon: int = 0

    @property
    def to_triage(self) -> int:
        """Proposals that wait for their first look."""
        return self.states[ExchangeState.submitted].total


def section_for(actor: Person | None, asked: str | None) -> str | None:
    """The section whose figures are shown: staff choose one or none, its officer sees the own."""
    own = actor.section_code if actor and actor.staff_role == StaffRole.section_officer else None
    return own or asked or None


def _within(model: Any, actor: Person | None, section: str | None) -> Select[Any]:
    """What the actor may know of, in one section when one is given."""
    query: Select[Any] = scoped(model, actor)
    return query.where(_OF_SECTION[model](section)) if section else query


_OF_SECTION: dict[Any, Callable[[str], ColumnElement[bool]]] = {
    Exchange: exchanges.of_section,
    Visit: lambda code: Visit.exchange.has(exchanges.of_section(code)),
    Need: lambda code: Need.organisation_id.in_(section_organisations(code)),
    Match: matching.of_section,
}


def pipeline(actor: Person | None, section: str | None = None) -> Pipeline:
    """Count the exchanges; one that is on hold counts in the stage it was in."""
    late, stuck, soon = exchanges.is_overdue(), is_stuck(), is_due_soon()
    age = case(*((aged(one), literal(str(one))) for one in Age))
    keys = [Exchange.state, Exchange.held_state, age.label("age")]
    flags = [
        case((clause, 1), else_=0).label(name)
        for name, clause in (("late", late), ("stuck", stuck), ("soon", soon))
    ]
    rows = _within(Exchange, actor, section).with_only_columns(*keys, *flags).subquery()
    query = select(*rows.c, func.count()).group_by(*rows.c)
    found = Pipeline(
        {phase: Row() for phase in ExchangePhase}, {state: Row() for state in ExchangeState}
    )
    counted: Iterable[Any] = db.session.execute(query)
    for state, held, in_state, is_late, stands, nears, number in counted:
        for row in (found.phases[phase_of(held or state)], found.states[state]):
            row.add(number, overdue=bool(is_late), age=Age(in_state))
        found.overdue += number * is_late
        found.stuck += number * stands
        found.due_soon += number * nears
    return found


def phase_of(state: ExchangeState) -> ExchangePhase:
    """The stage of a state."""
    return ExchangePhase(RULES[state].phase)


def late(actor: Person | None, section: str | None = None) -> list[Exchange]:
    """The open exchanges that are overdue or stuck, the longest overdue first."""
    note: Any = Exchange.note.property.mapper.class_
    shown = (
        joinedload(Exchange.proposer),
        joinedload(Exchange.owner).lazyload(Person.affiliations),
        joinedload(Exchange.note).options(
            joinedload(note.author).lazyload(Person.affiliations),
            joinedload(note.reviewer).lazyload(Person.affiliations),
        ),
        selectinload(Exchange.partners),
        selectinload(Exchange.needs).joinedload(Need.organisation),
        selectinload(Exchange.follow_ups),
    )
    query = _within(Exchange, actor, section)
    query = query.where(is_open(), or_(exchanges.is_overdue(), is_stuck()))
    ordered = query.order_by(Exchange.due_order, Exchange.state_since, Exchange.id)
    return list(db.session.scalars(ordered.options(*shown).limit(LATE_SHOWN)).unique())


def next_visits(actor: Person | None, section: str | None = None) -> tuple[list[Visit], int]:
    """The next visits, and how many there are to come."""
    query = (
        _within(Visit, actor, section)
        .where(in_time(VisitTime.to_come, today()))
        .add_columns(func.count().over())
        .options(joinedload(Visit.exchange))
        .order_by(Visit.starts_on.is_(None), Visit.starts_on, Visit.id)
        .limit(VISITS_SHOWN)
    )
    rows = db.session.execute(query).unique().all()
    return [visit for visit, _total in rows], rows[0][1] if rows else 0


@dataclass(frozen=True)
class Theme:
    """The unmatched needs of a theme."""

    term: Term
    total: int
    oldest: datetime | None


def unmatched(actor: Person | None, section: str | None = None) -> tuple[list[Theme], int]:
    """Published needs that nobody is asked about, by theme, the fullest first; and how many there
    are in all (a need with two themes counts in both, and once in the sum)."""
    needs = _within(Need, actor, section).where(catalogue.is_unmatched(Need))
    total = select(func.count()).select_from(needs.subquery()).scalar_subquery()
    ids = needs.with_only_columns(Need.id)
    query = (
        select(Term, func.count(), func.min(Need.published_at), total)
        .join(need_terms, need_terms.c.term_id == Term.id)
        .join(Need, Need.id == need_terms.c.need_id)
        .where(Term.vocabulary == "theme", Need.id.in_(ids))
        .group_by(Term.id)
        .order_by(func.count().desc(), Term.position)
    )
    rows = db.session.execute(query).all()
    return [Theme(term, number, oldest) for term, number, oldest, _all in rows], (
        rows[0][3] if rows else 0
    )


def fates(actor: Person | None, section: str | None = None) -> dict[str, Counter[str]]:
    """Matches, reminders and messages by their state; those only that the actor may list.

    Reminders and messages are of no section: with one, only matches are counted.
    """
    models: dict[str, Any] = (
        {"match": Match} if section else {"match": Match, "reminder": Reminder, "message": Message}
    )
    nouns = [name for name in models if allowed(actor, f"{name}.see")]
    parts = [
        _by_state(
            name, _within(models[name], actor, section if name == "match" else None), models[name]
        )
        for name in nouns
    ]
    found = {name: Counter[str]() for name in nouns}
    for name, state, number in db.session.execute(union_all(*parts)):
        found[name][state] = number
    return found


def _by_state(name: str, query: Select[Any], model: Any) -> Any:
    # As text: the union takes the type of its first part, and each workflow has states of its own.
    state = type_coerce(model.state, String).label("state")
    counted = query.with_only_columns(literal(name), state, func.count())
    return counted.group_by(model.state)


def cohort() -> tuple[Forum, dict[Reached, int]] | None:
    """The last forum, and how far its organisations came since; None without any forum."""
    forum = latest()
    return (forum, cohorts.counts(forum)) if forum else None
