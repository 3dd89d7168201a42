"""Suggestions: the best offers for a need, kept up to date, and the best of them asked.

Running twice changes nothing. The caller commits.
"""

from typing import TYPE_CHECKING

from sqlalchemy import update

from exchange.catalogue.models import Need, Offer
from exchange.clock import now
from exchange.exchanges import actions as exchanges
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.matching import cascade, loading, locking, queries, settings
from exchange.matching.keeping import keep
from exchange.matching.models import Match
from exchange.matching.shelf import shelf
from workflows.match import MatchState
from workflows.need import NeedState
from workflows.offer import OfferState

if TYPE_CHECKING:
    from exchange.matching.core.market import Marketplace
    from exchange.matching.core.ranking import Ranking

# One new offer is looked at for this many needs at once; the sweep comes back for the others.
NEEDS_AT_ONCE = 20


def suggest_for_need(need_id: int, *, market: "Marketplace | None" = None) -> "Ranking | None":
    """Keep the best suggestions for a need and ask about the best of them.

    :param market: of all published offers; the one of this process, as it is now, when not given.
    :returns: what was found and what was removed by which rule; None when it is not published.
    """
    need = db.session.get(Need, need_id)
    if need is None:
        return None
    locking.needs([need_id])
    if need.state != NeedState.published:
        return None
    configuration = settings.current()
    market = market or shelf().market(configuration)
    most = configuration.kept + need.hosts_wanted
    ranking = market.rank(loading.need_facts([need_id])[0], most)
    keep(need, ranking.candidates, configuration)
    propose_best(need)
    _examined(need)
    return ranking


def suggest_for_offer(offer_id: int) -> int:
    """Look again at the needs that an offer fits best; return how many."""
    offer = db.session.get(Offer, offer_id)
    if offer is None or offer.state != OfferState.published:
        return 0
    market = shelf().market(settings.current())
    needs = _needs_for(offer_id)
    locking.in_order(needs, [offer_id])
    for need_id in needs:
        suggest_for_need(need_id, market=market)
    _examined(offer)
    return len(needs)


def _needs_for(offer_id: int) -> list[int]:
    """The needs that the offer fits best, the best first."""
    from exchange.matching.core.market import Marketplace  # late: numpy, for who matches

    kept = shelf()
    own = [facts for facts in kept.offers() if facts.id == offer_id]
    market = Marketplace.of(kept.needs(), own, settings.current(), kept.encoder())
    pairs = market.best(1)
    best = (-pairs.score).argsort(kind="stable")[:NEEDS_AT_ONCE]
    return [int(market.needs[at].id) for at in pairs.need[best]]


def suggest_for_exchange(exchange_id: int) -> int:
    """Look for partners of each need of an exchange that is open for matching; return how many.

    Suggestions that were there before matching was opened are linked to it; one that is asked
    already moves it on.
    """
    exchange = db.session.get(Exchange, exchange_id)
    if exchange is None or exchange.state not in queries.MATCHING:
        return 0
    needs = [need for need in exchange.needs if need.state == NeedState.published]
    for need in needs:
        for match in queries.matches_of(need, MatchState.suggested, *queries.ASKED):
            match.exchange = match.exchange or exchange
        suggest_for_need(need.id)
    exchanges.try_advance(exchange, "propose_match", actor=None)
    return len(needs)


def propose_best(need: Need) -> list[Match]:
    """Ask about the best suggestions that have a place, as many as the need still wants hosts;
    nobody where an officer asks."""
    return cascade.ask_first(need)


def _examined(row: Need | Offer) -> None:
    """Note that the matcher has seen ``row`` as it is; that is no change of the row itself."""
    db.session.flush()
    model = type(row)
    db.session.execute(
        update(model)
        .where(model.id == row.id)
        .values(examined_at=now(), updated_at=model.updated_at),
        execution_options={"synchronize_session": False},
    )
