"""Matches follow their need, their offer and their exchange when one of those ends.

Idempotent: it reads where things stand, whatever made them so. The caller commits.
"""

from typing import Any

from sqlalchemy import Select, and_, or_, select

from exchange.catalogue.actions import advance_offer
from exchange.catalogue.models import Need, Offer
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.matching import moves
from exchange.matching.models import Match
from exchange.matching.queries import ASKED
from workflows.exchange import RULES, ExchangePhase, ExchangeState
from workflows.match import MatchState
from workflows.need import NeedState
from workflows.offer import OfferState

GIVEN_UP = (ExchangeState.declined, ExchangeState.cancelled)
CLOSED = (ExchangeState.closed_with_change, ExchangeState.closed_without_change)
# The pair is left alone for a year: what these two planned together came to nothing.
EXCHANGE_ENDED = "exchange_ended"
OPEN = (MatchState.suggested, *ASKED)
# Past the agreement of the partners an offer that is full is busy with exchanges.
UNDER_WAY = tuple(
    state
    for state in ExchangeState
    if RULES[state].phase not in (ExchangePhase.proposal, ExchangePhase.matching)
    and state not in GIVEN_UP
)


def settle(*, limit: int = 200) -> int:
    """Withdraw matches that lost a side or their exchange; move full offers along. How many."""
    moved = 0
    for match in list(db.session.scalars(_lost().limit(limit))):
        if match.exchange is not None and match.exchange.state in GIVEN_UP:
            match.decline_code = EXCHANGE_ENDED
        moves.end(match, "withdraw", actor=None)
        moved += 1
    moved += _move_offers(OfferState.matched, "enter_exchange", _has_one_under_way(), limit)
    moved += _move_offers(OfferState.in_exchange, "fulfil", ~_has_one_not_closed(), limit)
    return moved


def _lost() -> Select[Any]:
    need_left = Need.state != NeedState.published
    offer_left = Offer.state.not_in([OfferState.published, OfferState.matched])
    open_and_lost = and_(Match.state.in_(OPEN), or_(need_left, offer_left))
    agreed_and_lost = and_(
        Match.state == MatchState.agreed,
        or_(Need.state == NeedState.withdrawn, Offer.state == OfferState.withdrawn),
    )
    given_up = and_(Match.state.in_((*OPEN, MatchState.agreed)), Exchange.state.in_(GIVEN_UP))
    return (
        select(Match)
        .join(Need, Need.id == Match.need_id)
        .join(Offer, Offer.id == Match.offer_id)
        .outerjoin(Exchange, Exchange.id == Match.exchange_id)
        .where(or_(open_and_lost, agreed_and_lost, given_up))
        .order_by(Match.id)
    )


def _agreed_exchanges(states: Any) -> Any:
    return (
        select(Match.id)
        .join(Exchange, Exchange.id == Match.exchange_id)
        .where(Match.offer_id == Offer.id, Match.state == MatchState.agreed, states)
        .exists()
    )


def _has_one_under_way() -> Any:
    return _agreed_exchanges(Exchange.state.in_(UNDER_WAY))


def _has_one_not_closed() -> Any:
    return _agreed_exchanges(Exchange.state.not_in(CLOSED))


def _move_offers(state: OfferState, trigger: str, which: Any, limit: int) -> int:
    query = select(Offer).where(Offer.state == state, which).order_by(Offer.id).limit(limit)
    offers = list(db.session.scalars(query))
    for offer in offers:
        advance_offer(offer, trigger, actor=None)
    return len(offers)
