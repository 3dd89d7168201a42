"""P5: what everybody gets, beside simpler ways over the same pairs."""

from collections.abc import Iterator

import numpy as np

from exchange.matching.core.assignment import assign
from exchange.matching.core.flow import by_cost_scaling
from exchange.matching.core.market import Marketplace
from exchange.matching.core.pairs import Pairs
from tests.benchmarks.matching import peers
from tests.benchmarks.matching.figure import Figure
from tests.benchmarks.matching.stage import Stage
from tests.benchmarks.world import SCARCE

# Up to this size all feasible pairs fit into memory; above it, all ways see the lists of 30.
ALL_PAIRS = 20_000
Got = tuple[int, int]  # the sum of scores, and how many needs have a host


def figures(stage: Stage) -> Iterator[Figure]:
    """Totals where there is plenty; needs served where there is not."""
    ours, greedy, first = _ways(stage)
    yield Figure("P5", "total, of best pair first", stage.size, ours[0] / greedy[0], 1.05)
    yield Figure("P5", "total, of first come first served", stage.size, ours[0] / first[0], 1.09)
    ours, greedy, first = _ways(Stage(stage.size, supply=SCARCE))
    share = 100 / stage.size
    name = "scarce: needs served, points above best pair first"
    yield Figure("P5", name, stage.size, (ours[1] - greedy[1]) * share, 15)
    name = "scarce: total, of best pair first"
    yield Figure("P5", name, stage.size, ours[0] / greedy[0], 1)
    for way, got in (("best pair first", greedy), ("first come first served", first)):
        name = f"scarce: needs served, {way}"
        yield Figure("P5", name, stage.size, got[1] * share, unit=" %")


def _ways(stage: Stage) -> tuple[Got, Got, Got]:
    """Ours, best pair first, first come first served, over the same pairs."""
    if stage.size <= ALL_PAIRS:
        pairs, found = _all_pairs(stage), assign(stage.market, seconds=3600)
        ours = found.total, len({given.need for given in found.pairs})
    else:
        pairs = stage.lists
        ours = _got(pairs.only(by_cost_scaling(stage.graph)[: len(pairs)] > 0))
    places = stage.conditions.needs.places, stage.conditions.offers.places
    greedy = peers.best_pair_first(pairs, *places)
    first = peers.first_come_first_served(pairs, *places)
    return ours, _got(greedy), _got(first)


def _all_pairs(stage: Stage) -> Pairs:
    """Every feasible pair. The compiled loops keep as many places for each need as are asked for;
    these do not."""
    market = stage.market
    return Marketplace(market.index, market.configuration, "numpy").best(stage.size)


def _got(taken: Pairs) -> Got:
    return int(taken.score.sum()), len(np.unique(taken.need))
