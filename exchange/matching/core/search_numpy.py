"""The best offers of some needs, with numpy and scipy: one sparse product for needs that are alike.

What cannot be is left out before anything is cut: offers that answer none of the needs are not
touched, and a pair that breaks a rule never stands in the way of one that does not.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.configuration import BEST
from exchange.matching.core.features import unpacked
from exchange.matching.core.group import APART, Group, contains
from exchange.matching.core.index import Index
from exchange.matching.core.pairs import MASK, Ints, tie
from exchange.matching.core.scoring import Scoring

# Needs looked at together: enough to share the work, few enough to be alike.
TOGETHER = 128
# How finely worths are counted when the best are cut out.
BINS = 256


@dataclass(frozen=True)
class Asked:
    """What is looked for: the best ``most`` pairs of each need.

    ``discounts`` follow the offers of the index, ``thresholds`` the needs.
    """

    most: int
    discounts: Ints
    thresholds: Ints


@dataclass(frozen=True)
class Gate:
    """Who may go where by the rules of the tables.

    ``allowed``: for each kind of needs, which signatures of offers; ``kind``: that of each need.
    """

    allowed: NDArray[np.bool_]
    kind: Ints

    @classmethod
    def of(cls, index: Index, needs: Ints) -> "Gate":
        """That of some needs of the index."""
        kinds, kind = np.unique(index.need_signature[needs].astype(np.int64), return_inverse=True)
        return cls(index.allowed(kinds), kind)


@dataclass(frozen=True)
class Found:
    """Pairs: need of the group, offer of the index, worth and score."""

    need: Ints
    offer: Ints
    worth: Ints
    score: Ints

    def at(self, rows: Any) -> "Found":
        """Some of the pairs, or all in another order."""
        return Found(self.need[rows], self.offer[rows], self.worth[rows], self.score[rows])


def best_of(scoring: Scoring, asked: Asked, needs: Ints) -> Iterator[Found]:
    """The best pairs of these needs of the index, in parts: all of a need, the best first."""
    for at in range(0, len(needs), TOGETHER):
        some = needs[at : at + TOGETHER]
        group, gate = scoring.everybody.at(some), Gate.of(scoring.index, some)
        offers = _within_reach(scoring, group, gate)
        # Offers whose discount no score of these needs can pay.
        offers = offers[BEST - asked.discounts[offers] > asked.thresholds[some].min()]
        found = _fitting(scoring, group, gate, offers)
        worth = found.score - asked.discounts[found.offer]
        found = replace(found, worth=worth).at(worth > asked.thresholds[some][found.need])
        best = _ordered(scoring, group, _cut(found, asked.most, len(group)), asked.most)
        yield replace(best, need=some[best.need])


def judged(scoring: Scoring, needs: Ints, offers: Ints) -> tuple[Ints, NDArray[np.bool_]]:
    """The scores of pairs (need and offer of the index), and which of them are candidates."""
    index, group = scoring.index, scoring.everybody.at(needs)
    pairs = np.arange(len(needs)), offers
    shared = group.features.multiply(index.features.offers[offers]).sum(axis=1)
    text, tags = unpacked(np.asarray(shared, np.int64).ravel())
    if group.text is not None:
        text = np.einsum("ij,ij->i", group.text, index.texts.of_offers[offers]).astype(np.int64)
    score, subject = scoring.points(group, pairs, text, tags)
    fits = np.zeros(len(needs), np.bool_)
    fits[_possible(scoring, group, Gate.of(index, needs), pairs)] = True
    return score, fits & subject & (score >= scoring.configuration.floor)


def products(scoring: Scoring, group: Group, offers: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    """All pairs of the group and these offers that have anything in common.

    Their need and offer, the product of their texts and that of their tags (``unpacked``).
    """
    shared = group.features @ scoring.index.features.offers[offers].T
    if group.text is not None:
        return _with_dense_texts(
            group.text @ scoring.index.texts.of_offers[offers].T, shared, offers
        )
    needs = np.repeat(np.arange(shared.shape[0]), np.diff(shared.indptr))
    return needs, offers[shared.indices], *unpacked(shared.data)


def _with_dense_texts(texts: Any, shared: Any, offers: Ints) -> tuple[Ints, Ints, Ints, Ints]:
    tags = unpacked(shared.toarray())[1]
    needs, columns = np.nonzero((texts > 0) | (tags > 0))
    text = texts[needs, columns].astype(np.int64)
    return needs, offers[columns], text, tags[needs, columns]


def _within_reach(scoring: Scoring, group: Group, gate: Gate) -> Ints:
    """Offers that some need of the group may go to, by the tables and by their windows."""
    index, needs = scoring.index, group.columns
    signatures: NDArray[np.bool_] = np.any(gate.allowed, axis=0, keepdims=True)
    reached = signatures[0, index.signature]
    reached &= (index.columns.first <= needs.last.max()) & (index.columns.last >= needs.first.min())
    return np.flatnonzero(reached)


def _fitting(scoring: Scoring, group: Group, gate: Gate, offers: Ints) -> Found:
    """The pairs that break no rule and reach the floor; their worth is not known yet."""
    needs, offers, text, tags = products(scoring, group, offers)
    kept = _possible(scoring, group, gate, (needs, offers))
    pairs = needs[kept], offers[kept]
    score, subject = scoring.points(group, pairs, text[kept], tags[kept])
    fits = np.flatnonzero(subject & (score >= scoring.configuration.floor))
    return Found(*pairs, score, score).at(fits)


def _possible(scoring: Scoring, group: Group, gate: Gate, pairs: tuple[Ints, Ints]) -> Ints:
    """Which of the pairs break no rule: their places. The rule that removes most comes first."""
    index, ours, theirs = scoring.index, group.columns, scoring.index.columns
    needs, offers = pairs
    cells = (gate.kind * gate.allowed.shape[1])[needs] + index.signature[offers]
    kept = np.flatnonzero(gate.allowed.ravel()[cells])
    needs, offers = needs[kept], offers[kept]
    possible = ours.first[needs] <= theirs.last[offers]
    possible &= theirs.first[offers] <= ours.last[needs]
    possible &= ours.organisation[needs] != theirs.organisation[offers]
    if group.marks.mark.any():
        many = len(index.shelved)
        possible &= ~contains(group.marks.pairs(APART, many), needs * many + offers)
    return kept[possible]


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
    ties = tie(group.columns.hash[found.need], scoring.index.columns.hash[found.offer])
    # Worth and tie in one number: it sorts faster than two.
    key = (-found.worth << 32) + (ties & MASK)
    found = found.at(np.lexsort((scoring.index.order[found.offer], key, found.need)))
    starts = np.searchsorted(found.need, np.arange(len(group)))
    rank = np.arange(len(found.need)) - starts[found.need]
    return found.at(np.flatnonzero(rank < most))
