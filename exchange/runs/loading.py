"""The market of a run. Each process reads the rows once for a run, and keeps the last market.

Two processes may read at different moments. What changed in between is seen by the hash of the
facts: whoever solves compares those blocks again that saw others than he, so that a run is the best
of one state of the rows. What changes after that is seen when its pairs are asked about.
"""

import threading
from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy import select

from exchange.catalogue.models import Need
from exchange.extensions import db
from exchange.matching import loading
from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import NeedFacts, OfferFacts, Wishes
from exchange.matching.core.market import Marketplace
from exchange.matching.history import history
from exchange.matching.models import Wish, Wished
from exchange.matching.shelf import Shelf, shelf
from exchange.runs import queries
from exchange.runs.share import Loaded, fingerprint
from workflows.need import NeedState


@dataclass
class _Kept:
    """The last market, for which run, and of what it was made."""

    run_id: int
    needs: list[NeedFacts]
    offers: list[OfferFacts]
    corpus: str
    loaded: Loaded


_lock = threading.RLock()
# The last market goes with the shelf whose facts it was made of.
_last: WeakKeyDictionary[Shelf, _Kept] = WeakKeyDictionary()


def load(run_id: int, configuration: Configuration) -> Loaded:
    """The market of the needs of a run, as far as they are published, and of all published offers:
    as the rows were when this process first asked for it.

    Threads of one process wait for each other rather than make it twice.
    """
    with _lock:
        kept = _last.get(shelf())
        if kept is None or kept.run_id != run_id:
            kept = _last[shelf()] = _made(run_id, configuration, kept)
        return kept.loaded


def _made(run_id: int, configuration: Configuration, last: _Kept | None) -> _Kept:
    """The market as the rows are now; the last one again where nothing has changed since."""
    encoder, corpus = shelf().encoder_of_now()
    needs = list(_needs(set(queries.needs_in(run_id)), configuration))
    offers = shelf().offers()
    if last and (last.corpus, last.needs, last.offers) == (corpus, needs, offers):
        if last.loaded.market.configuration == configuration:
            return replace(last, run_id=run_id)
        market = last.loaded.market.with_configuration(configuration)
    else:
        market = Marketplace.of(needs, offers, configuration, encoder)
    return _Kept(run_id, needs, offers, corpus, Loaded(market, fingerprint(market, corpus)))


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
