"""What became of the organisations that took part in an edition: the way from forum to lesson.

Each stage is the first day on which something happened since the forum began. The selections are
about ``Attendance``, whose ``Forum`` is joined; figures and the lists behind them read the same.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
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


def _first(column: Any, *clauses: Any) -> Any:
    """The first moment since the forum began at which it happened to the organisation."""
    since = column >= Forum.starts_on
    query = select(sql.min(column)).where(since, *clauses)
    return query.correlate(Attendance, Forum).scalar_subquery()


def _own(model: Any) -> ColumnElement[bool]:
    return or_(
        model.organisation_id == Attendance.organisation_id,
        model.published_by_id == Attendance.organisation_id,
    )


def _registered() -> list[Any]:
    return [_first(model.published_at, _own(model)) for model in (Need, Offer)]


def _of_matches(column: Any, *clauses: Any) -> list[Any]:
    need = _first(column, Match.need_id == Need.id, _own(Need), *clauses)
    return [need, _first(column, Match.offer_id == Offer.id, _own(Offer), *clauses)]


def _matched() -> list[Any]:
    return _of_matches(Match.created_at, Match.state != MatchState.suggested)


def _agreed() -> list[Any]:
    yes = (Step.subject_type == MATCH.name, Step.subject_id == Match.id)
    return _of_matches(Step.happened_at, *yes, Step.to_state == MatchState.agreed)


def _of_exchanges(column: Any, exchange_id: Any, *clauses: Any) -> list[Any]:
    # Two selections, not one with "or": each finds its rows by an index.
    proposed = and_(Exchange.id == exchange_id, Exchange.proposer_id == Attendance.organisation_id)
    partner = and_(
        Partner.exchange_id == exchange_id, Partner.organisation_id == Attendance.organisation_id
    )
    return [_first(column, who, *clauses) for who in (proposed, partner)]


def _planned() -> list[Any]:
    ready = Step.to_state.in_((ExchangeState.confirmed, ExchangeState.under_way))
    of_exchange = Step.subject_type == EXCHANGE.name
    return _of_exchanges(Step.happened_at, Step.subject_id, of_exchange, ready) + _visited()


def _visited() -> list[Any]:
    held = Visit.attendance_recorded_on.is_not(None)
    return _of_exchanges(Visit.ends_on, Visit.exchange_id, held)


def _lesson() -> list[Any]:
    return _of_exchanges(Note.published_on, Note.exchange_id)


_FIRSTS = {
    Reached.registered: _registered,
    Reached.matched: _matched,
    Reached.agreed: _agreed,
    Reached.planned: _planned,
    Reached.visited: _visited,
    Reached.lesson: _lesson,
}


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
    return _read(Forum.id == forum.id) or Way(forum, {})


def way_of_latest() -> Way | None:
    """The same of the last edition; None without any. One statement."""
    newest = select(Forum.id).order_by(Forum.starts_on.desc(), Forum.id.desc()).limit(1)
    return _read(Forum.id == newest.scalar_subquery())


def _read(which: ColumnElement[bool]) -> Way | None:
    parts = [(stage, first) for stage, firsts in _FIRSTS.items() for first in firsts()]
    query = select(Forum, Attendance.organisation_id, *(first for _stage, first in parts))
    query = query.outerjoin(Attendance, Attendance.forum_id == Forum.id).where(which)
    way = None
    for forum, organisation_id, *days in db.session.execute(query):
        way = way or Way(forum, {})
        if organisation_id is not None:
            way.firsts[organisation_id] = _earliest(parts, days)
    return way


def _earliest(parts: list[tuple[Reached, Any]], days: list[Any]) -> dict[Reached, date]:
    found: dict[Reached, date] = {}
    for (stage, _first_of), value in zip(parts, days, strict=True):
        if value is not None:
            day = value.date() if isinstance(value, datetime) else value
            found[stage] = min(day, found.get(stage, day))
    return found


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
        return and_(*(one.is_(None) for firsts in _FIRSTS.values() for one in firsts()))
    after = forum.starts_on + timedelta(days=days + 1) if days else None
    return or_(*(_before(first, after) for first in _FIRSTS[reached]()))


def _before(first: Any, after: date | None) -> Any:
    if after is None:
        return first.is_not(None)
    return first < _of_type(first, after)


def _of_type(first: Any, day: date) -> Any:
    is_day = first.type.python_type is date
    return day if is_day else datetime.combine(day, datetime.min.time(), tzinfo=UTC)
