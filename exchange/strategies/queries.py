"""Reading learning strategies: what is tagged to their axes, and how far their indicators are."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, case, distinct, func, select
from sqlalchemy.orm import selectinload

from exchange.extensions import db
from exchange.lessons.models import Note
from exchange.recommendations import queries as recommendations
from exchange.recommendations.models import Recommendation
from exchange.strategies.models import Axis, Measure, Strategy, exchange_axes
from exchange.visits.models import Visit
from workflows.note import NoteState
from workflows.recommendation import RecommendationState

SORTS = {"starts": Strategy.starts_on, "code": Strategy.code}
NEWEST_FIRST = "-starts"
Counts = dict[int, dict[Measure, int]]


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow ``query`` by its words and load what a list shows."""
    if words := filters.get("q"):
        query = query.where(Strategy.code.icontains(words, autoescape=True))
    return query.options(selectinload(Strategy.axes), selectinload(Strategy.consultations))


def whole() -> tuple[Any, ...]:
    """What the page of a strategy shows beside the row."""
    return (selectinload(Strategy.axes).selectinload(Axis.indicators),)


def measured(axes: Iterable[Axis]) -> Counts:
    """What the program can count for each axis; two statements, however many axes."""
    ids = [axis.id for axis in axes]
    found: Counts = {axis_id: dict.fromkeys(Measure, 0) for axis_id in ids}
    of_exchanges = (Measure.exchanges, Measure.visited, Measure.notes)
    for axis_id, *numbers in db.session.execute(_exchanges(ids)):
        found[axis_id].update(zip(of_exchanges, numbers, strict=True))
    of_register = (Measure.recommendations, Measure.kept)
    for axis_id, *numbers in db.session.execute(_recommendations(ids)):
        found[axis_id].update(zip(of_register, numbers, strict=True))
    return found


def _exchanges(ids: list[int]) -> Select[Any]:
    tagged = exchange_axes.c
    visited = select(Visit.exchange_id).where(Visit.attendance_recorded_on.is_not(None))
    published = select(Note.exchange_id).where(Note.state == NoteState.published)
    columns = [
        func.count(distinct(case((tagged.exchange_id.in_(one), tagged.exchange_id))))
        for one in (visited, published)
    ]
    query = select(tagged.axis_id, func.count(), *columns)
    return query.where(tagged.axis_id.in_(ids)).group_by(tagged.axis_id)


def _recommendations(ids: list[int]) -> Select[Any]:
    done = case((Recommendation.state == RecommendationState.done, 1), else_=0)
    query: Select[Any] = select(Recommendation.axis_id, func.count(), func.sum(done))  # type: ignore[assignment] # of columns, whatever they are
    return query.where(Recommendation.axis_id.in_(ids)).group_by(Recommendation.axis_id)


def recommendations_of(axis: Axis) -> list[Recommendation]:
    """The recommendations that are tagged to an axis, those with most support first."""
    query = select(Recommendation).where(Recommendation.axis_id == axis.id)
    most = recommendations.SORTS["supports"].desc()
    ordered = query.order_by(most, Recommendation.title)
    return list(db.session.scalars(ordered))


def all_axes() -> list[Axis]:
    """Every axis, those of the newest strategy first."""
    query = select(Axis).join(Strategy).options(selectinload(Axis.strategy))
    return list(db.session.scalars(query.order_by(Strategy.starts_on.desc(), Axis.position)))


def strategies() -> list[Strategy]:
    """Every strategy, the newest first."""
    return list(db.session.scalars(select(Strategy).order_by(Strategy.starts_on.desc())))
