"""Best pair first: the last resort when no solver can be used or there is no time for one.

Its runs keep to every condition, but are not the best: some 0.92 of it. They are marked.
"""

import heapq
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.conditions import NOBODY, Conditions, Side
from exchange.matching.core.pairs import Pairs


def greedy(conditions: Conditions, pairs: Pairs) -> NDArray[np.bool_]:
    """Which pairs are taken when the one that brings most now is always taken next.

    What a pair brings only falls while others are taken (the bonus of a first host, of a new
    host, of another country), so that a queue may sort it in again when it comes up.
    """
    run = _Run(conditions, pairs)
    values = conditions.values(pairs.need, pairs.offer, pairs.score)
    bonus = conditions.steps[pairs.need, 0] + conditions.newcomer[pairs.offer]
    queue = [(-gain, at) for at, gain in enumerate((values + bonus).tolist())]
    heapq.heapify(queue)
    taken = np.zeros(len(pairs), bool)
    while queue:
        promised, at = heapq.heappop(queue)
        if not run.is_free(at):
            continue
        gain = int(values[at]) + run.bonus(at)
        if gain < -promised:
            heapq.heappush(queue, (-gain, at))
        elif gain > 0:
            run.take(at)
            taken[at] = True
    return taken


class _Run:
    """What is left of all places while pairs are taken."""

    def __init__(self, conditions: Conditions, pairs: Pairs) -> None:
        self.needs, self.offers = _Left(conditions.needs), _Left(conditions.offers)
        self.need, self.offer = pairs.need.tolist(), pairs.offer.tolist()
        self.country = conditions.country[pairs.offer].tolist()
        self.steps, self.newcomer = conditions.steps.tolist(), conditions.newcomer.tolist()
        self.several, self.diversity = conditions.several.tolist(), conditions.diversity
        self.hosts: Counter[int] = Counter()
        self.guests: Counter[int] = Counter()
        self.countries: Counter[tuple[int, int]] = Counter()

    def is_free(self, at: int) -> bool:
        """Have both sides of the pair a place left, and their organisations too?"""
        return self.needs.is_free(self.need[at]) and self.offers.is_free(self.offer[at])

    def bonus(self, at: int) -> int:
        """What the pair would bring now beyond its worth."""
        need, offer = self.need[at], self.offer[at]
        hosts = self.hosts[need]
        first = self.steps[need][hosts] if hosts < len(self.steps[need]) else 0
        new = 0 if self.guests[offer] else self.newcomer[offer]
        again = self.several[need] and self.countries[need, self.country[at]]
        return first + new - (self.diversity if again else 0)

    def take(self, at: int) -> None:
        """Give the place."""
        need, offer = self.need[at], self.offer[at]
        self.needs.take(need)
        self.offers.take(offer)
        self.hosts[need] += 1
        self.guests[offer] += 1
        if self.country[at] != NOBODY:
            self.countries[need, self.country[at]] += 1


class _Left:
    """Places left on one side."""

    def __init__(self, side: Side) -> None:
        self.places, self.organisation = side.places.tolist(), side.organisation.tolist()
        # The last is for everybody without a cap: NOBODY is the index of the last.
        self.caps: list[float] = [*side.caps.tolist(), float("inf")]

    def is_free(self, at: int) -> bool:
        return bool(self.places[at] and self.caps[self.organisation[at]])

    def take(self, at: int) -> None:
        self.places[at] -= 1
        self.caps[self.organisation[at]] -= 1
