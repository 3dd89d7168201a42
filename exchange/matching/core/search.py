"""The pairs that a run knows, and the search for pairs it does not know that would better it.

A run begins with the best candidates of each need. When no other pair of the whole market beats
its prices, it is the best of all feasible pairs, as if every pair had been in the network from the
start: column generation (Dantzig and Wolfe, 1960; Barnhart and others, 1998).
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from exchange.matching.core.conditions import Conditions, within
from exchange.matching.core.configuration import BEST
from exchange.matching.core.pairs import Ints, Market, Pairs
from exchange.matching.core.prices import Prices
from exchange.matching.core.question import Line, Marks, Question

# Candidates of each need at the start.
CANDIDATES = 30
# How many pairs a need is asked for at first, and how many times as many when that is not enough.
ASKED, MORE = 10, 4


@dataclass(frozen=True)
class Absent:
    """Unknown pairs that beat the prices, and ``prices`` that only these may beat."""

    pairs: Pairs
    prices: Prices


class Search:
    """The pairs that are ``known`` so far, sorted by code.

    ``ceiling[need]``: no unknown pair of the need has a higher score; -1 when there is none.
    ``fits[need]``: it has a feasible pair; ``may[need]``: it has one without a veto.
    """

    def __init__(self, market: Market, conditions: Conditions, start: Pairs | None = None) -> None:
        """Take ``start`` as found already (feasible, with true scores), ask for the other needs."""
        self.market, self.conditions = market, conditions
        self.places = conditions.needs.places
        self.known = Pairs.of([])
        self.fits, self.may = np.zeros((2, len(market.needs)), bool)
        start = start or self.known
        # A pin alone says nothing of the other pairs of its need.
        listed = start.only(~within(self._codes(start), conditions.pins))
        given = np.bincount(listed.need, minlength=len(market.needs)) > 0
        first = market.best(CANDIDATES, thresholds=np.where(given, BEST, -1))
        self.ceiling = np.where(given, BEST, _ceiling(first, len(market.needs)))
        for found in (start, first, _pinned(market, conditions)):
            self.add(found)

    def add(self, found: Pairs) -> None:
        """Know these pairs too, but for vetoes and for sides that have no place in this run."""
        self.fits[found.need] = True
        found = found.only(~within(self._codes(found), self.conditions.vetoes))
        self.may[found.need] = True
        free = (self.places[found.need] > 0) & (self.conditions.offers.places[found.offer] > 0)
        self.known = self._joined([self.known, found.only(free)])

    def absent(self, prices: Prices) -> Absent:
        """Unknown pairs that beat the prices; all of them, or for each need those that do most.

        A need whose answer was cut before one was among it is asked again, for more.
        """
        question = Question.of(self._line(), prices)
        asking, most = self._asking(prices), ASKED
        parts, raised = [Pairs.of([])], prices.need.copy()
        while asking.any():
            answer = question.ask(self.market, asking, most)
            found = self._new(answer.pairs, prices)
            settled = np.bincount(found.need, minlength=len(asking)) > 0
            beyond = np.where(answer.cut & settled, answer.beyond, 0)
            raised += np.maximum(self._next_gain(found, prices), beyond)
            parts.append(found)
            asking, most = asking & answer.cut & ~settled, most * MORE
        return Absent(self._joined(parts), replace(prices, need=raised))

    def _line(self) -> Line:
        highest = max(int(self.ceiling.max(initial=1)), 1)
        return Line.over(self.conditions.worth, self.market.configuration.floor, highest)

    def _asking(self, prices: Prices) -> Marks:
        """Needs of which an unknown pair could beat the prices even at the cheapest offer."""
        most = self.conditions.worth[np.maximum(self.ceiling, 0)] - prices.offer.min(initial=0)
        asking: Marks = (self.ceiling >= 0) & (most > prices.need)
        return asking

    def _new(self, found: Pairs, prices: Prices) -> Pairs:
        """Those that are unknown, allowed and beat the prices."""
        codes = self._codes(found)
        known = within(codes, self._codes(self.known)) | within(codes, self.conditions.vetoes)
        found = found.only(~known)
        return found.only(prices.missing(self.conditions, found) > 0)

    def _next_gain(self, found: Pairs, prices: Prices) -> Ints:
        """By how much the best pair beats the prices for which the need has no place any more.

        A need takes one pair for each of its places: when it asks that much more, the bound rises
        by no more than its best pairs could bring.
        """
        gain = prices.missing(self.conditions, found)
        order = np.lexsort((-gain, found.need))
        need, gain = found.need[order], gain[order]
        next_one = np.arange(len(need)) - np.searchsorted(need, need) == self.places[need]
        gains = np.zeros_like(self.places)
        gains[need[next_one]] = gain[next_one]
        return gains

    def _codes(self, pairs: Pairs) -> Ints:
        return self.conditions.code(pairs.need, pairs.offer)

    def _joined(self, parts: Sequence[Pairs]) -> Pairs:
        """All of them once, in the order of their codes."""
        columns = [(p.need, p.offer, p.score) for p in parts]
        need, offer, score = (np.concatenate(column) for column in zip(*columns, strict=True))
        _codes, first = np.unique(self.conditions.code(need, offer), return_index=True)
        return Pairs(need[first], offer[first], score[first])


def _ceiling(first: Pairs, needs: int) -> Ints:
    """What the last of a full list says of all that follow; -1 for needs whose list is not full."""
    lowest = np.full(needs, BEST)
    np.minimum.at(lowest, first.need, first.score)
    full = np.bincount(first.need, minlength=needs) >= CANDIDATES
    return np.where(full, lowest, -1)


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
