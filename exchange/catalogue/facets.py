"""How many needs or offers there are behind each option of the filters of their list."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import Select, literal

from exchange.catalogue.models import Need, Offer
from exchange.catalogue.queries import narrowed
from exchange.directory.models import Organisation, Person
from exchange.listing import Counts, counts_of
from exchange.vocabularies.models import Term

Kind = TypeVar("Kind", Need, Offer)
TERMS, FLAGS = ("theme", "agenda", "language"), ("mine", "unmatched")


def counts(
    query: Select[tuple[Kind]],
    model: type[Kind],
    filters: Mapping[str, Any],
    actor: Person | None,
) -> Counts:
    """For each filter: its options with the number of rows, while all other filters hold."""
    rows: Any = model  # the state is written on the model from above

    def others(name: str, **more: Any) -> Select[Any]:
        rest = {key: value for key, value in filters.items() if key != name}
        return narrowed(query, model, {**rest, **more}, actor)

    keys: dict[str, Select[Any]] = {"state": others("state").with_only_columns(rows.state)}
    if model is Need:
        keys["programme_id"] = others("programme_id").with_only_columns(Need.programme_id)
    country = Organisation.country_code.label("country")
    keys["country"] = others("country").join(rows.organisation).with_only_columns(country)
    for name in TERMS:
        tagged = others(name).join(rows.terms).where(Term.vocabulary == name)
        keys[name] = tagged.with_only_columns(Term.code)
    for name in FLAGS:
        keys[name] = others(name, **{name: True}).with_only_columns(literal("yes").label("key"))
    return counts_of(keys)
