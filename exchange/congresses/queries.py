"""Reading editions of the Congress."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, String, cast, or_
from sqlalchemy.orm import selectinload

from exchange import policy
from exchange.congresses.models import Congress, Contribution
from exchange.directory.models import Person
from exchange.exchanges.models import Exchange
from exchange.extensions import db

SORTS = {"starts": Congress.starts_on, "code": Congress.code}
NEWEST_FIRST = "-starts"


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow ``query`` by ``filters``, and load what a list counts."""
    if words := filters.get("q"):
        columns = (Congress.code, Congress.place, cast(Congress.titles, String))
        query = query.where(or_(*(one.icontains(words, autoescape=True) for one in columns)))
    return query.options(selectinload(Congress.contributions))


def whole() -> tuple[Any, ...]:
    """What the page of an edition shows beside the row."""
    brought = selectinload(Congress.contributions)
    return tuple(
        brought.joinedload(one)
        for one in (
            Contribution.forum,
            Contribution.exchange,
            Contribution.recommendation,
            Contribution.strategy,
        )
    )


def known(row: Congress, actor: Person | None) -> list[Contribution]:
    """The contributions to an edition, without exchanges that ``actor`` may not know of."""
    ids = [one.exchange_id for one in row.contributions if one.exchange_id]
    query = policy.scoped(Exchange, actor).where(Exchange.id.in_(ids))
    seen = set(db.session.scalars(query.with_only_columns(Exchange.id)))
    return [one for one in row.contributions if one.exchange_id in {None, *seen}]
