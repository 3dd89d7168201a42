"""Reading learning modules, the backlog, and the needs that are behind its figures."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, String, cast, or_, select
from sqlalchemy.orm import joinedload, selectinload

from exchange.catalogue.models import Need
from exchange.exchanges.linked_needs import OPEN_NEED
from exchange.extensions import db
from exchange.modules.models import Module, ModuleTopic
from exchange.vocabularies.models import Term

SORTS = {"code": Module.code, "since": Module.state_since}
FIRST_CODE = "code"
TOPIC_SORTS: dict[str, Any] = {
    "demand": ModuleTopic.demand,  # type: ignore[attr-defined] # a property of columns
    "since": ModuleTopic.state_since,
    "title": ModuleTopic.title,
}
MOST_WANTED = "-demand"
NEED_SORTS = {"since": Need.published_at, "title": Need.title}
TAGS = {"theme": "theme", "agenda": "agenda"}


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow the catalogue by ``filters`` and load what a list shows, at the same cost for any
    length."""
    for name in ("depth", "state", "axis_id"):
        if filters.get(name):
            query = query.where(getattr(Module, name) == filters[name])
    query = _tagged(query, Module, filters)
    if words := filters.get("q"):
        columns = (Module.code, cast(Module.titles, String))
        query = query.where(or_(*(column.icontains(words, autoescape=True) for column in columns)))
    return query.options(*whole())


def whole() -> tuple[Any, ...]:
    """What the page of a module shows beside the row."""
    return (
        selectinload(Module.terms),
        selectinload(Module.versions),
        selectinload(Module.partners),
        selectinload(Module.deliveries),
        selectinload(Module.topics),
    )


def topics(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow the backlog by ``filters`` and load what a list shows, at the same cost for any
    length."""
    if filters.get("state"):
        query = query.where(ModuleTopic.state == filters["state"])
    query = _tagged(query, ModuleTopic, filters)
    if words := filters.get("q"):
        columns = (ModuleTopic.title, ModuleTopic.text)
        query = query.where(or_(*(column.icontains(words, autoescape=True) for column in columns)))
    return query.options(selectinload(ModuleTopic.terms), joinedload(ModuleTopic.module))


def _tagged(query: Select[Any], model: Any, filters: Mapping[str, Any]) -> Select[Any]:
    for name, vocabulary in TAGS.items():
        if code := filters.get(name):
            term = (Term.vocabulary == vocabulary) & (Term.code == code)
            query = query.where(model.terms.any(term))
    return query


def needs_of(query: Select[Any], topic: ModuleTopic, filters: Mapping[str, Any]) -> Select[Any]:
    """Of ``query`` the needs that the demand for a topic counts."""
    ids = [term.id for term in topic.terms]
    query = query.where(Need.state.in_(OPEN_NEED), Need.terms.any(Term.id.in_(ids)))
    if words := filters.get("q"):
        query = query.where(Need.title.icontains(words, autoescape=True))
    return query.options(joinedload(Need.organisation), selectinload(Need.terms))


def topic_of_note(note_id: int) -> ModuleTopic | None:
    """The topic that a note has led to."""
    query = select(ModuleTopic).where(ModuleTopic.note_id == note_id)
    return db.session.scalars(query.options(joinedload(ModuleTopic.module))).first()


def all_modules() -> list[Module]:
    """Every module, by its code."""
    return list(db.session.scalars(select(Module).order_by(Module.code)))
