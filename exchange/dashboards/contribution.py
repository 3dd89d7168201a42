"""What a city learned and changed, goal by goal: its contribution to a voluntary local review.

A review tells a country and the United Nations what a city does for the Sustainable Development
Goals. What is written here is what the city and its partners recorded, and what they did not.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from exchange.catalogue.models import Need, need_terms
from exchange.dashboards.ledger import came_to_its_visit
from exchange.directory.models import Organisation, Person
from exchange.exchanges.models import Exchange, Partner, exchange_terms
from exchange.extensions import db
from exchange.labs.models import Lab, lab_terms
from exchange.lessons.models import FollowUp, RecordedChange
from exchange.policy import scoped
from exchange.vocabularies.models import Term
from workflows.follow_up import FollowUpState
from workflows.lab import LabState

NO_GOAL = ""


@dataclass(frozen=True)
class Period:
    """From a day to a day, both included; open where none is given."""

    since: date | None = None
    until: date | None = None

    @property
    def narrows(self) -> bool:
        """Whether it leaves anything out."""
        return self.since is not None or self.until is not None

    def holds(self, first: Any, last: Any = None) -> list[ColumnElement[bool]]:
        """Clauses for rows of a day, or of days from ``first`` to ``last`` that touch it. A row
        without a day lies in no period."""
        found = [] if self.since is None else [(first if last is None else last) >= self.since]
        return found if self.until is None else [*found, first <= self.until]

    def holds_instant(self, column: Any) -> list[ColumnElement[bool]]:
        """The same for a moment, by days of universal time."""
        first, last = self.since, self.until and self.until + timedelta(days=1)
        found = [] if first is None else [column >= datetime.combine(first, time.min, UTC)]
        return [*found, column < datetime.combine(last, time.min, UTC)] if last else found

    def __contains__(self, day: date) -> bool:
        return (self.since or day) <= day <= (self.until or day)


ALWAYS = Period()


@dataclass
class Goal:
    """What belongs to one goal. A row with several goals stands under each."""

    needs: list[Need] = field(default_factory=list)
    exchanges: list[Exchange] = field(default_factory=list)
    labs: list[Lab] = field(default_factory=list)
    changes: list[RecordedChange] = field(default_factory=list)


@dataclass
class Contribution:
    """``goals`` by number, ``NO_GOAL`` last: what carries the tag of none. ``follow_ups`` counts
    the questions about what changed, by what became of them; ``unchanged`` are exchanges of which
    no change of this city is recorded; ``undated`` counts those that have no day, so that they lie
    in no period."""

    organisation: Organisation
    goals: dict[str, Goal]
    follow_ups: dict[FollowUpState, int]
    unchanged: list[Exchange]
    exchanges: int
    period: Period = ALWAYS
    undated: int = 0

    @property
    def asked(self) -> int:
        """How many follow-ups were asked so far."""
        return sum(self.follow_ups.values()) - self.follow_ups[FollowUpState.planned]


def contribution(
    organisation: Organisation, actor: Person | None, period: Period = ALWAYS
) -> Contribution:
    """Everything of ``organisation`` that ``actor`` may know of and that lies in ``period``; the
    same number of statements however much it did.

    Needs lie there by the day they were published, exchanges by their first, laboratories by any
    of theirs, changes by the day they were recorded, follow-ups by the day they were due.
    """
    mine = organisation.id
    asked = scoped(Need, actor).where(
        Need.organisation_id == mine,
        Need.published_at.is_not(None),
        *period.holds_instant(Need.published_at),
    )
    needs = _all(asked, Need.published_at)
    part = select(Partner.exchange_id).where(Partner.organisation_id == mine)
    held = scoped(Exchange, actor).where(
        Exchange.id.in_(part) | (Exchange.proposer_id == mine), came_to_its_visit()
    )
    partners = selectinload(Exchange.partners).joinedload(Partner.organisation)
    dated = held.options(partners).where(*period.holds(Exchange.starts_on))
    exchanges = _all(dated, Exchange.starts_on)
    tried = scoped(Lab, actor).where(Lab.organisation_id == mine, Lab.state != LabState.prepared)
    labs = _all(tried.where(*period.holds(Lab.starts_on, Lab.ends_on)), Lab.starts_on)
    recorded = scoped(RecordedChange, actor).where(RecordedChange.organisation_id == mine)
    recorded = recorded.options(joinedload(RecordedChange.exchange))
    whenever = _all(recorded, RecordedChange.recorded_on)
    changes = [one for one in whenever if one.recorded_on in period]
    found: dict[str, Goal] = defaultdict(Goal)
    _put(found, "needs", needs, need_terms.c.need_id, lambda row: row.id)
    of_exchange = exchange_terms.c.exchange_id
    _put(found, "exchanges", exchanges, of_exchange, lambda row: row.id)
    _put(found, "labs", labs, lab_terms.c.lab_id, lambda row: row.id)
    _put(found, "changes", changes, of_exchange, lambda row: row.exchange_id)
    # Whatever changed later is no longer unknown.
    changed = {change.exchange_id for change in whenever}
    return Contribution(
        organisation,
        dict(sorted(found.items(), key=lambda one: _place(one[0]))),
        _follow_ups(mine, actor, period),
        [one for one in exchanges if one.id not in changed],
        len(exchanges),
        period,
        _undated(held) if period.narrows else 0,
    )


def _undated(held: Select[Any]) -> int:
    found = held.where(Exchange.starts_on.is_(None)).with_only_columns(func.count(Exchange.id))
    return db.session.scalar(found) or 0


def _all(query: Select[Any], day: Any) -> list[Any]:
    return list(db.session.scalars(query.order_by(day, query.selected_columns.id)).unique())


def _put(found: dict[str, Goal], name: str, rows: list[Any], column: Any, subject: Any) -> None:
    goals = _goals_of(column, {subject(row) for row in rows})
    for row in rows:
        for goal in goals.get(subject(row), (NO_GOAL,)):
            getattr(found[goal], name).append(row)


def _goals_of(column: Any, ids: Iterable[int]) -> dict[int, list[str]]:
    """The goals of rows by their ids; a target counts for its goal."""
    parent = aliased(Term)
    code = func.coalesce(parent.code, Term.code)
    query = (
        select(column, code)
        .join(Term, Term.id == column.table.c.term_id)
        .outerjoin(parent, parent.id == Term.parent_id)
        .where(column.in_(ids), Term.vocabulary.in_(("sdg_goal", "sdg_target")))
        .distinct()
    )
    found: dict[int, list[str]] = defaultdict(list)
    for row_id, goal in db.session.execute(query):
        found[row_id].append(goal)
    return found


def _place(goal: str) -> tuple[bool, int]:
    return goal == NO_GOAL, int(goal) if goal.isdigit() else 0


def _follow_ups(
    organisation_id: int, actor: Person | None, period: Period
) -> dict[FollowUpState, int]:
    query = scoped(FollowUp, actor).where(FollowUp.organisation_id == organisation_id)
    query = query.where(*period.holds(FollowUp.due_on))
    counted = query.with_only_columns(FollowUp.state, func.count()).group_by(FollowUp.state)
    rows = db.session.execute(counted).all()
    return {**dict.fromkeys(FollowUpState, 0), **{row[0]: row[1] for row in rows}}
