"""The soft rules for many pairs at once: the same whole points as ``rules.py`` gives, in arrays."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.arrays import SILENT
from exchange.matching.core.configuration import BEST, Configuration
from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.core.features import LOW_BITS
from exchange.matching.core.group import LOWERED, Group, Marks, contains
from exchange.matching.core.index import Index
from exchange.matching.core.pairs import Ints
from exchange.matching.core.rules import SOFT, Pair, SoftRule
from exchange.matching.core.tables import Answers, Table


class Scoring:
    """What the offers' side of the soft rules gives with one configuration.

    ``own``: points of an offer whoever asks (rating, newcomer). ``profile``: which of the different
    answers it gives to rules that read both sides. ``text_most``: what the text can give, by the
    bits of the tags that are missing on either side.
    """

    def __init__(self, index: Index, configuration: Configuration) -> None:
        self.index, self.configuration = index, configuration
        self.weights = {rule.code: configuration.weights.get(rule.code, 0) for rule in SOFT}
        reading = [rule for rule in SOFT if rule.offer_says]
        self.own = self._own([rule for rule in reading if not rule.need_says])
        self.table = self._table([rule for rule in reading if rule.need_says])
        self.profile = self.table.offers.of_rows
        self.text_most = _text_most(self.weights)

    def _own(self, rules: Sequence[SoftRule]) -> Ints:
        total, anybody = np.zeros(len(self.index.shelved), np.int64), NeedFacts(id=0)
        for rule in rules:
            answers = Answers(self.index.shelved, rule.offer_says)
            points = [self._points(rule, anybody, offer) for offer in answers.examples]
            total += np.array(points, np.int64)[answers.of_rows]
        return total

    def _table(self, rules: Sequence[SoftRule]) -> Table:
        needs = tuple(dict.fromkeys(name for rule in rules for name in rule.need_says))
        offers = tuple(dict.fromkeys(name for rule in rules for name in rule.offer_says))

        def ask(need: NeedFacts, offer: OfferFacts) -> int:
            return sum(self._points(rule, need, offer) for rule in rules)

        return Table(ask, Answers(self.index.needs, needs), Answers(self.index.shelved, offers))

    def _points(self, rule: SoftRule, need: NeedFacts, offer: OfferFacts) -> int:
        part = rule.measure(Pair(need, offer), self.weights[rule.code])
        return part.points if part else 0

    def features_of(self, needs: Sequence[NeedFacts], text: Any) -> Any:
        """Rows of features of needs whose fixed texts are ``text``."""
        rows = self.index.texts.as_features(text)
        return self.index.features.of_needs(needs, rows, self.weights)

    @cached_property
    def everybody(self) -> Group:
        """All needs of the index, ready to be compared."""
        index = self.index
        return Group(
            index.need_columns,
            self.features_of(index.needs, index.texts.of_needs),
            index.texts.of_needs if index.texts.dense else None,
            self.table.whole(),
            self.table.needs.of_rows,
            index.need_marks,
        )

    def row_of(self, need: NeedFacts, text: Any) -> Ints:
        """The features of one need, with all zeros, int64."""
        rows = self.index.texts.as_features(text)
        return self.index.features.of_need(need, rows, self.weights)

    def alone(self, need: NeedFacts, text: Any) -> Group:
        """A need that may be new, with its fixed text, as a group of one; its features are apart
        (``row_of``), because a product with one row needs no matrix."""
        return Group(
            self.index.columns_of(need),
            None,
            text if self.index.texts.dense else None,
            self.table.row(need)[None],
            np.zeros(1, np.int32),
            Marks.of([need], self.index.place),
        )

    def points(
        self, group: Group, pairs: tuple[Ints, Ints], text: Ints, tags: Ints
    ) -> tuple[Ints, NDArray[np.bool_]]:
        """Scores of (need, offer) pairs and whether they share a subject.

        ``text``: products of fixed rows; ``tags`` as ``features.unpacked`` gives them.
        """
        needs, offers = pairs
        words = self._words(group, pairs, text)
        score = (tags & LOW_BITS) + words + self.own[offers]
        score += group.base[group.base_of[needs], self.profile[offers]]
        score += self._size(group.columns.people[needs], self.index.columns.people[offers])
        if group.marks.mark.any():
            many = len(self.index.shelved)
            before = contains(group.marks.pairs(LOWERED, many), needs * many + offers)
            score -= before * np.minimum(score, self.configuration.lowered)
        return score, (tags > LOW_BITS) | (words > 0)

    def _words(self, group: Group, pairs: tuple[Ints, Ints], text: Ints) -> Ints:
        needs, offers = pairs
        silent = group.columns.silent[needs] | self.index.columns.silent[offers]
        found: Ints = self.text_most[silent] * self.index.texts.scale.similarity(text) // BEST
        return found

    def _size(self, one: Ints, other: Ints) -> Ints:
        """``similar_size`` in arrays; 0 people is a size that is not known."""
        small, large = np.minimum(one, other), np.maximum(one, other)
        halves = (2 * small >= large).astype(np.int64) + (5 * small >= large)
        points: Ints = self.weights["similar_size"] * halves * (small > 0) // 2
        return points


def _text_most(weights: dict[str, int]) -> Ints:
    """The text's weight and what is lent to it, for each combination of missing tags."""
    lends = [weights[f"same_{name}"] for name in SILENT]
    lent = [sum(w for bit, w in enumerate(lends) if bits >> bit & 1) for bits in range(8)]
    return np.array([weights["same_words"] + more for more in lent], np.int64)
