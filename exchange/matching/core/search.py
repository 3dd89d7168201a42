"""The pairs that a run knows, and the search for pairs it does not know that would better it.

A run begins with the best candidates of each need. When no other pair of the whole market beats
its prices, it is the best of all feasible pairs, as if every pair had been in the network from the
start: column generation (Dantzig and Wolfe, 1960; Barnhart and others, 1998).
"""

from dataclasses import dataclass, replace

import numpy as np

from exchange.matching.core.conditions import Conditions, within
from exchange.matching.core.configuration import BEST
from exchange.matching.core.pairs import Ints, Market, Pairs
from exchange.matching.core.prices import NEVER, Prices
from exchange.matching.core.question import Limits, Line, Marks, ask

# Candidates of each need that are looked for at the start.
CANDIDATES = 30
# How many of them are in the network from the start, at least: a small network is solved sooner.
FIRST = 10
# How many pairs a need is asked for later, and how many times as many when that settles nothing.
ASKED, MORE = 20, 4
# How many of those that beat the prices come into the network at once, for each need.
ADDED = 10
# The market is asked again when fewer than this share of the needs have such pairs in reserve.
FEW = 0.01
# Pairs that miss the prices by little (basis points) are asked for too: the prices of the next
# round will differ, and where they differ by less than this nothing has to be asked again.
MARGIN = 100


@dataclass(frozen=True)
class Absent:
    """Pairs outside the network that beat the prices, for each need the best of them; ``prices``
    that nothing else beats; the ``bound`` of every run that follows from these."""

    pairs: Pairs
    prices: Prices
    bound: int


