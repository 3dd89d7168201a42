"""What became of the organisations that took part in an edition: the way from forum to lesson.

Each stage is the first day on which something happened since the forum began. Each selection groups
by organisation, once for the whole cohort; figures and the lists behind them read the same.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, Select, literal, select, union, union_all
from sqlalchemy import func as sql
from sqlalchemy.orm import contains_eager

from exchange.catalogue.models import Need, Offer
from exchange.clock import today
from exchange.directory.models import Organisation
from exchange.exchanges.models import Exchange, Partner
from exchange.extensions import db
from exchange.forums.models import Attendance, Forum
from exchange.lessons.models import Note
from exchange.matching.models import Match
from exchange.steps import Step
from exchange.visits.models import Visit
from workflows.exchange import EXCHANGE, ExchangeState
from workflows.match import MATCH, MatchState

DAYS = (30, 60, 90, 180)


class Reached(StrEnum):
    """How far an organisation came since the forum; the last one: nowhere."""

    took_part = auto()
    registered = auto()
    matched = auto()
    agreed = auto()
    planned = auto()
    visited = auto()
    lesson = auto()
    no_contact = auto()


STAGES = tuple(stage for stage in Reached if stage not in (Reached.took_part, Reached.no_contact))


# A moment of a table, the organisation it happened to, and what else must hold.
_Part = tuple[Any, Any, tuple[Any, ...]]


def _own(column: Any, model: Any, *clauses: Any) -> list[_Part]:
    # Two selections, not one with "or": each finds its rows by an index.
    return [(column, whose, clauses) for whose in (model.organisation_id, model.published_by_id)]


def _of_matches(column: Any, *clauses: Any) -> list[_Part]:
    needs = _own(column, Need, Match.need_id == Need.id, *clauses)
    return needs + _own(column, Offer, Match.offer_id == Offer.id, *clauses)


def _agreed() -> list[_Part]:
    yes = (Step.subject_type == MATCH.name, Step.subject_id == Match.id)
    return _of_matches(Step.happened_at, *yes, Step.to_state == MatchState.agreed)


def _members(forum: Forum) -> Select[Any]:
    return select(Attendance.organisation_id).where(Attendance.forum_id == forum.id)


def _of_exchanges(forum: Forum) -> dict[Reached, list[_Part]]:
    """What happens in exchanges: of those that a member of the cohort proposed or takes part in."""
    members = _members(forum)
    proposed = select(Exchange.proposer_id.label("organisation_id"), Exchange.id.label("id"))
    takes_part = select(Partner.organisation_id, Partner.exchange_id)
    theirs = union(
        proposed.where(Exchange.proposer_id.in_(members)),
        takes_part.where(Partner.organisation_id.in_(members)),
    ).cte("theirs")  # read by each stage, made once
    who = theirs.c.organisation_id
    ready = (Step.subject_type == EXCHANGE.name, Step.subject_id == theirs.c.id)
    states = Step.to_state.in_((ExchangeState.confirmed, ExchangeState.under_way))
    held = (Visit.exchange_id == theirs.c.id, Visit.attendance_recorded_on.is_not(None))
    visited = (Visit.ends_on, who, held)
    return {
        Reached.planned: [(Step.happened_at, who, (*ready, states)), visited],
        Reached.visited: [visited],
        Reached.lesson: [(Note.published_on, who, (Note.exchange_id == theirs.c.id,))],
    }


def _happened(forum: Forum, *stages: Reached, before: date | None = None) -> list[Any]:
    """Organisations of the cohort, a stage, and the first day since the forum began (before a day,
    when one is given) on which it happened to each."""
    parts = {
        Reached.registered: _own(Need.published_at, Need) + _own(Offer.published_at, Offer),
        Reached.matched: _of_matches(Match.created_at, Match.state != MatchState.suggested),
        Reached.agreed: _agreed(),
        **_of_exchanges(forum),
    }
    found = []
    for stage, (column, whose, clauses) in ((s, part) for s in stages for part in parts[s]):
        when = [column >= _of_type(column, forum.starts_on)]
        when += [column < _of_type(column, before)] if before else []
        first = sql.date(sql.min(column)).label("day")
        query = select(whose.label("organisation_id"), literal(str(stage)).label("stage"), first)
        found.append(query.where(whose.in_(_members(forum)), *when, *clauses).group_by(whose))
    return found


@dataclass(frozen=True)
class Way:
    """An edition, and the first days of each of its organisations, by stage."""

    forum: Forum
    firsts: dict[int, dict[Reached, date]]

    def count(self, stage: Reached, days: int | None = None) -> int | None:
        """How many organisations reached ``stage`` within ``days`` days; None while they run."""
        if days is not None and self.forum.starts_on + timedelta(days=days) > today():
            return None
        return sum(self.reached(one, stage, days) for one in self.firsts.values())

    def reached(self, firsts: dict[Reached, date], stage: Reached, days: int | None = None) -> bool:
        """Whether an organisation with these first days came as far."""
        if stage == Reached.took_part:
            return True
        if stage == Reached.no_contact:
            return not firsts
        last = self.forum.starts_on + timedelta(days=days) if days else date.max
        return stage in firsts and firsts[stage] <= last

    def furthest(self, organisation_id: int) -> Reached:
        """The last stage that an organisation reached."""
        reached = self.firsts.get(organisation_id, {})
        return max(reached, key=list(Reached).index, default=Reached.no_contact)

    @property
    def start(self) -> Reached:
        """Where everybody is counted in."""
        return Reached.took_part

    @property
    def totals(self) -> dict[Reached, int]:
        """How many came how far up to now."""
        return {stage: self.count(stage) or 0 for stage in Reached}


def way_of(forum: Forum) -> Way:
    """How far the organisations of an edition came; one statement."""
    took_part = select(Attendance.organisation_id, literal(""), literal(None))
    query = union_all(took_part.where(Attendance.forum_id == forum.id), *_happened(forum, *STAGES))
    way = Way(forum, {})
    for organisation_id, stage, day in db.session.execute(query):
        firsts = way.firsts.setdefault(organisation_id, {})
        if stage:
            first = date.fromisoformat(str(day))
            firsts[Reached(stage)] = min(first, firsts.get(Reached(stage), first))
    return way


def way_of_latest() -> Way | None:
    """The same of the last edition; None without any. Two statements."""
    newest = select(Forum).order_by(Forum.starts_on.desc(), Forum.id.desc()).limit(1)
    forum = db.session.scalars(newest).first()
    return way_of(forum) if forum else None


def counts(forum: Forum) -> dict[Reached, int]:
    """How many organisations of the cohort came how far; one statement."""
    return way_of(forum).totals


def listed(forum: Forum, reached: Reached, days: int | None = None) -> Select[Any]:
    """The organisations of the cohort that came as far as ``reached`` (within ``days`` days)."""
    return (
        select(Attendance)
        .join(Forum)
        .join(Organisation, Organisation.id == Attendance.organisation_id)
        .where(Forum.id == forum.id, _clause(forum, reached, days))
        .options(contains_eager(Attendance.organisation))
    )


def _clause(forum: Forum, reached: Reached, days: int | None) -> Any:
    if reached == Reached.took_part:
        return Attendance.id.is_not(None)
    if reached == Reached.no_contact:
        return ~_among(_happened(forum, *STAGES))
    before = forum.starts_on + timedelta(days=days + 1) if days else None
    return _among(_happened(forum, reached, before=before))


def _among(parts: list[Any]) -> ColumnElement[bool]:
    """The organisation is one of those to which it happened."""
    return Attendance.organisation_id.in_(select(union_all(*parts).subquery().c.organisation_id))


def _of_type(first: Any, day: date) -> Any:
    is_day = first.type.python_type is date
    return day if is_day else datetime.combine(day, datetime.min.time(), tzinfo=UTC)
