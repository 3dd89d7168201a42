"""Reading mechanisms, what they need and give, the matrix of mutual needs, events and clashes."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, String, cast, or_, select
from sqlalchemy.orm import joinedload, selectinload

from exchange.catalogue.models import Need
from exchange.clock import today
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.mechanisms.clashes import NEAR, Plan
from exchange.mechanisms.meeting import Meeting, meetings, need_facts, offer_facts
from exchange.mechanisms.models import (
    Gives,
    Mechanism,
    MechanismListing,
    MechanismPair,
    OutsideEvent,
    mechanism_exchanges,
    mechanism_needs,
    mechanism_practices,
)
from exchange.practices.models import Observatory, Practice
from exchange.visits.models import Visit
from workflows.exchange import ExchangeState
from workflows.mechanism_listing import LIVE
from workflows.practice import PracticeState

SORTS = {"code": Mechanism.code, "kind": Mechanism.kind}
FIRST = "kind"
LISTING_SORTS = {"review": MechanismListing.expires_on, "title": MechanismListing.title}
FIRST_REVIEWED = "review"
PAIR_SORTS = {"since": MechanismPair.state_since, "score": MechanismPair.score}
LATEST = "-since"
EVENT_SORTS = {"starts": OutsideEvent.starts_on, "organiser": OutsideEvent.organiser}
FIRST_ON = "starts"
# The best pairs and the first clashes: nobody reads further down.
MOST_SHOWN = 100
OVER = (ExchangeState.declined, ExchangeState.cancelled)


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow mechanisms by ``filters`` and load what a list shows; who sleeps is left out."""
    if filters.get("kind"):
        query = query.where(Mechanism.kind == filters["kind"])
    if filters.get("theme"):
        query = query.where(Mechanism.terms.any(vocabulary="theme", code=filters["theme"]))
    if not filters.get("sleeping"):
        query = query.where(Mechanism.active)
    if words := filters.get("q"):
        columns = (Mechanism.code, cast(Mechanism.titles, String))
        query = query.where(or_(*(one.icontains(words, autoescape=True) for one in columns)))
    return query.options(joinedload(Mechanism.organisation), selectinload(Mechanism.terms))


def whole() -> tuple[Any, ...]:
    """What the page of a mechanism shows beside the row."""
    return (
        joinedload(Mechanism.organisation),
        joinedload(Mechanism.observatory),
        joinedload(Mechanism.contact),
        selectinload(Mechanism.listings).selectinload(MechanismListing.terms),
    )


def by_id(ids: set[int]) -> dict[int, Mechanism]:
    """Mechanisms by their ids."""
    query = select(Mechanism).where(Mechanism.id.in_(ids))
    return {one.id: one for one in db.session.scalars(query)}


