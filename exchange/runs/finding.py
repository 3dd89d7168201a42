"""What one worker does with a block: the best candidates of its needs, and what the rules removed.

No database here: a market and ids in, ``Found`` out.
"""

from collections import Counter
from collections.abc import Sequence
from time import perf_counter
from typing import Any

from exchange.matching.core.market import Marketplace
from exchange.matching.core.rules import BELOW_THE_FLOOR
from exchange.matching.core.search import CANDIDATES
from exchange.runs.packing import Found
from exchange.runs.share import Loaded, positions, with_ids


def find(loaded: Loaded, need_ids: Sequence[int], *, counted: int) -> Found:
    """The best candidates of these needs, exactly.

    :param counted: for how many of the needs, evenly spread, the offers are counted that each rule
        removed: that is done need by need, and takes longer than finding the best.
    """
    begun, market = perf_counter(), loaded.market
    at = positions(market, need_ids)
    pairs = with_ids(market, market.best_of(at, CANDIDATES))
    spread = at[:: max(-(-len(at) // max(counted, 1)), 1)] if counted else at[:0]
    facts = {
        "market": loaded.stamp,
        "counted": removed(market, [market.needs[i].id for i in spread]),
        "seconds": round(perf_counter() - begun, 3),
    }
    return Found(pairs, facts)


def removed(market: Marketplace, need_ids: Sequence[Any]) -> dict[str, Any]:
    """How many offers each rule removed for these needs together, each rule counting what those
    before it left; how many pairs fit, and how many were looked at."""
    counts: Counter[str] = Counter()
    fits = 0
    for need_id in need_ids:
        view = market.view(need_id)
        left, by_rule = view.narrowed()
        offers, _scores = view.scored(left)
        counts.update(by_rule)
        counts[BELOW_THE_FLOOR] += int(left.sum()) - len(offers)
        fits += len(offers)
    told = {code: many for code, many in counts.items() if many}
    looked_at = len(need_ids) * len(market.offers)
    return {"needs": len(need_ids), "removed": told, "fits": fits, "pairs": looked_at}
