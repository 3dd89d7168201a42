"""What became of what was written down: the way from a few words in a room to a visit.

Figures and the lists behind them are made of the same clauses about ``ForumItem``.
"""

from collections.abc import Callable
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, Select, case, func, or_, select, true

from exchange.exchanges.models import exchange_needs
from exchange.extensions import db
from exchange.forums.gathered import LINKS
from exchange.forums.items import ForumItem, ItemKind
from exchange.forums.models import Forum
from exchange.matching.models import Match
from exchange.recommendations.models import Recommendation
from exchange.visits.models import Visit
from workflows.forum_item import ItemState
from workflows.match import MatchState
from workflows.recommendation import RecommendationState

Clause = ColumnElement[bool]


class Fate(StrEnum):
    """How far an item came."""

    written = auto()
    waits = auto()
    set_aside = auto()
    taken_up = auto()
    listed = auto()
    matched = auto()
    in_exchange = auto()
    visited = auto()
    topic = auto()
    committed = auto()
    kept = auto()


def _matches(*clauses: Any) -> Clause:
    """A match of the need or the offer that the item became."""
    own = or_(Match.need_id == ForumItem.need_id, Match.offer_id == ForumItem.offer_id)
    return select(Match.id).where(own, *clauses).correlate(ForumItem).exists()


def _exchanges(*clauses: Any) -> Clause:
    """An exchange that came of the item: of itself, of its need, or of a match."""
    of_need = (
        select(exchange_needs.c.exchange_id)
        .where(exchange_needs.c.need_id == ForumItem.need_id, *_about(exchange_needs, clauses))
        .correlate(ForumItem)
        .exists()
    )
    itself = ForumItem.exchange_id.is_not(None)
    for clause in clauses:
        itself &= clause(ForumItem.exchange_id)
    matched = [Match.exchange_id.is_not(None), *(clause(Match.exchange_id) for clause in clauses)]
    return or_(itself, of_need, _matches(*matched))


def _about(table: Any, clauses: Any) -> list[Clause]:
    return [clause(table.c.exchange_id) for clause in clauses]


def _was_visited(exchange_id: Any) -> Clause:
    held = Visit.attendance_recorded_on.is_not(None)
    return exchange_id.in_(select(Visit.exchange_id).where(held))


def _register(*states: RecommendationState) -> Clause:
    known = select(Recommendation.id).where(Recommendation.state.in_(states))
    return ForumItem.recommendation_id.in_(known)


_AGREED = (MatchState.agreed, MatchState.concluded)
_TAKEN_ON = (
    RecommendationState.committed,
    RecommendationState.under_way,
    RecommendationState.done,
)
_CLAUSES: dict[Fate, Callable[[], Clause]] = {
    Fate.written: true,
    Fate.waits: lambda: ForumItem.state == ItemState.captured,
    Fate.set_aside: lambda: ForumItem.state == ItemState.set_aside,
    Fate.taken_up: lambda: ForumItem.state == ItemState.taken_up,
    Fate.listed: lambda: or_(LINKS["need"].is_not(None), LINKS["offer"].is_not(None)),
    Fate.matched: lambda: _matches(Match.state.in_(_AGREED)),
    Fate.in_exchange: _exchanges,
    Fate.visited: lambda: _exchanges(_was_visited),
    Fate.topic: lambda: LINKS["module_topic"].is_not(None),
    Fate.committed: lambda: _register(*_TAKEN_ON),
    Fate.kept: lambda: _register(RecommendationState.done),
}
# From the day of the forum to a visit, each stage within the one before.
WAY = (Fate.written, Fate.taken_up, Fate.listed, Fate.matched, Fate.in_exchange, Fate.visited)
# Where the others are.
BESIDE = (Fate.waits, Fate.set_aside, Fate.topic, Fate.committed, Fate.kept)


def clause_of(fate: Fate) -> Clause:
    """Whether an item came as far."""
    return _CLAUSES[fate]()


def narrowed(query: Select[Any], fate: Fate | None) -> Select[Any]:
    """Only the items of ``query`` that came as far."""
    return query if fate is None else query.where(clause_of(fate))


def counts(forum: Forum) -> dict[Fate, int]:
    """How many items of an edition came how far; one statement."""
    columns = [func.coalesce(func.sum(case((clause_of(f), 1), else_=0)), 0) for f in Fate]
    row = db.session.execute(select(*columns).where(ForumItem.forum_id == forum.id)).one()
    return dict(zip(Fate, row, strict=True))


def by_kind(forum: Forum) -> dict[ItemKind, dict[Fate, int]]:
    """The same by kind of item; one statement."""
    columns = [func.sum(case((clause_of(f), 1), else_=0)) for f in WAY]
    query = select(ForumItem.kind, *columns).where(ForumItem.forum_id == forum.id)
    rows = db.session.execute(query.group_by(ForumItem.kind)).all()
    found = {row[0]: dict(zip(WAY, row[1:], strict=True)) for row in rows}
    return {kind: found.get(kind, dict.fromkeys(WAY, 0)) for kind in ItemKind}
