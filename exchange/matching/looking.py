"""The looks of the worker: at a need, an offer, an exchange.

Each reads and compares first, and then writes in a short transaction of its own, so that nobody
waits for the matcher to think.
"""

from typing import TYPE_CHECKING

from exchange.catalogue.models import Offer
from exchange.clock import now
from exchange.exchanges import actions as exchanges
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.matching import locking, queries, settings, suggesting
from exchange.matching.shelf import shelf
from exchange.transaction import read_only, transaction
from workflows.match import MatchState
from workflows.need import NeedState

if TYPE_CHECKING:
    from exchange.matching.core.market import Marketplace
    from exchange.matching.core.ranking import Ranking


def at_need(need_id: int, *, market: "Marketplace | None" = None) -> "Ranking | None":
    """Find offers for a need and write them down; None when it is not published."""
    with read_only(), transaction():
        found = suggesting.look(need_id, market=market)
    if found is None:
        return None
    with transaction():
        return found.ranking if suggesting.write(found) else None


def at_offer(offer_id: int) -> int:
    """Look again at the needs that an offer fits best; return how many."""
    at = now()
    with read_only(), transaction():
        needs = suggesting.needs_for(offer_id)
        market = shelf().market(settings.current()) if needs else None
    for need_id in needs:
        at_need(need_id, market=market)
    with transaction():
        offer = db.session.get(Offer, offer_id)
        if offer is not None:
            suggesting.examined(offer, at)
    return len(needs)


def at_exchange(exchange_id: int) -> int:
    """Look for partners of each need of an exchange that is open for matching; return how many.

    Suggestions that were there before matching was opened are linked to it; one that is asked
    already moves it on.
    """
    with transaction():
        needs = _link(exchange_id)
    for need_id in needs:
        at_need(need_id)
    with transaction():
        exchange = db.session.get(Exchange, exchange_id)
        if exchange is not None:
            exchanges.try_advance(exchange, "propose_match", actor=None)
    return len(needs)


def _link(exchange_id: int) -> list[int]:
    """Link what its needs were suggested before; return the ids of those that are published."""
    exchange = db.session.get(Exchange, exchange_id)
    if exchange is None or exchange.state not in queries.MATCHING:
        return []
    locking.needs([need.id for need in exchange.needs])
    needs = [need for need in exchange.needs if need.state == NeedState.published]
    for need in needs:
        for match in queries.matches_of(need, MatchState.suggested, *queries.ASKED):
            match.exchange = match.exchange or exchange
    return [need.id for need in needs]
