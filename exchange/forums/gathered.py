"""Reading what was written down at a forum."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, func, select
from sqlalchemy.orm import joinedload

from exchange.extensions import db
from exchange.forums.items import ForumItem, ItemKind, Met
from exchange.forums.models import Forum, Guest
from workflows.forum_item import ItemState

SORTS = {"written": ForumItem.created_at, "since": ForumItem.state_since}
NEWEST_FIRST = "-written"
# noun → the column that names the row of it that an item has led to
LINKS: dict[str, Any] = {
    "need": ForumItem.need_id,
    "offer": ForumItem.offer_id,
    "exchange": ForumItem.exchange_id,
    "module_topic": ForumItem.topic_id,
    "recommendation": ForumItem.recommendation_id,
}


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow ``query`` by ``filters`` and load what a list shows, at the same cost for any
    length."""
    for name, column in (
        ("kind", ForumItem.kind),
        ("state", ForumItem.state),
        ("session_id", ForumItem.session_id),
        ("verdict", ForumItem.verdict),
    ):
        if filters.get(name):
            query = query.where(column == filters[name])
    if words := filters.get("q"):
        query = query.where(ForumItem.text.icontains(words, autoescape=True))
    return query.options(
        *(
            joinedload(relation)
            for relation in (
                ForumItem.session,
                ForumItem.organisation,
                ForumItem.need,
                ForumItem.offer,
                ForumItem.led_to,
                ForumItem.topic,
                ForumItem.recommendation,
            )
        )
    )


def said_at(noun: str, row_id: int) -> list[ForumItem]:
    """The items that have led to a row, the oldest first."""
    query = select(ForumItem).where(LINKS[noun] == row_id).order_by(ForumItem.id)
    known = (joinedload(ForumItem.forum), joinedload(ForumItem.session))
    return list(db.session.scalars(query.options(*known)))


def of_guest(guest: Guest, at_most: int = 10) -> list[ForumItem]:
    """What a guest wrote, the latest first."""
    query = select(ForumItem).where(ForumItem.guest_id == guest.id)
    return list(db.session.scalars(query.order_by(ForumItem.id.desc()).limit(at_most)))


def by_kind(forum: Forum) -> dict[ItemKind, dict[ItemState, int]]:
    """How many items of each kind stand where; one statement."""
    query = (
        select(ForumItem.kind, ForumItem.state, func.count())
        .where(ForumItem.forum_id == forum.id)
        .group_by(ForumItem.kind, ForumItem.state)
    )
    found = {kind: dict.fromkeys(ItemState, 0) for kind in ItemKind}
    for kind, state, number in db.session.execute(query):
        found[kind][state] = number
    return found


def verdicts(forum: Forum) -> dict[Met | None, int]:
    """How many expectations were met, partly or not; under None: nobody has said."""
    query = (
        select(ForumItem.verdict, func.count())
        .where(ForumItem.forum_id == forum.id, ForumItem.kind == ItemKind.expectation)
        .group_by(ForumItem.verdict)
    )
    rows = db.session.execute(query).all()
    return {**dict.fromkeys([*Met, None], 0), **{row[0]: row[1] for row in rows}}
