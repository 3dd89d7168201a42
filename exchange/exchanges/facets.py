"""How many exchanges there are behind each option of the filters of their list."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import CTE, ColumnElement, Select, case, func, literal, select

from exchange.directory.models import Person
from exchange.exchanges.models import Exchange, exchange_terms
from exchange.exchanges.queries import is_mine, is_overdue, narrowed, waits_for_actor
from exchange.listing import Counts, counts_of
from exchange.policy import is_everything
from exchange.vocabularies.models import Term
from workflows.exchange import RULES, ExchangeState

Flags = Mapping[str, ColumnElement[bool]]


def counts(query: Select[Any], filters: Mapping[str, Any], actor: Person | None) -> Counts:
    """For each filter: its options with the number of exchanges, while all other filters hold.

    Those that are not chosen have the same others: they are counted together, in one walk through
    the exchanges.
    """
    flags = {"mine": is_mine(actor), "overdue": is_overdue(), "waiting": waits_for_actor(actor)}
    together = _together(narrowed(query, filters, actor), flags)
    keys = {name: select(key, together.c.number) for name, key in _columns(together.c).items()}
    yes = literal("yes").label("key")
    keys |= {name: select(yes, together.c[name]) for name in flags}
    for name in [name for name in keys if filters.get(name)]:
        others = narrowed(query, {**filters, name: None}, actor)
        column = _columns(Exchange).get(name)
        counted = others.where(flags[name]) if column is None else others
        keys[name] = counted.with_only_columns(yes if column is None else column)
    keys["theme"] = _themes(narrowed(query, {**filters, "theme": None}, actor))
    return counts_of(keys)


def _together(rows: Select[Any], flags: Flags) -> CTE:
    """How many of ``rows`` there are of each sort, and how many of these have each flag."""
    sorts = (Exchange.state, Exchange.held_state, Exchange.kind, Exchange.owner_id)
    numbers = [func.count().filter(holds).label(name) for name, holds in flags.items()]
    counted = rows.with_only_columns(*sorts, func.count().label("number"), *numbers)
    return counted.group_by(*sorts).cte("together")


def _themes(rows: Select[Any]) -> Select[Any]:
    """The themes of ``rows``, each with how often it is there: counted before they are named."""
    link = exchange_terms.c
    query = select(link.term_id, func.count().label("number")).group_by(link.term_id)
    if not is_everything(rows):
        query = query.where(link.exchange_id.in_(rows.with_only_columns(Exchange.id)))
    found = query.subquery()
    named = select(Term.code, found.c.number).join(found, found.c.term_id == Term.id)
    return named.where(Term.vocabulary == "theme")


def _columns(of: Any) -> dict[str, Any]:
    return {"phase": phase(of), "state": of.state, "kind": of.kind, "owner": of.owner_id}


def phase(of: Any = Exchange) -> Any:
    """The stage of an exchange; of one that is on hold, the stage it was in."""
    stages = {state.value: str(RULES[state].phase) for state in ExchangeState}
    return case(stages, value=func.coalesce(of.held_state, of.state)).label("phase")
