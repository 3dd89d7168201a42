"""A small market that looks at every pair: the oracle of the solver's tests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import Key, NeedFacts, OfferFacts
from exchange.matching.core.pairs import Ints, Pairs, stable_hash, tie


def in_order(rows: Sequence[Any]) -> list[Any]:
    """Rows in an order made of their ids alone."""
    return sorted(rows, key=lambda row: (stable_hash(row.id), str(row.id)))


@dataclass
class DenseMarket:
    """All scores as a matrix by position, -1 where a pair is not feasible."""

    needs: Sequence[NeedFacts]
    offers: Sequence[OfferFacts]
    scores: Ints
    configuration: Configuration = field(default_factory=Configuration)

    @classmethod
    def of(
        cls,
        needs: Sequence[NeedFacts],
        offers: Sequence[OfferFacts],
        scores: Mapping[tuple[Key, Key], int],
        configuration: Configuration | None = None,
    ) -> "DenseMarket":
        """A market of rows in any order, with the scores of its feasible pairs of ids."""
        needs, offers = in_order(needs), in_order(offers)
        matrix = np.full((len(needs), len(offers)), -1, np.int64)
        for at, need in enumerate(needs):
            for column, offer in enumerate(offers):
                if need.open_places and offer.open_places:
                    matrix[at, column] = scores.get((need.id, offer.id), -1)
        return cls(needs, offers, matrix, configuration or Configuration())

    def best(
        self, most: int, *, discounts: Ints | None = None, thresholds: Ints | None = None
    ) -> Pairs:
        """As the protocol says, by looking at every pair."""
        worth = self.scores - (0 if discounts is None else discounts[None, :])
        enough = worth > (-np.inf if thresholds is None else thresholds[:, None])
        need, offer = np.nonzero((self.scores >= self.configuration.floor) & enough)
        hashes = [np.array([stable_hash(r.id) for r in rows], np.int64) for rows in self.sides]
        order = np.lexsort(
            (tie(hashes[0][need], hashes[1][offer]), -worth[need, offer], need)
            if len(need)
            else (need,)
        )
        need, offer = need[order], offer[order]
        rank = np.arange(len(need)) - np.searchsorted(need, need)
        best = rank < most
        return Pairs(need, offer, self.scores[need, offer]).only(best)

    @property
    def sides(self) -> tuple[Sequence[NeedFacts], Sequence[OfferFacts]]:
        """Needs and offers."""
        return self.needs, self.offers
