"""The soft rules for many pairs at once: the same whole points as ``rules.py`` gives, in arrays."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.arrays import SILENT, Columns, Small
from exchange.matching.core.configuration import BEST, Configuration
from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.core.features import LOW_BITS
from exchange.matching.core.index import Index
from exchange.matching.core.pairs import Ints
from exchange.matching.core.rules import SOFT, Pair, SoftRule
from exchange.matching.core.tables import Answers, Table


@dataclass(frozen=True)
class Group:
    """Needs that are looked at together: ``facts``, their arrays, and a row each of features.

    ``text``: their dense rows, or None. ``base``: points by the offers' profiles, a row a need.
    ``apart`` and ``lowered``: sorted numbers ``need · offers + offer`` of pairs that are left
    alone (together, or declined lately), and of those that were declined before.
    """

    facts: Sequence[NeedFacts]
    columns: Columns
    features: Any
    text: Any
    base: Small
    apart: Ints
    lowered: Ints


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

        return Table(ask, Answers((), needs), Answers(self.index.shelved, offers))

    def _points(self, rule: SoftRule, need: NeedFacts, offer: OfferFacts) -> int:
        part = rule.measure(Pair(need, offer), self.weights[rule.code])
        return part.points if part else 0

    def features_of(self, needs: Sequence[NeedFacts], text: Any) -> Any:
        """Rows of features of needs whose fixed texts are ``text``."""
        rows = self.index.texts.as_features(text)
        return self.index.features.of_needs(needs, rows, self.weights)

    def group(self, needs: Sequence[NeedFacts], columns: Columns, text: Any, rows: Any) -> Group:
        """Needs made ready to be compared: ``text`` are their fixed texts, ``rows`` features."""
        return Group(
            needs,
            columns,
            rows,
            text if self.index.texts.dense else None,
            np.stack([self.table.row(need) for need in needs]),
            self._pairs([need.together | need.refused for need in needs]),
            self._pairs([need.lowered for need in needs]),
        )

    def _pairs(self, offers: Sequence[frozenset[Any]]) -> Ints:
        place, many = self.index.place, len(self.index.shelved)
        found = [n * many + place[i] for n, ids in enumerate(offers) for i in ids if i in place]
        return np.array(sorted(found), np.int64)

    def points(
        self, group: Group, pairs: tuple[Ints, Ints], text: Ints, tags: Ints
    ) -> tuple[Ints, NDArray[np.bool_]]:
        """Scores of (need, offer) pairs and whether they share a subject.

        ``text``: products of fixed rows; ``tags`` as ``features.unpacked`` gives them.
        """
        needs, offers = pairs
        words = self._words(group, pairs, text)
        score = (tags & LOW_BITS) + words + self.own[offers]
        score += group.base[needs, self.profile[offers]]
        score += self._size(group.columns.people[needs], self.index.columns.people[offers])
        if len(group.lowered):
            before = contains(group.lowered, needs * len(self.index.shelved) + offers)
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


def contains(ordered: Ints, asked: Ints) -> NDArray[np.bool_]:
    """For each number asked for, whether it is among ``ordered`` ones."""
    place = np.minimum(np.searchsorted(ordered, asked), len(ordered) - 1)
    found: NDArray[np.bool_] = ordered[place] == asked
    return found


def _text_most(weights: dict[str, int]) -> Ints:
    """The text's weight and what is lent to it, for each combination of missing tags."""
    lends = [weights[f"same_{name}"] for name in SILENT]
    lent = [sum(w for bit, w in enumerate(lends) if bits >> bit & 1) for bits in range(8)]
    return np.array([weights["same_words"] + more for more in lent], np.int64)
