"""Pairs of needs and offers as arrays: what the finder of candidates gives to the solver."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import Key, NeedFacts, OfferFacts

Ints = NDArray[np.int64]
MASK = 0xFFFFFFFF


@dataclass(frozen=True)
class Pairs:
    """Pairs by position: ``need[i]`` and ``offer[i]`` fit with ``score[i]`` basis points."""

    need: Ints
    offer: Ints
    score: Ints

    def __len__(self) -> int:
        return len(self.need)

    @classmethod
    def of(cls, rows: Sequence[tuple[int, int, int]]) -> "Pairs":
        """Pairs from (need, offer, score) tuples."""
        columns: Any = np.array(rows, dtype=np.int64).reshape(-1, 3)
        return cls(columns[:, 0], columns[:, 1], columns[:, 2])

    def only(self, mask: NDArray[np.bool_]) -> "Pairs":
        """Those that ``mask`` marks."""
        return Pairs(self.need[mask], self.offer[mask], self.score[mask])


class Market(Protocol):
    """What the solver asks of whoever knows the pairs. Positions follow ``needs`` and ``offers``,
    which stand in an order made of their ids alone, so that no input order favours anybody."""

    needs: Sequence[NeedFacts]
    offers: Sequence[OfferFacts]
    configuration: Configuration

    def best(
        self, most: int, *, discounts: Ints | None = None, thresholds: Ints | None = None
    ) -> Pairs:
        """For each need, its best ``most`` feasible pairs that reach the floor: exact.

        A pair's worth is ``score - discounts[offer]``; only pairs whose worth is above
        ``thresholds[need]`` count. The best are those of most worth, ties in a stable order of
        the two ids (``tie``).
        """
        ...


def stable_hash(key: Key) -> int:
    """A 32-bit number of an id that is the same in every process and every run."""
    return crc32(f"{type(key).__name__}:{key}".encode())


def tie(need_hash: Any, offer_hash: Any) -> Any:
    """The order of pairs of equal worth: a number of both ids; plain numbers or arrays alike."""
    return ((need_hash ^ offer_hash) * 0x9E3779B1) & MASK
