"""The pipeline: how many exchanges stand where, for how long, and how many call for somebody."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from sqlalchemy import case, func, select

from exchange.clock import today
from exchange.dashboards.cut import Cut, within
from exchange.directory.models import Person
from exchange.exchanges.ageing import Age, aged, is_due_soon, is_stuck
from exchange.exchanges.models import Exchange
from exchange.exchanges.queries import is_overdue
from exchange.extensions import db
from workflows.exchange import RULES, ExchangePhase, ExchangeState


def median(numbers: Counter[int], share: float = 0.5) -> int | None:
    """The number below which ``share`` of the counted lie; None without any."""
    wanted = share * numbers.total()
    for number in sorted(numbers):
        wanted -= numbers[number]
        if wanted <= 0 and numbers[number]:
            return number
    return None


@dataclass
class Row:
    """A stage or a state of the pipeline: how many, how many overdue, for how long."""

    total: int = 0
    overdue: int = 0
    ages: Counter[Age] = field(default_factory=Counter)
    days: Counter[int] = field(default_factory=Counter)
    targets: Counter[int] = field(default_factory=Counter)

    def add(self, number: int, *, overdue: bool, age: Age) -> None:
        """Count ``number`` exchanges in."""
        self.total += number
        self.overdue += number if overdue else 0
        self.ages[age] += number

    def wait(self, number: int, days: int, target: int | None) -> None:
        """They have stood there for ``days``; a target of a day or none says nothing."""
        if target is not None and target > 1:
            self.days[days] += number
            self.targets[target] += number

    @property
    def median(self) -> int | None:
        """Half of them have stood in their state for at most so many days."""
        return median(self.days)

    @property
    def target(self) -> int | None:
        """Half of them should stand there for at most so many days."""
        return median(self.targets)


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


def pipeline(actor: Person | None, cut: Cut | None = None) -> Pipeline:
    """Count the exchanges; one that is on hold counts in the stage it was in. One statement."""
    flags = (("late", is_overdue()), ("stuck", is_stuck()), ("soon", is_due_soon()))
    rows = (
        within(Exchange, actor, cut or Cut())
        .with_only_columns(
            Exchange.state,
            Exchange.held_state,
            case(*((aged(one), number) for number, one in enumerate(Age))).label("age"),
            func.date(Exchange.state_since).label("since"),
            *(case((clause, 1), else_=0).label(name) for name, clause in flags),
        )
        .subquery()
    )
    found = Pipeline(
        {phase: Row() for phase in ExchangePhase}, {state: Row() for state in ExchangeState}
    )
    counted: Iterable[Any] = db.session.execute(select(*rows.c, func.count()).group_by(*rows.c))
    day, ages = today(), list(Age)
    for state, held, in_state, since, is_late, stands, nears, number in counted:
        days = max(0, (day - date.fromisoformat(str(since))).days)
        for row in (found.phases[phase_of(held or state)], found.states[state]):
            row.add(number, overdue=bool(is_late), age=ages[in_state])
            row.wait(number, days, RULES[state].days)
        found.overdue += number * is_late
        found.stuck += number * stands
        found.due_soon += number * nears
    return found


def phase_of(state: ExchangeState) -> ExchangePhase:
    """The stage of a state."""
    return ExchangePhase(RULES[state].phase)
