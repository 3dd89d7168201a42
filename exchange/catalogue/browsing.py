"""What others need and offer: filters with how many rows each choice would leave."""

from collections.abc import Mapping
from typing import Any, TypeVar

from sqlalchemy import Select, select

from exchange.catalogue.models import Favourite, Listing, Need, Offer, need_terms, offer_terms
from exchange.catalogue.queries import listed
from exchange.directory.models import Organisation, Person
from exchange.directory.queries import acts_for_ids
from exchange.listing import Counts, counts_of
from exchange.vocabularies.models import Term
from workflows.need import NeedState
from workflows.offer import OfferState

Kind = TypeVar("Kind", Need, Offer)
OPEN: dict[type[Any], Any] = {Need: NeedState.published, Offer: OfferState.published}
TAGS = {"theme": "theme", "language": "language", "format": "format"}


def of_others(
    query: Select[tuple[Kind]],
    model: type[Kind],
    filters: Mapping[str, Any],
    actor: Person | None,
) -> Select[tuple[Kind]]:
    """Published rows of other organisations, narrowed: three statements, any length."""
    state: Any = model.state
    query = query.where(state == OPEN[model], model.organisation_id.not_in(_ours(actor)))
    if goal := filters.get("sdg_goal"):
        query = query.where(_of_goal(model, goal))
    if wanted := filters.get("format"):
        query = query.where(model.terms.any(vocabulary="format", code=wanted))
    if filters.get("favourite"):
        query = query.where(model.id.in_(_kept(model, actor)))
    plain = {name: filters.get(name) for name in ("q", "theme", "language", "country")}
    return listed(query, model, plain, actor)


def choices_left(query: Select[Any], model: type[Kind]) -> Counts:
    """How many of the rows of ``query`` have each theme, language, format and country."""
    found = query.order_by(None).subquery()
    rows = select(found.c.id)
    link = need_terms if model is Need else offer_terms
    owner = link.c.need_id if model is Need else link.c.offer_id
    terms = select(Term.code).join(link, link.c.term_id == Term.id).where(owner.in_(rows))
    keys: dict[str, Select[Any]] = {
        name: terms.where(Term.vocabulary == code) for name, code in TAGS.items()
    }
    countries = select(Organisation.country_code).join(
        model, model.organisation_id == Organisation.id
    )
    keys["country"] = countries.where(model.id.in_(rows))
    return counts_of(keys)


def _ours(actor: Person | None) -> set[int]:
    return acts_for_ids(actor) | (actor.organisation_ids() if actor else set())


def _of_goal(model: type[Listing], goal: str) -> Any:
    rows: Any = model
    target = Term.code.startswith(f"{goal}.", autoescape=True)
    return rows.terms.any((Term.vocabulary == "sdg_target") & target)


def _kept(model: type[Listing], actor: Person | None) -> Any:
    column: Any = Favourite.need_id if model is Need else Favourite.offer_id
    own = actor.organisation_ids() if actor else set()
    return select(column).where(Favourite.organisation_id.in_(own), column.is_not(None))
