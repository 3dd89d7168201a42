"""Rules asked once for each two different answers, so that pairs only look the verdict up.

A few hundred cities give a few dozen different answers to "which languages?"; a rule that reads
languages is asked for each two of them, and a table keeps what it said.
"""

from collections.abc import Callable, Hashable, Sequence
from operator import attrgetter
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.facts import NeedFacts, OfferFacts

Ints = NDArray[np.int64]
Small = NDArray[np.int32]


class Answers:
    """The different answers of one side's rows to what a rule reads.

    ``of_rows[i]`` is the number of row i's answer; ``examples`` holds a row for each number.
    """

    def __init__(self, rows: Sequence[Any], names: tuple[str, ...]) -> None:
        self.read: Callable[[Any], Hashable] = attrgetter(*names) if names else _nothing
        self.numbers: dict[Hashable, int] = {}
        self.examples: list[Any] = []
        self.of_rows: Small = np.fromiter(map(self._number, rows), np.int32, len(rows))

    def _number(self, row: Any) -> int:
        answer = self.read(row)
        number = self.numbers.get(answer)
        if number is None:
            number = self.numbers[answer] = len(self.examples)
            self.examples.append(row)
        return number


class Table:
    """What a rule says of each answer of needs against each answer of offers, int32.

    ``ask`` is a hard rule's ``holds`` (0 or 1) or the points of a soft rule.
    """

    def __init__(
        self,
        ask: Callable[[NeedFacts, OfferFacts], int],
        needs: Answers,
        offers: Answers,
    ) -> None:
        self.ask, self.needs, self.offers = ask, needs, offers
        self._rows: dict[Hashable, Small] = {}

    def row(self, need: NeedFacts) -> Small:
        """What the rule says of a need, also of a new one, for each different answer of offers."""
        answer = self.needs.read(need)
        found = self._rows.get(answer)
        if found is None:
            said = (self.ask(need, offer) for offer in self.offers.examples)
            found = np.fromiter(said, np.int32, len(self.offers.examples))
            self._rows[answer] = found
        return found

    def whole(self) -> Small:
        """All rows, one for each different answer of the needs."""
        if not self.needs.examples:
            return np.zeros((0, len(self.offers.examples)), np.int32)
        return np.stack([self.row(need) for need in self.needs.examples])


def different_rows(columns: Any) -> tuple[Any, Small]:
    """The different rows of a matrix and, for each row, which of them it is (int32)."""
    found, numbers = np.unique(columns, axis=0, return_inverse=True)
    return found, numbers.reshape(-1).astype(np.int32)


def _nothing(_row: Any) -> Hashable:
    return ()
