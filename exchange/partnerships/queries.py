"""Reading partnerships: their list, and the pair of an exchange."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select
from sqlalchemy.orm import joinedload, selectinload

from exchange.directory.models import Organisation
from exchange.partnerships.models import Benefit, Pair, Partnership

SORTS = {"starts": Partnership.starts_on, "code": Partnership.code}
NEWEST_FIRST = "-starts"


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow ``query`` by ``filters`` and load what a list shows."""
    if state := filters.get("state"):
        query = query.where(Partnership.state == state)
    if words := filters.get("q"):
        query = query.where(Partnership.code.icontains(words, autoescape=True))
    return query.options(joinedload(Partnership.lead), selectinload(Partnership.pairs))


def whole() -> tuple[Any, ...]:
    """What the page of a partnership shows beside the row."""
    pairs = selectinload(Partnership.pairs)
    lists = (Pair.cities, Pair.activities, Pair.agreements, Pair.exchanges)
    return tuple(pairs.selectinload(name) for name in lists)


def by_side(pair: Pair) -> dict[Organisation, list[Benefit]]:
    """What each city has from it: a city without anything stands there too, with an empty list."""
    return {
        city: [one for one in pair.benefits if one.organisation_id == city.id]
        for city in pair.cities
    }
