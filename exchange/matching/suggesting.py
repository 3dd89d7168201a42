"""Suggestions: the best offers for a need, kept up to date, and the best of them asked.

A look reads and compares, which may take a while; writing what it found is short. Whoever looks
and then writes (``looking.py``) holds nothing up in between. Running twice changes nothing. The
caller commits.
"""

from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from sqlalchemy import select, update

from exchange.catalogue.models import Need, Offer
from exchange.clock import now
from exchange.extensions import db
from exchange.matching import cascade, loading, locking, settings
from exchange.matching.core.configuration import Configuration
from exchange.matching.keeping import keep
from exchange.matching.models import Match
from exchange.matching.shelf import shelf
from workflows.need import NeedState
from workflows.offer import OfferState

if TYPE_CHECKING:
    from exchange.matching.core.market import Marketplace
    from exchange.matching.core.ranking import Ranking

# One new offer is looked at for this many needs at once; the sweep comes back for the others.
NEEDS_AT_ONCE = 20


@dataclass(frozen=True)
class Look:
    """What was found for a need ``at`` a moment, by which settings. ``marked``: it had been looked
    at before, and nobody had asked for another look."""

    need_id: int
    at: datetime
    marked: bool
    ranking: "Ranking"
    configuration: Configuration


def look(need_id: int, *, market: "Marketplace | None" = None) -> Look | None:
    """Find the best offers for a need; None when it is not published. Nothing is written.

    :param market: of all published offers; the one of this process, as it is now, when not given.
    """
    at, need = now(), db.session.get(Need, need_id)
    if need is None or need.state != NeedState.published:
        return None
    configuration = settings.current()
    market = market or shelf().market(configuration)
    most = configuration.kept + need.hosts_wanted
    ranking = market.rank(loading.need_facts([need_id])[0], most)
    return Look(need_id, at, need.examined_at is not None, ranking, configuration)


def write(found: Look) -> bool:
    """Keep what a look found as the need's suggestions, and ask about the best of them.

    :returns: False when the need is not published any more.
    """
    need = db.session.get(Need, found.need_id)
    if need is None:
        return False
    locking.needs([need.id])
    if need.state != NeedState.published:
        return False
    keep(need, found.ranking.candidates, found.configuration)
    propose_best(need)
    asked_for_another = found.marked and need.examined_at is None
    if not asked_for_another:
        examined(need, found.at)
    return True


def suggest_for_need(need_id: int, *, market: "Marketplace | None" = None) -> "Ranking | None":
    """Look and write at once.

    :returns: what was found and what was removed by which rule; None when it is not published.
    """
    found = look(need_id, market=market)
    return found.ranking if found is not None and write(found) else None


def needs_for(offer_id: int) -> list[int]:
    """The ids of the needs that a published offer fits best, the best first, without those that
    the matcher has looked at since the offer was changed: they know it."""
    from exchange.matching.core.market import Marketplace  # late: numpy, for who matches

    offer, kept = db.session.get(Offer, offer_id), shelf()
    if offer is None or offer.state != OfferState.published:
        return []
    own = [facts for facts in kept.offers() if facts.id == offer_id]
    market = Marketplace.of(kept.needs(), own, settings.current(), kept.encoder())
    pairs = market.best(1)
    best = pairs.need[(-pairs.score).argsort(kind="stable")]
    known = set(db.session.scalars(select(Need.id).where(Need.examined_at > offer.updated_at)))
    ids = (int(market.needs[at].id) for at in best)
    return list(islice((need_id for need_id in ids if need_id not in known), NEEDS_AT_ONCE))


def propose_best(need: Need) -> list[Match]:
    """Ask about the best suggestions that have a place, as many as the need still wants hosts;
    nobody where an officer asks."""
    return cascade.ask_first(need)


def examined(row: Need | Offer, at: datetime) -> None:
    """Note that the matcher has seen ``row`` as it was ``at`` that moment, which is no change of
    the row itself: whoever changed it since is looked at again."""
    db.session.flush()
    model = type(row)
    db.session.execute(
        update(model).where(model.id == row.id).values(examined_at=at, updated_at=model.updated_at),
        execution_options={"synchronize_session": False},
    )
