"""The loops over pairs, compiled by numba: the same whole numbers as ``search_numpy.py``.

Nobody imports this module but ``search_numba.py``, and only where numba is installed. What an offer
says stands in one record, so that looking at a pair touches one line of the memory.
"""

from collections.abc import Callable
from typing import Any, TypeVar, cast

import numpy as np
from numba import njit

from exchange.matching.core.configuration import BEST
from exchange.matching.core.features import LOW_BITS, POINTS
from exchange.matching.core.group import APART, LOWERED
from exchange.matching.core.pairs import MASK
from exchange.matching.core.records import BLOCK, PLACE
from exchange.matching.core.similarity import UNIT

F = TypeVar("F", bound=Callable[..., Any])
SCRAMBLE = 0x9E3779B1


def compiled(function: F) -> F:
    """The function as machine code, kept on disk where that can be written to."""
    fast: Any
    try:
        fast = njit(cache=True, nogil=True)(function)
    except RuntimeError:
        fast = njit(nogil=True)(function)
    return cast("F", fast)


@compiled
def best_of(postings: Any, needs: Any, world: Any, which: Any, found: Any) -> None:
    """For each need of ``which``, fill its row of records and how many they are, best first."""
    size, (best, many) = len(world.offers), found
    sums, marks = np.zeros(size, np.int64), np.zeros(size, np.int8)
    places, shared = np.zeros(size, PLACE), np.zeros(size, np.int64)
    for row in range(len(which)):
        at, met = which[row], 0
        need, kind = needs.records[at], world.kind[row]
        _mark(needs, at, marks, True)
        for shard in range(len(postings.shards) - 1):
            if world.reached[kind, shard]:
                stretch = postings.shards[shard], _end(postings, shard, world.gates, need.last)
                _add_up(postings, (shard, stretch[1]), needs, at, sums)
                if len(world.texts):
                    sums[stretch[0] : stretch[1]] += world.texts[row, stretch[0] : stretch[1]]
                met = _gather(postings, stretch, need, (sums, places, shared), met)
        met = _sift(world, (need, kind), marks, (places, shared), met)
        many[row] = _choose(world, need, marks, (places[:met], shared), best[row])
        _mark(needs, at, marks, False)


@compiled
def _mark(needs: Any, at: Any, marks: Any, on: Any) -> None:
    """Put a need's marks on offers, or take them away."""
    for place in range(needs.marked_ends[at], needs.marked_ends[at + 1]):
        if on:
            marks[needs.marked[place]] |= needs.mark[place]
        else:
            marks[needs.marked[place]] = 0


@compiled
def _end(postings: Any, shard: Any, gates: Any, last: Any) -> Any:
    """Where a shard's offers begin that open after the last day of a need."""
    low, high = postings.ordered[shard], postings.shards[shard + 1]
    while low < high:
        middle = (low + high) // np.uint32(2)
        if gates[middle].first <= last:
            low = middle + np.uint32(1)
        else:
            high = middle
    return high


@compiled
def _add_up(postings: Any, where: Any, needs: Any, at: Any, sums: Any) -> None:
    """The products of a need with the offers of a shard, up to one of them."""
    shard, stop = where
    ends, rows, values = postings.ends[shard], postings.rows, postings.values
    for place in range(needs.ends[at], needs.ends[at + 1]):
        feature, value = needs.features[place], needs.values[place]
        for entry in range(ends[feature], ends[feature + 1]):
            row = rows[entry]
            if row >= stop:
                break
            sums[row] += value * values[entry]


