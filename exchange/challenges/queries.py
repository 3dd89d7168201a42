"""Reading the log of challenges."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload, selectinload

from exchange.challenges.models import Challenge
from exchange.clock import today
from exchange.directory.queries import section_organisations
from exchange.extensions import db
from exchange.modules.models import ModuleTopic
from workflows.challenge import ChallengeState

SORTS = {
    "due": Challenge.due_on,
    "said": Challenge.said_on,
    "since": Challenge.state_since,
}
FIRST_DUE = "due"

_CLAUSES: dict[str, Any] = {
    "q": lambda value: Challenge.text.icontains(value, autoescape=True),
    "state": lambda value: Challenge.state == value,
    "answer": lambda value: Challenge.answer == value,
    "organisation_id": lambda value: Challenge.organisation_id == value,
    "agenda": lambda value: Challenge.terms.any(vocabulary="agenda", code=value),
    "section": lambda value: Challenge.organisation_id.in_(section_organisations(value)),
    "overdue": lambda _value: (
        (Challenge.state == ChallengeState.open) & (Challenge.due_on < today())
    ),
}


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow ``query`` by ``filters`` and load what a list shows, at the same cost for any
    length."""
    query = query.where(
        *(clause(filters[name]) for name, clause in _CLAUSES.items() if filters.get(name))
    )
    return query.options(
        joinedload(Challenge.organisation),
        joinedload(Challenge.answered_by),
        joinedload(Challenge.topic),
        selectinload(Challenge.terms),
        joinedload(Challenge.lab),
    )


def by_state(narrowed: Select[Any]) -> dict[ChallengeState, int]:
    """How many of ``narrowed`` stand where; one statement."""
    rows = db.session.execute(
        narrowed.with_only_columns(Challenge.state, func.count())
        .order_by(None)
        .group_by(Challenge.state)
    ).all()
    return {**dict.fromkeys(ChallengeState, 0), **{row[0]: row[1] for row in rows}}


def of_item(forum_item_id: int) -> Challenge | None:
    """The challenge that was taken from a note of a forum, if there is one."""
    query = select(Challenge).where(Challenge.forum_item_id == forum_item_id)
    return db.session.scalars(query.order_by(Challenge.id)).first()


def topics() -> list[ModuleTopic]:
    """The topics that can answer a challenge, by their titles."""
    return list(db.session.scalars(select(ModuleTopic).order_by(ModuleTopic.title)))
