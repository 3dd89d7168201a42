"""Needs made ready to be compared with all offers: arrays, features, marks."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.arrays import Columns, Small
from exchange.matching.core.facts import Key, NeedFacts
from exchange.matching.core.pairs import Ints

# Marks of a pair: left alone (together, or declined lately), and declined before.
APART, LOWERED = 1, 2


@dataclass(frozen=True)
class Marks:
    """Offers that have a mark for a need: those of need i stand at ``ends[i]`` to ``ends[i+1]``,
    in the order of the index, with their ``mark`` (bits)."""

    ends: Ints
    offer: Ints
    mark: NDArray[np.int8]

    @classmethod
    def of(cls, needs: Sequence[NeedFacts], place: Mapping[Key, int]) -> "Marks":
        """The marks of needs; ``place`` of each offer in the index. Other ids are passed over."""
        ends, offers, marks = [0], [], []
        for need in needs:
            if need.together or need.refused or need.lowered:
                for offer, mark in sorted(_marks(need, place).items()):
                    offers.append(offer)
                    marks.append(mark)
            ends.append(len(offers))
        return cls(np.array(ends), np.array(offers, np.int64), np.array(marks, np.int8))

    def at(self, needs: Ints) -> "Marks":
        """The marks of some of the needs."""
        sizes = self.ends[needs + 1] - self.ends[needs]
        ends = np.concatenate([[0], np.cumsum(sizes)])
        rows = np.repeat(self.ends[needs] - ends[:-1], sizes) + np.arange(ends[-1])
        return Marks(ends, self.offer[rows], self.mark[rows])

    def pairs(self, mark: int, offers: int) -> Ints:
        """The pairs with a mark as ascending numbers ``need · offers + offer``."""
        needs = np.repeat(np.arange(len(self.ends) - 1), np.diff(self.ends))
        found: Ints = (needs * offers + self.offer)[self.mark & mark > 0]
        return found


@dataclass(frozen=True)
class Group:
    """Needs that are looked at together.

    ``features``: CSR, a row each. ``text``: their dense fixed rows, or None. ``base``: points by
    kind of need (rows) and profile of offers; ``base_of``: which row is a need's.
    """

    columns: Columns
    features: Any
    text: Any
    base: Small
    base_of: Small
    marks: Marks

    def __len__(self) -> int:
        return len(self.base_of)

    def at(self, needs: Ints) -> "Group":
        """Some of the needs."""
        return Group(
            self.columns.at(needs),
            self.features[needs],
            None if self.text is None else self.text[needs],
            self.base,
            self.base_of[needs],
            self.marks.at(needs),
        )


def contains(ordered: Ints, asked: Ints) -> NDArray[np.bool_]:
    """For each number asked for, whether it is among the ``ordered`` ones."""
    if not len(ordered):
        return np.zeros(len(asked), np.bool_)
    place = np.minimum(np.searchsorted(ordered, asked), len(ordered) - 1)
    found: NDArray[np.bool_] = ordered[place] == asked
    return found


def _marks(need: NeedFacts, place: Mapping[Key, int]) -> dict[int, int]:
    apart, found = need.together | need.refused, {}
    for offer in apart | need.lowered:
        if offer in place:
            found[place[offer]] = APART * (offer in apart) + LOWERED * (offer in need.lowered)
    return found
