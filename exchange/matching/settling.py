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
    """Withdraw matches that lost a side or their exchange, conclude those whose exchange is closed,
    move full offers along. Return how many rows were moved."""
    moved = 0
    for match in list(db.session.scalars(_lost().limit(limit))):
        if match.exchange is not None and match.exchange.state in GIVEN_UP:
            match.decline_code = EXCHANGE_ENDED
        moves.end(match, "withdraw", actor=None)
        moved += 1
    for match in list(db.session.scalars(_run_their_course().limit(limit))):
        moves.conclude(match, actor=None)
        moved += 1
    return moved + _enter_exchange(limit)


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


def _run_their_course() -> Select[Any]:
    """Agreed matches whose exchange is closed."""
    query = select(Match).join(Exchange, Exchange.id == Match.exchange_id)
    closed = query.where(Match.state == MatchState.agreed, Exchange.state.in_(CLOSED))
    return closed.order_by(Match.id)


def _enter_exchange(limit: int) -> int:
    """Full offers of which an agreed exchange is under way."""
    under_way = (
        select(Match.id)
        .join(Exchange, Exchange.id == Match.exchange_id)
        .where(
            Match.offer_id == Offer.id,
            Match.state == MatchState.agreed,
            Exchange.state.in_(UNDER_WAY),
        )
    )
    full = select(Offer).where(Offer.state == OfferState.matched, under_way.exists())
    offers = list(db.session.scalars(full.order_by(Offer.id).limit(limit)))
    for offer in offers:
        advance_offer(offer, "enter_exchange", actor=None)
    return len(offers)
