"""Matches follow their need, their offer and their exchange when one of those ends.

Idempotent: it reads where things stand, whatever made them so. The caller commits.
"""

from collections.abc import Callable
from typing import Any

from sqlalchemy import Select, and_, or_, select

from exchange.catalogue.actions import advance_need, advance_offer
from exchange.catalogue.models import Need, Offer
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.matching import agreement, cascade, locking, moves
from exchange.matching.models import Match
from exchange.matching.queries import ASKED
from workflows.exchange import RULES, ExchangePhase, ExchangeState
from workflows.match import MatchState
from workflows.need import NeedState
from workflows.offer import OfferState

GIVEN_UP = (ExchangeState.declined, ExchangeState.cancelled)
CLOSED = (ExchangeState.closed_with_change, ExchangeState.closed_without_change)
# What these two planned together came to nothing: the pair is left alone (``history.py``).
EXCHANGE_ENDED = "exchange_ended"
OPEN = (MatchState.suggested, *ASKED)
# Past the agreement of the partners an offer that is full is busy with exchanges.
UNDER_WAY = tuple(
    state
    for state in ExchangeState
    if RULES[state].phase not in (ExchangePhase.proposal, ExchangePhase.matching)
    and state not in GIVEN_UP
)


def settle(*, limit: int = 100) -> int:
    """Withdraw matches that lost a side or their exchange and ask the next in line, conclude those
    whose exchange is closed, move needs and full offers along. Return how many rows were moved."""
    seen = _Seen(limit)
    if not seen:
        return 0
    # All at once and in order, whatever it will be that is moved: see ``locking.py``.
    locking.in_order(seen.need_ids, seen.offer_ids)
    moved = [
        *_each(_lost().where(Match.id.in_(seen.lost)), _end),
        *_each(_run_their_course().where(Match.id.in_(seen.over)), _conclude),
        *_each(_open_again().where(Need.id.in_(seen.needs)), _reopen),
        *_each(_found_all().where(Need.id.in_(seen.needs)), _close),
        *_each(_under_way().where(Offer.id.in_(seen.offers)), _enter_exchange),
    ]
    return len(moved)


class _Seen:
    """What is to be settled, by number, before anything is locked."""

    def __init__(self, limit: int) -> None:
        lost, over = (_read(query.limit(limit)) for query in (_lost(), _run_their_course()))
        needs = [*_read(_open_again().limit(limit)), *_read(_found_all().limit(limit))]
        offers = _read(_under_way().limit(limit))
        self.lost, self.over = ([match.id for match in found] for found in (lost, over))
        self.needs, self.offers = [need.id for need in needs], [offer.id for offer in offers]
        matches = (*lost, *over)
        self.need_ids = {*self.needs, *(match.need_id for match in matches)}
        self.offer_ids = {*self.offers, *(match.offer_id for match in matches)}

    def __bool__(self) -> bool:
        return bool(self.need_ids or self.offer_ids)


def _read(query: Select[Any]) -> list[Any]:
    return list(db.session.scalars(query.execution_options(populate_existing=True)))


def _each(query: Select[Any], action: Callable[[Any], None]) -> list[Any]:
    """Do ``action`` to each row that ``query`` still finds."""
    rows = _read(query)
    for row in rows:
        action(row)
    return rows


def _end(match: Match) -> None:
    given_up = match.exchange is not None and match.exchange.state in GIVEN_UP
    if given_up:
        match.decline_code = EXCHANGE_ENDED
    moves.end(match, "withdraw", actor=None)
    cascade.go_on(match.need, "withdraw" if given_up else "lost")
    agreement.complete(match.exchange, actor=None)


def _conclude(match: Match) -> None:
    moves.conclude(match, actor=None)


def _reopen(need: Need) -> None:
    advance_need(need, "reopen", actor=None)


def _close(need: Need) -> None:
    agreement.need_follows(need, actor=None)


def _enter_exchange(offer: Offer) -> None:
    advance_offer(offer, "enter_exchange", actor=None)


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


def _open_again() -> Select[Any]:
    """Needs that had all their hosts and were changed to look for more."""
    open_again = select(Need).where(Need.state == NeedState.matched)
    return open_again.where(Need.hosts_held < Need.hosts_wanted).order_by(Need.id)


def _found_all() -> Select[Any]:
    """Open needs that were changed to look for no more hosts than they have found."""
    asked = Need.matches.any(Match.state.in_(ASKED))  # type: ignore[attr-defined] # made by the backref of a match
    enough = and_(Need.hosts_held >= Need.hosts_wanted, ~asked)
    return select(Need).where(Need.state == NeedState.published, enough).order_by(Need.id)


def _under_way() -> Select[Any]:
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
    return full.order_by(Offer.id)
