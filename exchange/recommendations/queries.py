"""Reading the register of recommendations and commitments."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from exchange.clock import today
from exchange.directory.models import Organisation, Person
from exchange.directory.queries import acts_for_ids
from exchange.extensions import db
from exchange.recommendations.actions import TAKEN_ON
from exchange.recommendations.models import Recommendation, Support
from workflows.recommendation import RecommendationState

SORTS = {
    "due": Recommendation.due_on,
    "since": Recommendation.state_since,
    "title": Recommendation.title,
    "supports": Recommendation.supports,  # type: ignore[attr-defined] # set after its class
}
FIRST_DUE = "due"


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow ``query`` by ``filters`` and load what a list shows, at the same cost for any
    length."""
    for name, column in _COLUMNS.items():
        if filters.get(name):
            query = query.where(column == filters[name])
    if filters.get("agenda"):
        named = Recommendation.terms.any(vocabulary="agenda", code=filters["agenda"])
        query = query.where(named)
    if filters.get("overdue"):
        query = query.where(Recommendation.state.in_(TAKEN_ON), Recommendation.due_on < today())
    if words := filters.get("q"):
        columns = (Recommendation.title, Recommendation.text, Recommendation.addressee)
        query = query.where(or_(*(column.icontains(words, autoescape=True) for column in columns)))
    return query.options(joinedload(Recommendation.owner), selectinload(Recommendation.terms))


_COLUMNS: dict[str, Any] = {
    "about": Recommendation.about,
    "scale": Recommendation.scale,
    "state": Recommendation.state,
    "owner_id": Recommendation.owner_id,
    "axis_id": Recommendation.axis_id,
}


def by_state() -> dict[RecommendationState, int]:
    """How many stand where; one statement."""
    query = select(Recommendation.state, func.count()).group_by(Recommendation.state)
    rows = db.session.execute(query).all()
    return {**dict.fromkeys(RecommendationState, 0), **{row[0]: row[1] for row in rows}}


def supporters(row: Recommendation) -> list[Organisation]:
    """The organisations that support a recommendation, by name."""
    query = select(Organisation).join(Support).where(Support.recommendation_id == row.id)
    return list(db.session.scalars(query.order_by(Organisation.name, Organisation.id)))


def spoken_for(actor: Person | None) -> list[Organisation]:
    """The organisations whose support ``actor`` may give and withdraw; staff have none."""
    query = select(Organisation).where(Organisation.id.in_(acts_for_ids(actor)))
    return list(db.session.scalars(query.order_by(Organisation.name, Organisation.id)))
