"""Reading matches: what waits for the matcher, and lists."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import aliased, joinedload, selectinload

from exchange.catalogue.models import Need, Offer
from exchange.directory.models import Person
from exchange.directory.queries import acts_for_ids, section_organisations
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.matching.models import Answer, Match
from workflows.exchange import ExchangeState
from workflows.match import MatchState
from workflows.need import NeedState
from workflows.offer import OfferState

ASKED = (MatchState.proposed, MatchState.half_agreed)
# A host was found, whether its exchange still runs or has run its course.
TOGETHER = (MatchState.agreed, MatchState.concluded)
LIVE = (MatchState.suggested, *ASKED, MatchState.agreed)
MATCHING = (ExchangeState.matching, ExchangeState.match_proposed)
BEFORE_PARTNERS = (
    ExchangeState.draft,
    ExchangeState.submitted,
    ExchangeState.more_information,
    ExchangeState.eligible,
    *MATCHING,
)
SORTS = {"newest": Match.id, "answer_by": Match.answer_by, "score": Match.score}


# What waits for the matcher


def to_examine(model: type[Need] | type[Offer], *, limit: int) -> list[int]:
    """Ids of published rows that changed since the matcher looked at them, the oldest first."""
    published = NeedState.published if model is Need else OfferState.published
    unseen = or_(model.examined_at.is_(None), model.examined_at < model.updated_at)
    query = select(model.id).where(model.state == published, unseen)
    return list(db.session.scalars(query.order_by(model.updated_at, model.id).limit(limit)))


def exchanges_to_link(*, limit: int) -> list[int]:
    """Ids of exchanges open for matching that do not know yet of a live match of their needs."""
    unlinked = select(Match.id).where(
        Match.need_id == Need.id, Match.exchange_id.is_(None), Match.state.in_(LIVE)
    )
    waits = Exchange.needs.any((Need.state == NeedState.published) & unlinked.exists())
    query = select(Exchange.id).where(Exchange.state.in_(MATCHING), waits)
    return list(db.session.scalars(query.order_by(Exchange.id).limit(limit)))


def overdue(today: date) -> Select[Any]:
    """Matches whose answer should have come before ``today``, as the database has them now."""
    late = select(Match).where(Match.state.in_(ASKED), Match.answer_by < today)
    return late.order_by(Match.id).execution_options(populate_existing=True)


def matches_of(need: Need, *states: MatchState) -> list[Match]:
    """The matches of a need in ``states``, best first, as the database has them now."""
    query = (
        select(Match)
        .where(Match.need_id == need.id, Match.state.in_(states))
        .order_by(Match.score.desc(), Match.id)
    )
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def of_exchange(exchange: Exchange, *states: MatchState) -> list[Match]:
    """The matches of an exchange in ``states``, as the database has them now."""
    query = select(Match).where(Match.exchange_id == exchange.id, Match.state.in_(states))
    ordered = query.order_by(Match.id).execution_options(populate_existing=True)
    return list(db.session.scalars(ordered))


def live_of_pair(need_id: int, offer_id: int) -> Match | None:
    """The live match of a pair, if there is one."""
    query = select(Match).where(
        Match.need_id == need_id, Match.offer_id == offer_id, Match.state.in_(LIVE)
    )
    return db.session.scalars(query).first()


def exchange_of(need: Need, states: Iterable[ExchangeState]) -> Exchange | None:
    """The youngest exchange that answers ``need`` and stands in one of ``states``."""
    query = (
        select(Exchange)
        .where(Exchange.needs.any(Need.id == need.id), Exchange.state.in_(list(states)))
        .order_by(Exchange.id.desc())
    )
    return db.session.scalars(query).first()


# Lists


def listed(query: Select[Any], filters: Mapping[str, Any], actor: Person | None) -> Select[Any]:
    """Narrow a list of matches and load what it shows: one statement, any length."""
    if filters.get("state"):
        query = query.where(Match.state == filters["state"])
    if filters.get("reason"):
        query = query.where(Match.decline_code == filters["reason"])
    if filters.get("need"):
        query = query.where(Match.need_id == filters["need"])
    if filters.get("offer"):
        query = query.where(Match.offer_id == filters["offer"])
    if filters.get("section"):
        query = query.where(of_section(filters["section"]))
    if filters.get("programme_id"):
        query = query.where(Match.need.has(programme_id=filters["programme_id"]))
    if filters.get("q"):
        query = query.where(_named(filters["q"]))
    if filters.get("mine") or filters.get("waiting"):
        query = query.where(_sides(acts_for_ids(actor), waiting=bool(filters.get("waiting"))))
    return query.options(
        joinedload(Match.need).joinedload(Need.organisation),
        joinedload(Match.offer).joinedload(Offer.organisation),
        selectinload(Match.questions),
    )


def of_section(code: str) -> Any:
    """One of the two sides belongs to the section."""
    region = section_organisations(code)
    need = Match.need.has(Need.organisation_id.in_(region))
    return need | Match.offer.has(Offer.organisation_id.in_(region))


def best_first(query: Select[Any]) -> Select[Any]:
    """Live matches first, then by their score."""
    return query.order_by(Match.state.in_(LIVE).desc(), Match.score.desc(), Match.id)


def awaiting(actor: Person | None) -> Any:
    """Matches that wait for an answer of ``actor``'s side."""
    return _sides(acts_for_ids(actor), waiting=True)


def waiting_for(actor: Person | None) -> int:
    """How many matches wait for an answer of ``actor``'s side."""
    waiting = awaiting(actor)
    return db.session.scalar(select(func.count(Match.id)).where(waiting)) or 0


def _sides(ours: set[int], *, waiting: bool) -> Any:
    need, offer = aliased(Need), aliased(Offer)
    needs = select(need.id).where(_of(need, ours))
    offers = select(offer.id).where(_of(offer, ours))
    if not waiting:
        return or_(Match.need_id.in_(needs), Match.offer_id.in_(offers))
    asks_need = Match.need_id.in_(needs) & (Match.need_answer == Answer.pending)
    asks_offer = Match.offer_id.in_(offers) & (Match.offer_answer == Answer.pending)
    return Match.state.in_(ASKED) & or_(asks_need, asks_offer)


def _of(listing: Any, ours: set[int]) -> Any:
    return or_(listing.organisation_id.in_(ours), listing.published_by_id.in_(ours))


def _named(text: str) -> Any:
    need = Need.title.icontains(text, autoescape=True)
    offer = Offer.title.icontains(text, autoescape=True)
    return or_(Match.need.has(need), Match.offer.has(offer))
