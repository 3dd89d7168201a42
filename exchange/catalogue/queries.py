"""Reading needs and offers."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Select, and_, func, or_, select
from sqlalchemy.orm import joinedload, selectinload

from exchange.catalogue.models import Listing, Need, Offer
from exchange.clock import now
from exchange.directory.models import Organisation, Person
from exchange.directory.queries import acts_for_ids, section_organisations
from exchange.extensions import db
from exchange.listing import folded
from workflows.match import MatchState
from workflows.need import NeedState
from workflows.offer import OfferState

Kind = TypeVar("Kind", Need, Offer)

NEED_SORTS = {"published": Need.published_at, "title": Need.title, "expires": Need.expires_on}
OFFER_SORTS = {"published": Offer.published_at, "title": Offer.title, "expires": Offer.expires_on}

# An offer that nobody wanted for a season, and one that nobody has touched for half a year.
NEVER_ASKED, NOT_UPDATED = timedelta(days=90), timedelta(days=183)
WAS_ASKED = (
    MatchState.proposed,
    MatchState.half_agreed,
    MatchState.agreed,
    MatchState.concluded,
    MatchState.declined,
    MatchState.lapsed,
)

_PUBLISHED = {Need: NeedState.published, Offer: OfferState.published}


def listed(
    query: Select[tuple[Kind]],
    model: type[Kind],
    filters: Mapping[str, Any],
    actor: Person | None,
) -> Select[tuple[Kind]]:
    """Narrow ``query`` by ``filters`` and load what a list shows: three statements, any length."""
    shown = joinedload(model.organisation), selectinload(model.terms)
    return narrowed(query, model, filters, actor).options(*shown)


def narrowed(
    query: Select[tuple[Kind]],
    model: type[Kind],
    filters: Mapping[str, Any],
    actor: Person | None,
) -> Select[tuple[Kind]]:
    """Only the rows that ``filters`` leave."""
    given = {name: value for name, value in filters.items() if name in _CLAUSES and value}
    clauses = [_CLAUSES[name](model, value) for name, value in given.items()]
    if filters.get("mine"):
        clauses.append(_mine(model, actor))
    return query.where(*clauses)


def _mine(model: type[Listing], actor: Person | None) -> Any:
    ours = acts_for_ids(actor) | (actor.organisation_ids() if actor else set())
    return or_(model.organisation_id.in_(ours), model.published_by_id.in_(ours))


def due_to_expire(model: type[Kind], today: date) -> Select[Kind]:
    """Published rows whose last day lies before ``today``, the oldest first."""
    return (
        select(model)
        .where(model.state == _PUBLISHED[model], model.expires_on < today)
        .order_by(model.expires_on, model.id)
    )


def open_needs(programme_id: int) -> int:
    """How many needs of a programme are published."""
    query = select(func.count(Need.id)).where(Need.programme_id == programme_id)
    return db.session.scalar(query.where(Need.state == NeedState.published)) or 0


def _words(model: type[Listing], text: str) -> Any:
    named = Organisation.folded_name.contains(folded(text), autoescape=True)
    return or_(
        model.title.icontains(text, autoescape=True),
        model.text.icontains(text, autoescape=True),
        model.organisation.has(named),
    )


def is_unmatched(model: type[Need] | type[Offer]) -> Any:
    """Published, and nobody is asked or has agreed: no match of it is proposed or further."""
    rows: Any = model  # ``matches`` is written on the model from above
    busy = (MatchState.proposed, MatchState.half_agreed, MatchState.agreed)
    asked = rows.matches.any(rows.matches.property.mapper.class_.state.in_(busy))
    return (rows.state == _PUBLISHED[model]) & ~asked


def is_stale(
    model: type[Need] | type[Offer], never_asked: timedelta = NEVER_ASKED
) -> ColumnElement[bool]:
    """Published, but nobody has been asked about it in all the time since, or its owner has not
    touched it for half a year: it may not be true any more."""
    rows: Any = model  # ``matches`` is written on the model from above
    asked = rows.matches.any(rows.matches.property.mapper.class_.state.in_(WAS_ASKED))
    unasked = and_(model.published_at < now() - never_asked, ~asked)
    old = model.updated_at < now() - NOT_UPDATED
    return and_(rows.state == _PUBLISHED[model], or_(unasked, old))


_CLAUSES: dict[str, Any] = {
    "innovative": lambda model, _value: model.innovative,
    "stale": lambda model, _value: is_stale(model),
    "unmatched": lambda model, _value: is_unmatched(model),
    "q": _words,
    "state": lambda model, value: model.state == value,
    "theme": lambda model, value: model.terms.any(vocabulary="theme", code=value),
    "agenda": lambda model, value: model.terms.any(vocabulary="agenda", code=value),
    "language": lambda model, value: model.terms.any(vocabulary="language", code=value),
    "country": lambda model, value: model.organisation.has(country_code=value.upper()),
    "section": lambda model, value: model.organisation_id.in_(section_organisations(value)),
    "organisation": lambda model, value: model.organisation_id == value,
    "programme_id": lambda model, value: model.programme_id == value,
}
