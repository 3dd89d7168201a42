"""Reading needs and offers."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import Select, or_
from sqlalchemy.orm import joinedload, selectinload

from exchange.catalogue.models import Listing, Need, Offer
from exchange.directory.models import Organisation, Person
from exchange.directory.queries import acts_for_ids
from exchange.listing import folded

Kind = TypeVar("Kind", Need, Offer)

NEED_SORTS = {"published": Need.published_at, "title": Need.title, "expires": Need.expires_on}
OFFER_SORTS = {"published": Offer.published_at, "title": Offer.title, "expires": Offer.expires_on}


def listed(
    query: Select[tuple[Kind]],
    model: type[Kind],
    filters: Mapping[str, Any],
    actor: Person | None,
) -> Select[tuple[Kind]]:
    """Narrow ``query`` by ``filters`` and load what a list shows: three statements, any length."""
    clauses = [clause(model, filters[name]) for name, clause in _CLAUSES.items() if filters.get(name)]
    if filters.get("mine"):
        clauses.append(model.organisation_id.in_(acts_for_ids(actor)))
    return query.where(*clauses).options(
        joinedload(model.organisation), selectinload(model.terms)
    )


def _words(model: type[Listing], text: str) -> Any:
    pattern = f"%{text}%"
    named = Organisation.folded_name.like(f"%{folded(text)}%")
    return or_(
        model.title.ilike(pattern),
        model.text.ilike(pattern),
        model.organisation.has(named),
    )


_CLAUSES: dict[str, Any] = {
    "q": _words,
    "state": lambda model, value: model.state == value,
    "theme": lambda model, value: model.terms.any(vocabulary="theme", code=value),
    "language": lambda model, value: model.terms.any(vocabulary="language", code=value),
    "country": lambda model, value: model.organisation.has(country_code=value.upper()),
    "organisation": lambda model, value: model.organisation_id == value,
}
