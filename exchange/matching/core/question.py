"""What the market is asked: which pairs beat these prices?

The market compares scores with discounts and thresholds; a run may count a power of the score. A
straight line above the worths translates one into the other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.configuration import BEST
from exchange.matching.core.pairs import Ints, Market, Pairs
from exchange.matching.core.prices import Prices

Marks = NDArray[np.bool_]


@dataclass(frozen=True)
class Line:
    """``worth <= (rise * score + plus) / run`` for every score from a lowest to a highest one.

    With the power 1 the line is the worth itself. With a higher one it lies above: the market then
    answers with too many pairs, never with too few.
    """

    rise: int
    run: int
    plus: int

    @classmethod
    def over(cls, worth: Ints, lowest: int, highest: int) -> "Line":
        """The line through the worths of two scores, lifted until no score between lies above."""
        lowest = max(min(lowest, highest - 1), 0)
        run, rise = highest - lowest, max(int(worth[highest] - worth[lowest]), 1)
        scores = np.arange(lowest, highest + 1)
        return cls(rise, run, int((worth[scores] * run - scores * rise).max()))

    def discounts(self, prices: Ints) -> Ints:
        """Prices of offers in points of score, rounded so that no pair is missed."""
        return prices * self.run // self.rise

    def thresholds(self, prices: Ints) -> Ints:
        """Prices of needs in points of score, rounded so that no pair is missed."""
        return (prices * self.run - self.plus) // self.rise

    def worth(self, scores: Ints) -> Ints:
        """The most that a pair of such a score can be worth, rounded up."""
        return -(-(scores * self.rise + self.plus) // self.run)


@dataclass(frozen=True)
class Answer:
    """The best pairs of each need. ``cut[need]``: there may be more of them; none of those beats
    the prices by more than ``beyond[need]``."""

    pairs: Pairs
    cut: Marks
    beyond: Ints


@dataclass(frozen=True)
class Question:
    """The prices as discounts and thresholds; ``silent``: a threshold that no pair is above."""

    line: Line
    needs: Ints
    discounts: Ints
    thresholds: Ints
    silent: int

    @classmethod
    def of(cls, line: Line, prices: Prices) -> "Question":
        """Prices that no pair can pay are lowered to the least of that kind: small numbers."""
        needs = np.minimum(prices.need, BEST - prices.offer.min(initial=0))
        offers = np.minimum(prices.offer, BEST - needs.min(initial=0))
        discounts = line.discounts(offers)
        silent = BEST - int(discounts.min(initial=0))
        return cls(line, needs, discounts, line.thresholds(needs), silent)

    def ask(self, market: Market, asking: Marks, most: int) -> Answer:
        """The ``most`` best pairs of each need that is ``asking``."""
        thresholds = np.where(asking, self.thresholds, self.silent)
        found = market.best(most, discounts=self.discounts, thresholds=thresholds)
        cut = np.bincount(found.need, minlength=len(asking)) >= min(most, len(self.discounts))
        least = np.full(len(asking), self.silent)
        np.minimum.at(least, found.need, found.score - self.discounts[found.offer])
        beyond = np.maximum(self.line.worth(least) - self.needs, 0)
        return Answer(found, cut & (most < len(self.discounts)), beyond)
