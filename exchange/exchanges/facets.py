"""How many exchanges there are behind each option of the filters of their list."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, case, func, literal

from exchange.directory.models import Person
from exchange.exchanges.models import Exchange
from exchange.exchanges.queries import narrowed
from exchange.listing import Counts, counts_of
from exchange.vocabularies.models import Term
from workflows.exchange import RULES, ExchangeState

FLAGS = ("mine", "overdue", "waiting")


def counts(query: Select[Any], filters: Mapping[str, Any], actor: Person | None) -> Counts:
    """For each filter: its options with the number of exchanges, while all other filters hold."""

    def others(name: str, **more: Any) -> Select[Any]:
        rest = {key: value for key, value in filters.items() if key != name}
        return narrowed(query, {**rest, **more}, actor)

    keys = {name: others(name).with_only_columns(key) for name, key in _COLUMNS.items()}
    themes = others("theme").join(Exchange.terms).where(Term.vocabulary == "theme")
    keys["theme"] = themes.with_only_columns(Term.code)
    for name in FLAGS:
        keys[name] = others(name, **{name: True}).with_only_columns(literal("yes").label("key"))
    return counts_of(keys)


def phase() -> Any:
    """The stage of an exchange; of one that is on hold, the stage it was in."""
    stands = func.coalesce(Exchange.held_state, Exchange.state)
    return case(*((stands == state, str(RULES[state].phase)) for state in ExchangeState))


_COLUMNS: dict[str, Any] = {
    "phase": phase().label("phase"),
    "state": Exchange.state,
    "kind": Exchange.kind,
    "owner": Exchange.owner_id,
}
