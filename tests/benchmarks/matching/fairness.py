"""P5: what everybody gets, beside simpler ways over the same pairs."""

from collections.abc import Iterator

import numpy as np

from exchange.matching.core.assignment import Assignment, assign
from exchange.matching.core.market import Marketplace
from exchange.matching.core.pairs import Pairs
from tests.benchmarks.matching import peers
from tests.benchmarks.matching.figure import Figure
from tests.benchmarks.matching.stage import Stage
from tests.benchmarks.world import SCARCE

# Up to this size all feasible pairs fit into memory; above it, lists of 30 stand for them.
ALL_PAIRS = 20_000


def figures(stage: Stage) -> Iterator[Figure]:
    """Totals where there is plenty; needs served where there is not. All ways see all pairs."""
    ours, greedy, first = _ways(stage)
    yield Figure("P5", "total, of best pair first", stage.size, ours.total / total(greedy), 1.05)
    name = "total, of first come first served"
    yield Figure("P5", name, stage.size, ours.total / total(first), 1.09)
    scarce = Stage(stage.size, supply=SCARCE)
    ours, greedy, first = _ways(scarce)
    share = 100 / stage.size
    more = (len({given.need for given in ours.pairs}) - served(greedy)) * share
    name = "scarce: needs served, points above best pair first"
    yield Figure("P5", name, stage.size, more, 15)
    name = "scarce: total, of best pair first"
    yield Figure("P5", name, stage.size, ours.total / total(greedy), 1)
    for name, found in (("best pair first", greedy), ("first come first served", first)):
        yield Figure(
            "P5", f"scarce: needs served, {name}", stage.size, served(found) * share, unit=" %"
        )


def _ways(stage: Stage) -> tuple[Assignment, Pairs, Pairs]:
    """Ours, best pair first, first come first served."""
    pairs = _all_pairs(stage) if stage.size <= ALL_PAIRS else stage.lists
    places = stage.conditions.needs.places, stage.conditions.offers.places
    ways = peers.best_pair_first, peers.first_come_first_served
    greedy, first = (way(pairs, *places) for way in ways)
    return assign(stage.market, seconds=3600), greedy, first


def _all_pairs(stage: Stage) -> Pairs:
    """Every feasible pair. The compiled loops keep as many places for each need as are asked for;
    these do not."""
    market = stage.market
    return Marketplace(market.index, market.configuration, "numpy").best(stage.size)


def total(pairs: Pairs) -> int:
    """The sum of scores."""
    return int(pairs.score.sum())


def served(pairs: Pairs) -> int:
    """How many needs have a host."""
    return len(np.unique(pairs.need))
