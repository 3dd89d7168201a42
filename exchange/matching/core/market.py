"""The market: all needs and offers, and the best pairs among them. Exact, in whole numbers."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core import search_numba, search_numpy
from exchange.matching.core.configuration import BEST, Configuration
from exchange.matching.core.facts import Key, NeedFacts, OfferFacts
from exchange.matching.core.index import Index
from exchange.matching.core.pairs import Ints, Pairs
from exchange.matching.core.ranking import Ranking, Verdict
from exchange.matching.core.rules import BELOW_THE_FLOOR
from exchange.matching.core.scoring import Scoring
from exchange.matching.core.search_numpy import Asked, Found
from exchange.matching.core.view import View
from exchange.matching.text.encoder import TextEncoder

# Fewer pairs than this are compared sooner than compiled loops are loaded.
WORTH_COMPILING = 4_000_000
# The loops look at all offers; a product of so small a share of them is sooner made.
FEW_OFFERS = 0.1
# Below any worth, and far from where whole numbers end.
LOWEST = -(1 << 40)


class Marketplace:
    """Needs and offers that can be asked for their best pairs; it is a ``Market`` of the solver.

    ``kernel``: "numpy", "numba", or "" for the faster one that is installed; both give the same.
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
        kernel: str = "",
    ) -> "Marketplace":
        """A market of these needs and offers, in whatever order they come; ids must differ."""
        return cls(Index(needs, offers, encoder), configuration, kernel)

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
        index = self.index
        discounts = np.zeros(len(self.offers), np.int64) if discounts is None else discounts
        thresholds = np.full(len(self.needs), LOWEST) if thresholds is None else thresholds
        # No score is above BEST: needs that ask more, after every discount, need not be looked at.
        worths = BEST - discounts
        needs = needs[thresholds[needs] < worths.max(initial=LOWEST)]
        if not len(needs) or most < 1:
            return Pairs.of([])
        asked = Asked(most, discounts[index.order], np.maximum(thresholds, LOWEST))
        alike = needs[index.alike(needs)]
        search = self._search(float((worths > thresholds[needs].min()).mean()))
        return _joined(index, list(search(self.scoring, asked, alike)))

    def score_pairs(self, needs: Ints, offers: Ints) -> tuple[Ints, NDArray[np.bool_]]:
        """The scores of pairs at these positions, feasible or not, and which are candidates."""
        places = np.empty(len(self.offers), np.int64)
        places[self.index.order] = np.arange(len(self.offers))
        return search_numpy.judged(self.scoring, needs, places[offers])

    def view(self, need: NeedFacts | Key, text: Any = None) -> View:
        """A need of the market (by its id), or a new one, against all offers.

        ``text``: its fixed row, for who has it already; KeyError for an id that nobody has.
        """
        facts = need if isinstance(need, NeedFacts) else self.needs[self.index.number[need]]
        return View(self.scoring, facts, text)

    def rank(self, need: NeedFacts | Key, top: int = 10, *, text: Any = None) -> Ranking:
        """The best ``top`` candidates with their reasons, and what removed the other offers.

        ``need`` and ``text`` as in ``view``.
        """
        view = self.view(need, text)
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

    def _search(self, share: float) -> Callable[[Scoring, Asked, Ints], Iterator[Found]]:
        """How to look for pairs; ``share``: of the offers that any need can go to."""
        large = len(self.needs) * len(self.offers) >= WORTH_COMPILING and share >= FEW_OFFERS
        compiled = self.kernel == "numba" or (
            not self.kernel and large and search_numba.installed()
        )
        return search_numba.best_of if compiled else search_numpy.best_of


def _joined(index: Index, parts: list[Found]) -> Pairs:
    need = np.concatenate([part.need for part in parts])
    # Each need's pairs came in one piece and in order.
    by_need = np.argsort(need, kind="stable")
    offer = index.order[np.concatenate([part.offer for part in parts])[by_need]]
    score = np.concatenate([part.score for part in parts])[by_need]
    return Pairs(need[by_need], offer.astype(np.int64), score)