@compiled
def _gather(postings: Any, stretch: Any, need: Any, scratch: Any, met: Any) -> Any:
    """Append the offers of a stretch that share anything, but for blocks of other dates.

    Written without branches: whether an offer shares something cannot be guessed.
    """
    start, stop = stretch
    sums, places, shared = scratch
    for block in range(start // BLOCK, (stop - 1) // BLOCK + 1):
        if postings.earliest[block] <= need.last and need.first <= postings.latest[block]:
            for place in range(max(start, block * BLOCK), min(stop, (block + 1) * BLOCK)):
                places[met], shared[met] = place, sums[place]
                met += sums[place] != 0
    sums[start:stop] = 0
    return met


@compiled
def _sift(world: Any, who: Any, marks: Any, scratch: Any, met: Any) -> Any:
    """Keep, of the offers gathered, those that break no rule; how many they are."""
    (need, kind), (places, shared) = who, scratch
    gates, allowed, kept = world.gates, world.allowed[kind], 0
    for entry in range(met):
        place = places[entry]
        offer = gates[place]
        fits = allowed[offer.signature] & (need.first <= offer.last) & (offer.first <= need.last)
        fits &= (need.organisation != offer.organisation) & (marks[place] & APART == 0)
        places[kept], shared[kept] = place, shared[entry]
        kept += fits
    return kept


@compiled
def _choose(world: Any, need: Any, marks: Any, gathered: Any, best: Any) -> Any:
    """Score what is left and keep the best; how many are kept."""
    places, shared = gathered
    offers, terms, text_most, base = (
        world.offers,
        world.terms[0],
        world.text_most,
        world.base[need.base],
    )
    many, least = 0, need.threshold + 1
    for entry in range(len(places)):
        place = places[entry]
        offer = offers[place]
        points = base[offer.profile] + offer.own + _size(need.people, offer.people, terms)
        most = text_most[need.silent | offer.silent]
        score, subject = _score(shared[entry], points, most, terms)
        if marks[place] & LOWERED:
            score -= min(score, terms.lowered)
        worth = score - offer.discount
        if subject & (score >= terms.floor) & (worth >= least):
            rank = (worth << 32) + MASK - _tie(need.hash, offer.hash)
            many = _keep(best, many, rank, place, offers)
            if many == len(best):
                least = max(best[many - 1].rank >> 32, need.threshold + 1)
    return many


@compiled
def _score(packed: Any, points: Any, most: Any, terms: Any) -> Any:
    """The score of a pair, and whether it has a subject.

    Quotients of such numbers are exact in floating point: rounding never reaches the next whole
    number, which is at least one part of the divisor away.
    """
    text = np.int64(np.int32(packed & 0xFFFFFFFF))
    tags = (packed - text) >> POINTS
    square = np.float64(max(text - terms.low, 0) >> UNIT) ** 2
    similarity = min(np.int64(terms.top * square / (square + terms.half)), BEST)
    words = np.int64(np.float64(most * similarity) / BEST)
    return points + (tags & LOW_BITS) + words, (tags > LOW_BITS) | (words > 0)


@compiled
def _size(one: Any, other: Any, terms: Any) -> Any:
    """``similar_size`` of two numbers of inhabitants: a half of it, and the other half."""
    small, large = min(one, other), max(one, other)
    half = terms.size // 2
    points = (5 * small >= large) * half + (2 * small >= large) * (terms.size - half)
    return points * (small > 0)


@compiled
def _tie(one: Any, other: Any) -> Any:
    return ((one ^ other) * SCRAMBLE) & MASK


@compiled
def _keep(best: Any, many: Any, rank: Any, place: Any, offers: Any) -> Any:
    """Put a pair among the best, which stand in their order; how many there are now."""
    at = min(many, len(best) - 1)
    if many == len(best) and not _better(rank, place, best[at], offers):
        return many
    while at > 0 and _better(rank, place, best[at - 1], offers):
        best[at].rank, best[at].offer = best[at - 1].rank, best[at - 1].offer
        at -= 1
    best[at].rank, best[at].offer = rank, place
    return min(many + 1, len(best))


@compiled
def _better(rank: Any, place: Any, kept: Any, offers: Any) -> Any:
    """Whether a pair comes before one that is kept: by rank, then by the order of the market."""
    if rank != kept.rank:
        return rank > kept.rank
    return offers[place].order < offers[kept.offer].order
