"""Reading the method library."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, String, cast, or_
from sqlalchemy.orm import joinedload, selectinload

from exchange.methods.models import Method, Pilot
from workflows.method import MethodState

SORTS = {"since": Method.state_since, "days": Method.min_days, "people": Method.max_people}
NEWEST_FIRST = "-since"


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow ``query`` by ``filters``: without a state, what can be used now. Loads what a list
    shows, at the same cost for any length."""
    if state := filters.get("state"):
        query = query.where(Method.state == state)
    else:
        query = query.where(Method.state.in_((MethodState.in_library, MethodState.proposed)))
    if code := filters.get("format"):
        query = query.where(Method.term.has(code=code))
    if organisation_id := filters.get("organisation_id"):
        query = query.where(Method.organisation_id == organisation_id)
    if words := filters.get("q"):
        columns = (cast(Method.titles, String), cast(Method.texts, String))
        query = query.where(or_(*(one.icontains(words, autoescape=True) for one in columns)))
    return query.options(
        joinedload(Method.term), joinedload(Method.organisation), selectinload(Method.pilots)
    )


def whole() -> tuple[Any, ...]:
    """What the page of a method shows beside the row."""
    return (
        joinedload(Method.term),
        selectinload(Method.pilots).joinedload(Pilot.organisation),
    )


def versions(method: Method) -> list[Method]:
    """Every version of a method, the first first."""
    first, found = method, []
    while first.follows is not None:
        first = first.follows
    waiting = [first]
    while waiting:
        found.append(waiting.pop(0))
        waiting += found[-1].followed_by
    return found
