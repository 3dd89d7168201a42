"""The market of a run as the rows say now. Each process keeps the last one it made.

Whoever compares a block reads the facts at that moment, and whoever solves reads them again. What
changed in between is seen by the hash of the facts: blocks that saw others are compared again, so
that a run is the best of one state of the rows. What changes after that is seen when its pairs are
asked about.
"""

import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import select

from exchange.catalogue.models import Need
from exchange.extensions import db
from exchange.matching import loading
from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import NeedFacts, OfferFacts, Wishes
from exchange.matching.core.market import Marketplace
from exchange.matching.history import history
from exchange.matching.models import Wish, Wished
from exchange.matching.shelf import shelf
from exchange.runs.share import Loaded, fingerprint
from workflows.need import NeedState


@dataclass
class _Kept:
    """The last market, and of what it was made."""

    needs: list[NeedFacts]
    offers: list[OfferFacts]
    corpus: str
    loaded: Loaded


_lock = threading.RLock()
_last: list[_Kept] = []


def load(need_ids: Collection[int], configuration: Configuration) -> Loaded:
    """The market of these needs, as far as they are published, and of all published offers.

    Threads of one process wait for each other rather than make it twice.
    """
    with _lock:
        encoder, corpus = shelf().encoder_of_now()
        needs = list(_needs(set(need_ids), configuration))
        offers = shelf().offers()
        kept = _last[0] if _last else None
        if kept is None or (kept.corpus, kept.needs, kept.offers) != (corpus, needs, offers):
            market = Marketplace.of(needs, offers, configuration, encoder)
        elif kept.loaded.market.configuration != configuration:
            market = kept.loaded.market.with_configuration(configuration)
        else:
            return kept.loaded
        loaded = Loaded(market, fingerprint(market, corpus))
        _last[:] = [_Kept(needs, offers, corpus, loaded)]
        return loaded


def wishes(need_ids: Collection[int]) -> Wishes:
    """What officers wish for the pairs of these needs; one statement."""
    wanted = set(need_ids)
    rows = db.session.execute(select(Wish.need_id, Wish.offer_id, Wish.kind))
    found = [(kind, (need, offer)) for need, offer, kind in rows if need in wanted]
    return Wishes(
        pins=frozenset(pair for kind, pair in found if kind == Wished.pin),
        vetoes=frozenset(pair for kind, pair in found if kind == Wished.veto),
    )


def _needs(wanted: set[int], configuration: Configuration) -> Iterator[NeedFacts]:
    """The facts of a run: who is asked counts as found, and no history is older than the
    settings of the run say."""
    asked, past = _asked(), history(configuration=configuration)
    for one in shelf().needs():
        key = int(one.id)
        if key in wanted and key in asked:
            held, passed_over = asked[key]
            facts = loading.with_history(one, past[key])
            yield replace(facts, hosts_found=held, passed_over=passed_over)


def _asked() -> dict[int, Any]:
    """Need id → hosts asked or found, and runs that passed it over."""
    columns = select(Need.id, Need.hosts_held, Need.passed_over)
    rows = db.session.execute(columns.where(Need.state == NeedState.published))
    return {row.id: (row.hosts_held, row.passed_over) for row in rows}
