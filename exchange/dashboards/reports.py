"""The report of a period: how far exchanges came, how long stages took, where and about what.

Of the exchanges that were begun within the period, except "time in stage", which is of those that
left the stage within it.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import Integer, case, distinct, func, or_, select, true, union
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.functions import FunctionElement

from exchange.clock import today
from exchange.dashboards.cut import Cut, within
from exchange.dashboards.pipeline import median
from exchange.directory.models import Person, organisation_terms
from exchange.exchanges import flow
from exchange.exchanges.models import Exchange, Partner, exchange_terms
from exchange.exchanges.queries import narrowed
from exchange.extensions import db
from exchange.lessons.models import FollowUp
from exchange.policy import is_everything
from exchange.steps import Step
from exchange.vocabularies.models import Term
from workflows.engine import Clock
from workflows.exchange import EXCHANGE, RULES, ExchangePhase, ExchangeState
from workflows.follow_up import FollowUpState

USUAL = timedelta(days=365)
OPEN_PHASES = tuple(phase for phase in ExchangePhase if phase != ExchangePhase.closed)
# Before it is sent, and a detour: not of the straight way whose days are added up.
_ASIDE = (ExchangeState.draft, ExchangeState.more_information)


class days_between(FunctionElement[int]):  # noqa: N801 - a function of SQL
    """Whole days from one moment to another."""

    type = Integer()
    inherit_cache = True


@compiles(days_between)
def _on_a_server(element: Any, compiler: Any, **options: Any) -> str:
    first, last = (compiler.process(one, **options) for one in element.clauses)
    return f"(date({last}) - date({first}))"


@compiles(days_between, "sqlite")
def _in_a_file(element: Any, compiler: Any, **options: Any) -> str:
    first, last = (compiler.process(one, **options) for one in element.clauses)
    return f"CAST(julianday(date({last})) - julianday(date({first})) AS INTEGER)"


@dataclass(frozen=True)
class Period:
    """From one day to another, both counted in."""

    since: date
    until: date

    def query(self) -> dict[str, str]:
        """What narrows the list of exchanges to those begun within it."""
        return {"begun_from": self.since.isoformat(), "begun_until": self.until.isoformat()}


@dataclass(frozen=True)
class Took:
    """How many days a stage took: half of the exchanges, nine of ten, and what is aimed at."""

    number: int
    median: int | None
    p90: int | None
    target: int


@dataclass(frozen=True)
class Report:
    """All figures of a report."""

    funnel: dict[ExchangePhase, int]
    took: dict[ExchangePhase, Took]
    sections: list[tuple[Term, int]]
    themes: list[tuple[Term, int]]
    languages: list[tuple[Term, int]]
    outcomes: dict[ExchangeState, int]
    follow_ups: dict[int, Counter[FollowUpState]]


def period_of(asked: Mapping[str, Any]) -> Period:
    """The period that is asked for; the last year without a word about it."""
    until = asked.get("until") or today()
    since = asked.get("since") or until - USUAL
    return Period(min(since, until), max(since, until))


def report(actor: Person | None, cut: Cut, period: Period) -> Report:
    """Every figure; six statements, whatever the rows."""
    begun = narrowed(within(Exchange, actor, cut), _days(period), actor)
    funnel, outcomes = _funnel(begun)
    tagged = _terms(begun)
    return Report(
        funnel=funnel,
        took=_took(within(Exchange, actor, cut), period),
        sections=_sections(begun),
        themes=[one for one in tagged if one[0].vocabulary == "theme"],
        languages=[one for one in tagged if one[0].vocabulary == "language"],
        outcomes=outcomes,
        follow_ups=_follow_ups(begun),
    )


def _days(period: Period) -> dict[str, date]:
    return {"begun_from": period.since, "begun_until": period.until}


def _funnel(begun: Any) -> tuple[dict[ExchangePhase, int], dict[ExchangeState, int]]:
    ends = [state for state in ExchangeState if RULES[state].final]
    stages = [case((flow.reached(phase), 1), else_=0) for phase in OPEN_PHASES]
    final = [case((Exchange.state == state, 1), else_=0) for state in ends]
    columns = [func.coalesce(func.sum(one), 0) for one in (*stages, *final)]
    numbers = [int(one) for one in db.session.execute(begun.with_only_columns(*columns)).one()]
    many = len(OPEN_PHASES)
    return (
        dict(zip(OPEN_PHASES, numbers[:many], strict=True)),
        dict(zip(ends, numbers[many:], strict=True)),
    )


def _terms(begun: Any) -> list[tuple[Term, int]]:
    ids = begun.with_only_columns(Exchange.id)
    query = (
        select(Term, func.count())
        .join(exchange_terms, exchange_terms.c.term_id == Term.id)
        .where(Term.vocabulary.in_(("theme", "language")), exchange_terms.c.exchange_id.in_(ids))
        .group_by(Term.id)
        .order_by(func.count().desc(), Term.position, Term.id)
    )
    return [(term, number) for term, number in db.session.execute(query)]


def _sections(begun: Any) -> list[tuple[Term, int]]:
    """By the sections of proposer and partners: one exchange can be of several."""
    ids = begun.with_only_columns(Exchange.id)
    concerned = union(
        select(Exchange.id.label("exchange_id"), Exchange.proposer_id.label("organisation_id")),
        select(Partner.exchange_id, Partner.organisation_id),
    ).subquery()
    query = (
        select(Term, func.count(distinct(concerned.c.exchange_id)))
        .join(organisation_terms, organisation_terms.c.term_id == Term.id)
        .join(concerned, concerned.c.organisation_id == organisation_terms.c.organisation_id)
        .where(Term.vocabulary == "section", concerned.c.exchange_id.in_(ids))
        .group_by(Term.id)
        .order_by(func.count(distinct(concerned.c.exchange_id)).desc(), Term.position)
    )
    return [(term, number) for term, number in db.session.execute(query)]


def _follow_ups(begun: Any) -> dict[int, Counter[FollowUpState]]:
    ids = begun.with_only_columns(Exchange.id)
    query = select(FollowUp.months, FollowUp.state, func.count()).group_by(
        FollowUp.months, FollowUp.state
    )
    found: dict[int, Counter[FollowUpState]] = {months: Counter() for months in (3, 6, 12)}
    for months, state, number in db.session.execute(query.where(FollowUp.exchange_id.in_(ids))):
        found[months][FollowUpState(state)] = number
    return found


def _took(chosen: Any, period: Period) -> dict[ExchangePhase, Took]:
    """From the first step into a stage (a proposal: from its sending) to the last one out of it."""
    ids = chosen.with_only_columns(Exchange.id)
    which = true() if is_everything(ids) else Step.subject_id.in_(ids)
    of_exchange = (Step.subject_type == EXCHANGE.name, which)
    ends = or_(*(flow.steps_out(phase) for phase in OPEN_PHASES))
    out = _by_phase(Step.from_state, func.max, *of_exchange, ends)
    into = _by_phase(Step.to_state, func.min, *of_exchange)
    first = datetime.combine(period.since, time(), UTC)
    last = datetime.combine(period.until, time(), UTC) + timedelta(days=1)
    days = days_between(into.c.moment, out.c.moment)
    rows = (
        select(out.c.phase, days.label("days"))
        .join(into, (into.c.subject_id == out.c.subject_id) & (into.c.phase == out.c.phase))
        .where(out.c.moment >= first, out.c.moment < last)
        .subquery()
    )
    query: Any = select(rows.c.phase, rows.c.days, func.count()).group_by(rows.c.phase, rows.c.days)
    counted: dict[ExchangePhase, Counter[int]] = {phase: Counter() for phase in OPEN_PHASES}
    for phase, number_of_days, number in db.session.execute(query):
        counted[ExchangePhase(phase)][max(0, number_of_days)] += number
    return {
        phase: Took(days.total(), median(days), median(days, 0.9), target_days(phase))
        for phase, days in counted.items()
    }


def _by_phase(state: Any, which: Any, *clauses: Any) -> Any:
    phases = [(state.in_(flow.states_of(phase)), str(phase)) for phase in OPEN_PHASES]
    rows = (
        select(Step.subject_id, case(*phases).label("phase"), Step.happened_at)
        .where(*clauses)
        .subquery()
    )
    return (
        select(rows.c.subject_id, rows.c.phase, which(rows.c.happened_at).label("moment"))
        .where(rows.c.phase.is_not(None))
        .group_by(rows.c.subject_id, rows.c.phase)
        .subquery()
    )


def target_days(phase: ExchangePhase) -> int:
    """The days of the states on the straight way through a stage; those that are all counted from
    the day of the visit lie within each other, so the longest counts."""
    states = [state for state in flow.states_of(phase) if state not in _ASIDE]
    after = [RULES[s].days or 0 for s in states if RULES[s].clock != Clock.entry]
    return sum(RULES[s].days or 0 for s in states if RULES[s].clock == Clock.entry) + max(
        after, default=0
    )
