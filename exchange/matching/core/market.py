"""The market: all needs and offers, and the best pairs among them. Exact, in whole numbers."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np

from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import Key, NeedFacts, OfferFacts
from exchange.matching.core.index import Index
from exchange.matching.core.pairs import Ints, Pairs
from exchange.matching.core.ranking import Ranking, Verdict
from exchange.matching.core.rules import BELOW_THE_FLOOR
from exchange.matching.core.scoring import Group, Scoring
from exchange.matching.core.search_numpy import Asked, best_of_group
from exchange.matching.core.view import View
from exchange.matching.text.encoder import TextEncoder

# Needs looked at together: enough to share the work, few enough to be alike.
TOGETHER = 128


class Marketplace:
    """Needs and offers that can be asked for their best pairs; it is a ``Market`` of the solver.

    ``kernel``: "numpy", "numba", or "" for the faster one that is installed; all give the same.
    """

    def __init__(self, index: Index, configuration: Configuration, kernel: str = "") -> None:
        self.index, self.configuration, self.kernel = index, configuration, kernel
        self.needs: Sequence[NeedFacts] = index.needs
        self.offers: Sequence[OfferFacts] = index.offers
        self.scoring = Scoring(index, configuration)

    @classmethod
    def of(
        cls,
        needs: Sequence[NeedFacts],
        offers: Sequence[OfferFacts],
        configuration: Configuration,
        encoder: TextEncoder,
    ) -> "Marketplace":
        """A market of these needs and offers, in whatever order they come; ids must differ."""
        return cls(Index(needs, offers, encoder), configuration)

    def with_configuration(self, configuration: Configuration) -> "Marketplace":
        """The same market with other settings; what does not depend on them is shared."""
        return Marketplace(self.index, configuration, self.kernel)

    def best(
        self, most: int, *, discounts: Ints | None = None, thresholds: Ints | None = None
    ) -> Pairs:
        """For each need its best ``most`` pairs, exactly; see ``Market.best``.

        Ordered by need, the best first.
        """
        everybody = np.arange(len(self.needs))
        return self.best_of(everybody, most, discounts=discounts, thresholds=thresholds)

    def best_of(
        self,
        needs: Ints,
        most: int,
        *,
        discounts: Ints | None = None,
        thresholds: Ints | None = None,
    ) -> Pairs:
        """``best`` for the needs at these positions alone: the part of one worker.

        ``thresholds`` has a number for each need of the market, as in ``best``.
        """
        discounts = np.zeros(len(self.offers), np.int64) if discounts is None else discounts
        lowest = np.iinfo(np.int64).min
        thresholds = np.full(len(self.needs), lowest) if thresholds is None else thresholds
        alike, discounts = needs[self.index.alike(needs)], discounts[self.index.order]
        parts = [
            self._best_of(alike[at : at + TOGETHER], most, discounts, thresholds)
            for at in range(0, len(alike), TOGETHER)
        ]
        return _joined(parts)

    def _best_of(self, needs: Ints, most: int, discounts: Ints, thresholds: Ints) -> Any:
        kinds, kind = np.unique(self.index.need_signature[needs], return_inverse=True)
        asked = Asked(most, self.index.allowed(kinds), kind, discounts, thresholds[needs])
        found = best_of_group(self.scoring, self.group(needs), asked)
        return needs[found.need], self.index.order[found.offer].astype(np.int64), found.score

    def view(self, need: NeedFacts | Key) -> View:
        """A need of the market (by its id), or a new one, against all offers."""
        facts = need if isinstance(need, NeedFacts) else self.needs[self.index.number[need]]
        return View(self.scoring, facts)

    def rank(self, need: NeedFacts | Key, top: int = 10) -> Ranking:
        """The best ``top`` candidates with their reasons, and what removed the other offers.

        KeyError when ``need`` is an id that the market does not know.
        """
        view = self.view(need)
        left, removed = view.narrowed()
        offers, scores = view.scored(left)
        removed[BELOW_THE_FLOOR] = int(left.sum()) - len(offers)
        best, _ = view.best(offers, scores, top)
        told = {code: many for code, many in removed.items() if many}
        return Ranking(tuple(view.verdicts(best)), told, len(offers), len(self.offers))

    def explain(self, need: NeedFacts | Key, offer_id: Key) -> Verdict:
        """All that the rules say of a pair, whether it fits or not; KeyError for unknown ids."""
        place = self.index.place[offer_id]
        return self.view(need).verdicts(np.array([place]))[0]

    def group(self, needs: Ints) -> Group:
        """The needs at these positions, ready to be compared."""
        index, facts = self.index, [self.needs[at] for at in needs]
        columns, text = index.need_columns.at(needs), index.texts.of_needs[needs]
        return self.scoring.group(facts, columns, text, self._features[needs])

    @cached_property
    def _features(self) -> Any:
        return self.scoring.features_of(self.needs, self.index.texts.of_needs)


def _joined(parts: list[Any]) -> Pairs:
    if not parts:
        return Pairs.of([])
    need, offer, score = (np.concatenate([part[i] for part in parts]) for i in range(3))
    # Each need's pairs came in one piece and in order.
    by_need = np.argsort(need, kind="stable")
    return Pairs(need[by_need], offer[by_need], score[by_need])