def listings(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow what mechanisms need and give by ``filters``, and load what a list shows."""
    for name in ("side", "state", "mechanism_id"):
        if filters.get(name):
            query = query.where(getattr(MechanismListing, name) == filters[name])
    if filters.get("theme"):
        query = query.where(MechanismListing.terms.any(vocabulary="theme", code=filters["theme"]))
    if words := filters.get("q"):
        columns = (MechanismListing.title, MechanismListing.text)
        query = query.where(or_(*(one.icontains(words, autoescape=True) for one in columns)))
    return query.options(
        joinedload(MechanismListing.mechanism), selectinload(MechanismListing.terms)
    )


def live_listings(side: Gives, mechanism_id: int | None = None) -> list[MechanismListing]:
    """What active mechanisms need (or give) now; some statements, however many there are."""
    query = (
        select(MechanismListing)
        .join(Mechanism)
        .where(MechanismListing.side == side, MechanismListing.state.in_(LIVE), Mechanism.active)
        .options(
            joinedload(MechanismListing.mechanism).selectinload(Mechanism.terms),
            selectinload(MechanismListing.terms),
        )
    )
    if mechanism_id is not None:
        query = query.where(MechanismListing.mechanism_id == mechanism_id)
    return list(db.session.scalars(query.order_by(MechanismListing.id)))


@dataclass(frozen=True)
class Met:
    """A need, the offer that meets it, and what the matcher says of the two."""

    need: MechanismListing
    offer: MechanismListing
    meeting: Meeting


def met(needs_id: int | None = None, offers_id: int | None = None) -> list[Met]:
    """What is needed and given, the best pairs first; of two mechanisms or of all."""
    needs = {one.id: one for one in live_listings(Gives.needs, needs_id)}
    offers = {one.id: one for one in live_listings(Gives.offers, offers_id)}
    found = meetings(need_facts(needs.values()), offer_facts(offers.values()))
    return [Met(needs[one.need_id], offers[one.offer_id], one) for one in found]


@dataclass(frozen=True)
class Matrix:
    """How many offers of one mechanism meet needs of another: ``cells`` by (who needs, who
    gives)."""

    needing: list[Mechanism]
    giving: list[Mechanism]
    cells: dict[tuple[int, int], int]


def matrix() -> Matrix:
    """The mutual needs of all active mechanisms."""
    cells: dict[tuple[int, int], int] = defaultdict(int)
    needing, giving = {}, {}
    for one in met():
        needing[one.need.mechanism_id] = one.need.mechanism
        giving[one.offer.mechanism_id] = one.offer.mechanism
        cells[one.need.mechanism_id, one.offer.mechanism_id] += 1
    return Matrix(_in_order(needing), _in_order(giving), dict(cells))


def _in_order(found: Mapping[int, Mechanism]) -> list[Mechanism]:
    return sorted(found.values(), key=lambda one: (one.kind, one.code))


def pairs(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow pairs by their state and load what a list shows."""
    if filters.get("state"):
        query = query.where(MechanismPair.state == filters["state"])
    if words := filters.get("q"):
        title = MechanismListing.title.icontains(words, autoescape=True)
        query = query.where(or_(MechanismPair.need.has(title), MechanismPair.offer.has(title)))
    sides = (MechanismPair.need, MechanismPair.offer)
    return query.options(
        *(joinedload(side).joinedload(MechanismListing.mechanism) for side in sides)
    )


def known_pairs() -> dict[tuple[int, int], int]:
    """The pairs that somebody suggested already, by the ids of need and offer."""
    query = select(MechanismPair.need_id, MechanismPair.offer_id, MechanismPair.id)
    return {(need, offer): pair for need, offer, pair in db.session.execute(query)}


LINKED: dict[str, tuple[Any, Any, Any]] = {
    "exchanges": (Exchange, mechanism_exchanges, Exchange.reference),
    "practices": (Practice, mechanism_practices, Practice.id),
    "needs": (Need, mechanism_needs, Need.id),
}


def linked(visible: Select[Any], name: str, mechanism_id: int) -> list[Any]:
    """What is linked to a mechanism under ``name``, of the rows in ``visible``."""
    model, link, order = LINKED[name]
    ids = select(link.c[f"{model.__tablename__}_id"]).where(link.c.mechanism_id == mechanism_id)
    query = visible.where(model.id.in_(ids)).order_by(order)
    if model is Practice:
        query = query.options(selectinload(Practice.texts))
    return list(db.session.scalars(query))


def of_row(row: Any) -> list[Mechanism]:
    """The mechanisms that a practice or a need is linked to."""
    column = Mechanism.practices if isinstance(row, Practice) else Mechanism.needs
    query = select(Mechanism).where(column.any(id=row.id)).order_by(Mechanism.code)
    return list(db.session.scalars(query))


def by_observatory(ids: Iterable[int]) -> dict[int, Mechanism]:
    """The mechanisms that observatories are, by the ids of these in their own register."""
    query = select(Mechanism).where(Mechanism.observatory_id.in_(ids))
    return {one.observatory_id: one for one in db.session.scalars(query) if one.observatory_id}


def observatories() -> list[Observatory]:
    """The observatories that practices are harvested from."""
    return list(db.session.scalars(select(Observatory).order_by(Observatory.name)))


def published_practices() -> list[Practice]:
    """The practices that can be linked."""
    query = select(Practice).where(Practice.state == PracticeState.published)
    return list(db.session.scalars(query.options(selectinload(Practice.texts))))


def events(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow events of others by ``filters`` and load what a list shows; what is over is left
    out."""
    if filters.get("theme"):
        query = query.where(OutsideEvent.terms.any(vocabulary="theme", code=filters["theme"]))
    if not filters.get("past"):
        query = query.where(OutsideEvent.ends_on >= today())
    if words := filters.get("q"):
        columns = (OutsideEvent.title, OutsideEvent.organiser, OutsideEvent.place)
        query = query.where(or_(*(one.icontains(words, autoescape=True) for one in columns)))
    return query.options(joinedload(OutsideEvent.partner), selectinload(OutsideEvent.terms))


def coming_events() -> list[OutsideEvent]:
    """The events that may still get in the way."""
    query = select(OutsideEvent).where(OutsideEvent.ends_on >= today() - NEAR)
    query = query.options(joinedload(OutsideEvent.partner), selectinload(OutsideEvent.terms))
    return list(db.session.scalars(query.order_by(OutsideEvent.starts_on)))


def planned_visits(visible: Select[Any]) -> list[Plan]:
    """The visits with dates to come, of those in ``visible`` (a query of visits)."""
    query = (
        visible.join(Exchange, Exchange.id == Visit.exchange_id)
        .where(Visit.ends_on >= today(), Exchange.state.not_in(OVER))
        .where(Visit.starts_on.is_not(None))
        .options(
            joinedload(Visit.exchange).selectinload(Exchange.partners),
            joinedload(Visit.exchange).selectinload(Exchange.terms),
        )
    )
    return [plan for one in db.session.scalars(query) if (plan := visit_plan(one))]


def visit_plan(visit: Visit, starts_on: Any = None, ends_on: Any = None) -> Plan | None:
    """A visit as a plan, on its own days or on others that are thought of."""
    first, last = starts_on or visit.starts_on, ends_on or visit.ends_on
    if first is None or last is None:
        return None
    exchange = visit.exchange
    return Plan(
        "visits.show",
        visit.id,
        {exchange.language: visit.title or exchange.title},
        first,
        last,
        frozenset({exchange.proposer_id, *(one.organisation_id for one in exchange.partners)}),
        frozenset(term.code for term in exchange.terms if term.vocabulary == "theme"),
    )
