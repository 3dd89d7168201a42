"""How good lists of offers are, against pairs that are known to be right. No database here.

``R@k``: the share of needs that have a right offer among their first k. ``MRR``: the mean of one
divided by the rank of the first right offer; a need without any counts 0.
"""

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

DEPTHS = (1, 3, 10)
# The quantile of the normal distribution that leaves 2.5 % on each side.
Z95 = 1.959963984540054
DRAWS = 2000


@dataclass(frozen=True)
class Interval:
    """A share from 0 to 1 with the ends of its 95 % interval."""

    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Quality:
    """What ``measure`` found. ``recall`` by depth; ``unranked``: needs whose list has no right one.

    ``missing`` counts those of the unranked that have no list at all.
    """

    needs: int
    recall: Mapping[int, Interval]
    mrr: Interval
    unranked: int
    missing: int


def measure(truth: Mapping[str, frozenset[str]], lists: Mapping[str, Sequence[str]]) -> Quality:
    """The quality of ``lists`` (need → offers, best first) for the needs of ``truth``.

    :raises ValueError: when ``truth`` is empty.
    """
    if not truth:
        raise ValueError("there is no need to measure by")
    ranks = [_rank(right, lists.get(need, ())) for need, right in sorted(truth.items())]
    total = len(ranks)
    recall = {depth: wilson(sum(0 < rank <= depth for rank in ranks), total) for depth in DEPTHS}
    return Quality(
        needs=total,
        recall=recall,
        mrr=bootstrap([1 / rank if rank else 0.0 for rank in ranks]),
        unranked=ranks.count(0),
        missing=sum(need not in lists for need in truth),
    )


def _rank(right: frozenset[str], offers: Sequence[str]) -> int:
    """Where the first right offer stands, from 1; 0 when there is none."""
    return next((place for place, offer in enumerate(offers, 1) if offer in right), 0)


def wilson(hits: int, total: int) -> Interval:
    """The share ``hits / total`` with its score interval (Wilson, 1927), good for few needs."""
    share, square = hits / total, Z95**2
    middle = (share + square / (2 * total)) / (1 + square / total)
    half = Z95 * sqrt(share * (1 - share) / total + square / (4 * total**2)) / (1 + square / total)
    return Interval(share, max(middle - half, 0.0), min(middle + half, 1.0))


def bootstrap(values: Sequence[float]) -> Interval:
    """The mean with the middle 95 % of the means of samples drawn with replacement (Efron, 1979).

    The seed is fixed: the same values give the same interval.
    """
    draw = random.Random(20191112)  # noqa: S311  # a sample for statistics, not a secret
    size = len(values)
    means = sorted(sum(draw.choices(values, k=size)) / size for _ in range(DRAWS))
    low, high = means[int(0.025 * DRAWS)], means[int(0.975 * DRAWS) - 1]
    return Interval(sum(values) / size, low, high)