class Search:
    """Pairs that are ``known``, sorted by code; ``inside`` marks those of them that are in the
    network. All others are unknown: none of these is beyond ``limits``.

    ``fits[need]``: it has a feasible pair; ``may[need]``: it has one without a veto;
    ``whole[need]``: all its pairs were known from the start.
    """

    def __init__(self, market: Market, conditions: Conditions, start: Pairs | None = None) -> None:
        """Take ``start`` as found already (feasible, with true scores), ask for the other needs."""
        self.market, self.conditions = market, conditions
        self.places = conditions.needs.places
        self.known, self.inside = Pairs.of([]), np.zeros(0, bool)
        self.fits, self.may = np.zeros((2, len(market.needs)), bool)
        start = start or self.known
        # A pin alone says nothing of the other pairs of its need.
        listed = start.only(~within(self._codes(start), conditions.pins))
        given = np.bincount(listed.need, minlength=len(market.needs)) > 0
        first = market.best(CANDIDATES, thresholds=np.where(given, BEST, -1))
        self._begin(given, first)
        for found in (start, first, _pinned(market, conditions)):
            self._learn(found)
        self.inside = self._best_known() | within(self._codes(self.known), conditions.pins)

    def _begin(self, given: Marks, first: Pairs) -> None:
        """What the last of a full list says of all that would follow it."""
        least = np.full(len(given), BEST)
        np.minimum.at(least, first.need, first.score)
        self.whole = (np.bincount(first.need, minlength=len(given)) < CANDIDATES) & ~given
        # Idle newcomers ask less than nothing, so that their limits begin there.
        bonus = self.conditions.newcomer
        most = self.conditions.worth[least] + bonus.max(initial=0)
        self.limits = Limits(np.where(self.whole, -NEVER, most), -bonus)
        highest = int(least[~self.whole].max(initial=1))
        self.line = Line.over(self.conditions.worth, self.market.configuration.floor, highest)

    @property
    def network(self) -> Pairs:
        """The pairs of the network."""
        return self.known.only(self.inside)

    def add(self, found: Pairs) -> None:
        """Take known pairs into the network."""
        self.inside[np.searchsorted(self._codes(self.known), self._codes(found))] = True

    def absent(self, prices: Prices) -> Absent:
        """Pairs outside the network that beat the prices: of those that are known, and when these
        are few, of those that the market knows."""
        found = self._beating(prices)
        if len(found.pairs) <= FEW * len(self.places):
            self._ask(prices)
            found = self._beating(prices)
        gain = np.maximum(found.next_gain(self.places), self._unknown_gain(prices))
        raised = replace(prices, need=prices.need + gain)
        bound = raised.value(self.conditions, self.known)
        return Absent(found.pairs.only(found.rank < ADDED), raised, bound)

    def _beating(self, prices: Prices) -> "Beating":
        """Known pairs outside the network that beat the prices: by need, the best first."""
        pairs = self.known.only(~self.inside)
        gain = prices.missing(self.conditions, pairs)
        pairs, gain = pairs.only(gain > 0), gain[gain > 0]
        order = np.lexsort((-gain, pairs.need))
        need = pairs.need[order]
        rank = np.arange(len(order)) - np.searchsorted(need, need)
        return Beating(Pairs(need, pairs.offer[order], pairs.score[order]), gain[order], rank)

    def _unknown_gain(self, prices: Prices) -> Ints:
        """By how much an unknown pair of each need may beat the prices at most."""
        offers = (self.limits.offer - prices.offer).max(initial=-NEVER)
        most: Ints = np.maximum(self.limits.need - prices.need + offers, 0)
        return most

    def _ask(self, prices: Prices) -> None:
        """Ask the market until it is clear for each need whether an unknown pair beats the prices.

        It is clear where the limits are below the prices. Limits of offers may rise: that only says
        less of what is unknown. They are never above the prices by more than the margin.
        """
        offers = np.maximum(self.limits.offer, prices.offer)
        unclear = self.limits.need > prices.need - MARGIN
        fell = prices.offer < offers - MARGIN
        offers[fell] = prices.offer[fell] - MARGIN
        if fell.any():
            only = Limits(self.limits.need, np.where(fell, offers, NEVER))
            unclear |= self._answered(only, ~unclear & ~self.whole, ASKED) > self.limits.need
        needs = np.where(unclear, prices.need - 2 * MARGIN, self.limits.need)
        aim, most = Limits(needs, offers), ASKED
        while unclear.any():
            limit = self._answered(aim, unclear, most)
            needs = np.where(unclear, limit, needs)
            settled = np.zeros_like(unclear)
            settled[self._beating(prices).pairs.need] = True
            unclear, most = unclear & (limit > prices.need - MARGIN) & ~settled, most * MORE
        self.limits = Limits(needs, offers)

    def _answered(self, limits: Limits, asking: Marks, most: int) -> Ints:
        """Learn what is beyond the limits; what limits the other pairs of each need."""
        found, limit = ask(self.market, self.line, limits, asking, most)
        self._learn(found)
        return limit

    def _learn(self, found: Pairs) -> None:
        """Know these pairs too, but for vetoes and for sides that have no place in this run."""
        codes, offers = self._codes(found), self.conditions.offers
        self.fits[found.need] = True
        allowed = ~within(codes, self.conditions.vetoes)
        self.may[found.need[allowed]] = True
        allowed &= (self.places[found.need] > 0) & (offers.places[found.offer] > 0)
        new = found.only(allowed & ~within(codes, self._codes(self.known)))
        need = np.concatenate([self.known.need, new.need])
        offer = np.concatenate([self.known.offer, new.offer])
        score = np.concatenate([self.known.score, new.score])
        inside = np.concatenate([self.inside, np.zeros(len(new), bool)])
        # Whoever found the pairs may have found one twice.
        _codes, order = np.unique(self.conditions.code(need, offer), return_index=True)
        self.known = Pairs(need[order], offer[order], score[order])
        self.inside = inside[order]

    def _best_known(self) -> Marks:
        """The best of each need: FIRST of them, or two for each of its places."""
        order = np.lexsort((self.known.offer, -self.known.score, self.known.need))
        need = self.known.need[order]
        rank = np.arange(len(need)) - np.searchsorted(need, need)
        best = np.zeros(len(need), bool)
        best[order] = rank < np.maximum(2 * self.places[need], FIRST)
        return best

    def _codes(self, pairs: Pairs) -> Ints:
        return self.conditions.code(pairs.need, pairs.offer)


@dataclass(frozen=True)
class Beating:
    """Pairs that beat the prices, by how much, and as which of their need's: 0 is the first."""

    pairs: Pairs
    gain: Ints
    rank: Ints

    def next_gain(self, places: Ints) -> Ints:
        """By how much the best pair beats the prices for which its need has no place any more.

        A need takes one pair for each of its places: when it asks that much more, the bound rises
        by no more than its best pairs could bring.
        """
        gains = np.zeros_like(places)
        at = self.rank == places[self.pairs.need]
        gains[self.pairs.need[at]] = self.gain[at]
        return gains


def _pinned(market: Market, conditions: Conditions) -> Pairs:
    """The pinned pairs that are feasible: all others are priced out of one question."""
    need, offer = np.divmod(conditions.pins, max(len(market.offers), 1))
    if not len(need):
        return Pairs.of([])
    discounts = np.full(len(market.offers), 2 * BEST)
    thresholds = np.full(len(market.needs), BEST)
    discounts[offer], thresholds[need] = 0, -1
    found = market.best(len(np.unique(offer)), discounts=discounts, thresholds=thresholds)
    return found.only(within(conditions.code(found.need, found.offer), conditions.pins))
