"""What became of the organisations that took part in an edition: the way from forum to lesson.

Each stage is counted since the first day of the forum. The clauses are about ``Attendance``, whose
``Forum`` is joined.
"""

from collections.abc import Callable
from enum import StrEnum, auto
from typing import Any

from sqlalchemy import ColumnElement, Select, case, exists, func, or_, select
from sqlalchemy.orm import joinedload

from exchange.catalogue.models import Need, Offer
from exchange.exchanges.models import Exchange, Partner
from exchange.extensions import db
from exchange.forums.models import Attendance, Forum
from exchange.lessons.models import Note
from exchange.matching.models import Match
from exchange.visits.models import Visit
from workflows.match import MatchState


class Reached(StrEnum):
    """How far an organisation came since the forum."""

    took_part = auto()
    registered = auto()
    matched = auto()
    visited = auto()
    lesson = auto()


def _own(model: Any) -> ColumnElement[bool]:
    return or_(
        model.organisation_id == Attendance.organisation_id,
        model.published_by_id == Attendance.organisation_id,
    )


def _registered() -> ColumnElement[bool]:
    needs = exists().where(_own(Need), Need.published_at >= Forum.starts_on)
    return needs | exists().where(_own(Offer), Offer.published_at >= Forum.starts_on)


def _matched() -> ColumnElement[bool]:
    asked = (Match.state != MatchState.suggested, Match.created_at >= Forum.starts_on)
    of_need = exists().where(Match.need_id == Need.id, _own(Need), *asked)
    return of_need | exists().where(Match.offer_id == Offer.id, _own(Offer), *asked)


def _takes_part() -> ColumnElement[bool]:
    partner = exists().where(
        Partner.exchange_id == Exchange.id, Partner.organisation_id == Attendance.organisation_id
    )
    # Two levels down, what belongs to the outermost query must be said.
    inner = partner.correlate(Exchange, Attendance)
    return or_(Exchange.proposer_id == Attendance.organisation_id, inner)


def _visited() -> ColumnElement[bool]:
    return exists().where(
        Visit.exchange_id == Exchange.id,
        Visit.attendance_recorded_on.is_not(None),
        Visit.ends_on >= Forum.starts_on,
        _takes_part(),
    )


def _lesson() -> ColumnElement[bool]:
    published = Note.published_on >= Forum.starts_on
    return exists().where(Note.exchange_id == Exchange.id, published, _takes_part())


CLAUSES: dict[Reached, Callable[[], ColumnElement[bool]]] = {
    Reached.took_part: lambda: Attendance.id.is_not(None),
    Reached.registered: _registered,
    Reached.matched: _matched,
    Reached.visited: _visited,
    Reached.lesson: _lesson,
}


def counts(forum: Forum) -> dict[Reached, int]:
    """How many organisations of the cohort came how far; one statement."""
    columns = [func.sum(case((clause(), 1), else_=0)) for clause in CLAUSES.values()]
    query = select(*columns).select_from(Attendance).join(Forum)
    row = db.session.execute(query.where(Forum.id == forum.id)).one()
    return {stage: int(number or 0) for stage, number in zip(CLAUSES, row, strict=True)}


def listed(forum: Forum, reached: Reached) -> Select[Attendance]:
    """The organisations of the cohort that came as far as ``reached``."""
    return (
        select(Attendance)
        .join(Forum)
        .where(Forum.id == forum.id, CLAUSES[reached]())
        .options(joinedload(Attendance.organisation))
    )
