"""What the market is asked: which pairs are worth more than these limits?

The market compares scores with discounts and thresholds; a run may count a power of the score. A
straight line above the worths translates one into the other.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.configuration import BEST
from exchange.matching.core.pairs import Ints, Market, Pairs

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

    def discounts(self, worths: Ints) -> Ints:
        """What offers take off, in points of score, rounded so that no pair is missed."""
        return worths * self.run // self.rise

    def thresholds(self, worths: Ints) -> Ints:
        """What is left to be beaten, in points of score, rounded so that no pair is missed."""
        return (worths * self.run - self.plus) // self.rise

    def worth(self, scores: Ints) -> Ints:
        """The most that a pair of such a score can be worth, rounded up."""
        return -(-(scores * self.rise + self.plus) // self.run)


@dataclass(frozen=True)
class Limits:
    """Worths in basis points: a pair is beyond when it is worth more than ``need`` + ``offer``."""

    need: Ints
    offer: Ints


def ask(market: Market, line: Line, limits: Limits, asking: Marks, most: int) -> tuple[Pairs, Ints]:
    """For each need that is ``asking``, its best ``most`` pairs beyond the limits.

    Also, by need, what no other of its pairs is worth more than (beside the offer's limit): its own
    limit, or where the answer may have been cut, what the last of it was worth.
    """
    lowest = limits.need[asking].min(initial=BEST)
    # Limits that no pair passes are lowered to the least of that kind: small numbers.
    discounts = line.discounts(np.minimum(limits.offer, BEST - lowest))
    silent = BEST - int(discounts.min(initial=0))
    thresholds = np.where(asking, np.minimum(line.thresholds(limits.need), silent), silent)
    found = market.best(most, discounts=discounts, thresholds=thresholds)
    cut = np.bincount(found.need, minlength=len(asking)) >= most
    least = np.full(len(asking), silent)
    np.minimum.at(least, found.need, found.score - discounts[found.offer])
    return found, np.where(cut, line.worth(least), limits.need)
