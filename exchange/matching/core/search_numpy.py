"""The best offers of some needs, with numpy and scipy: one sparse product a shard.

What cannot be is left out before anything is cut: a shard that answers none of the needs is not
touched, and a pair that breaks a rule never stands in the way of one that does not.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.features import unpacked
from exchange.matching.core.index import Shard
from exchange.matching.core.pairs import MASK, Ints, tie
from exchange.matching.core.scoring import Group, Scoring, contains

# How finely worths are counted when the best are cut out.
BINS = 1024


@dataclass(frozen=True)
class Asked:
    """What is looked for: the best ``most`` pairs of each need.

    ``allowed``: for each need, which signatures of offers break no rule of the tables.
    ``discounts`` follow the offers of the shards, ``thresholds`` the needs.
    """

    most: int
    allowed: NDArray[np.bool_]
    discounts: Ints
    thresholds: Ints


@dataclass(frozen=True)
class Found:
    """Pairs of one or more shards: need of the group, offer of the shards' order, worth, score."""

    need: Ints
    offer: Ints
    worth: Ints
    score: Ints

    def at(self, rows: Any) -> "Found":
        """Some of the pairs, or all in another order."""
        return Found(self.need[rows], self.offer[rows], self.worth[rows], self.score[rows])

    @classmethod
    def together(cls, parts: list["Found"]) -> "Found":
        """All pairs of all parts."""
        if not parts:
            return cls(*(np.zeros(0, np.int64) for _ in range(4)))
        names = ("need", "offer", "worth", "score")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))


def best_of_group(scoring: Scoring, group: Group, asked: Asked) -> Found:
    """The best pairs of each need of ``group``: ordered by need, the best first."""
    parts: list[Found] = []
    for shard in scoring.index.shards:
        signatures = scoring.index.signature[shard.start : shard.stop]
        if asked.allowed[:, signatures[0] : signatures[-1] + 1].any():
            found = _fitting(scoring, group, asked, shard)
            parts.append(_cut(found, asked.most, len(group.facts)))
    return _ordered(scoring, group, Found.together(parts), asked.most)


def pairs_of_shard(scoring: Scoring, group: Group, shard: Shard) -> tuple[Ints, Ints, Ints, Ints]:
    """Needs, offers, texts' products and tags of all pairs that have anything in common."""
    if group.text is not None:
        return _dense_pairs(scoring, group, shard)
    product = group.features @ shard.columns
    needs = np.repeat(np.arange(product.shape[0]), np.diff(product.indptr))
    return needs, product.indices.astype(np.int64) + shard.start, *unpacked(product.data)


def _dense_pairs(scoring: Scoring, group: Group, shard: Shard) -> tuple[Ints, Ints, Ints, Ints]:
    texts = group.text @ scoring.index.offer_text[shard.start : shard.stop].T
    tags = unpacked((group.features @ shard.columns).toarray())[1]
    needs, offers = np.nonzero((texts > scoring.index.scale.low) | (tags > 0))
    products = texts[needs, offers].astype(np.int64)
    return needs, offers + shard.start, products, tags[needs, offers]


def _fitting(scoring: Scoring, group: Group, asked: Asked, shard: Shard) -> Found:
    """The pairs of a shard that break no rule, reach the floor and are above the thresholds."""
    needs, offers, text, tags = pairs_of_shard(scoring, group, shard)
    kept = np.flatnonzero(_possible(scoring, group, asked, (needs, offers)))
    pairs = needs[kept], offers[kept]
    score, subject = scoring.points(group, pairs, text[kept], tags[kept])
    worth = score - asked.discounts[pairs[1]]
    fits = subject & (score >= scoring.configuration.floor) & (worth > asked.thresholds[pairs[0]])
    return Found(*pairs, worth, score).at(np.flatnonzero(fits))


def _possible(
    scoring: Scoring, group: Group, asked: Asked, pairs: tuple[Ints, Ints]
) -> NDArray[np.bool_]:
    needs, offers = pairs
    ours, theirs = group.columns, scoring.index.columns
    possible: NDArray[np.bool_] = asked.allowed[needs, scoring.index.signature[offers]]
    possible &= ours.first[needs] <= theirs.last[offers]
    possible &= theirs.first[offers] <= ours.last[needs]
    possible &= ours.organisation[needs] != theirs.organisation[offers]
    if len(group.apart):
        possible &= ~contains(group.apart, needs * len(scoring.index.shelved) + offers)
    return possible


def _cut(found: Found, most: int, needs: int) -> Found:
    """Without pairs that cannot be among the best ``most`` of their need: counted in bins."""
    if len(found.need) <= most:
        return found
    lowest, highest = int(found.worth.min()), int(found.worth.max())
    width = (highest - lowest) // BINS + 1
    bins = (highest - found.worth) // width
    counts = np.bincount(found.need * BINS + bins, minlength=needs * BINS).reshape(needs, BINS)
    enough = (np.cumsum(counts, axis=1) < most).sum(axis=1)
    return found.at(np.flatnonzero(bins <= enough[found.need]))


def _ordered(scoring: Scoring, group: Group, found: Found, most: int) -> Found:
    """The best ``most`` of each need: by need, worth, ``tie`` and the order of the market."""
    found = _cut(found, most, len(group.facts))
    ties = tie(group.columns.hash[found.need], scoring.index.columns.hash[found.offer])
    # Worth and tie in one number: it sorts faster than two.
    key = (-found.worth << 32) + (ties & MASK)
    found = found.at(np.lexsort((scoring.index.order[found.offer], key, found.need)))
    starts = np.searchsorted(found.need, np.arange(len(group.facts)))
    rank = np.arange(len(found.need)) - starts[found.need]
    return found.at(np.flatnonzero(rank < most))
