"""The best offers of a need in plain Python: lists of offers by feature and by tag, dicts of sums.

It is what one writes without arrays, and writes well: only offers that share something are looked
at, the cheap rules come first, whatever can be known before is known before. It is what the market
is measured against, and an oracle for worlds too large for the rules themselves.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from heapq import nsmallest
from itertools import pairwise
from typing import Any

from exchange.matching.core.configuration import BEST, Configuration
from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.core.features import LOW_BITS, POINTS, tags_of_need, tags_of_offer
from exchange.matching.core.pairs import stable_hash, tie
from exchange.matching.core.rules import HARD, Pair
from exchange.matching.core.similarity import UNIT, Scale
from exchange.matching.core.soft_rules import SOFT

# Soft rules that are counted by sums over features and tags.
SUMMED = ("same_themes", "same_sdg_targets", "same_agendas", "same_words")
Row = Mapping[int, int]


class Plain:
    """A market without arrays. ``texts``: for each offer its fixed row as a dict."""

    def __init__(
        self,
        offers: Sequence[OfferFacts],
        texts: Sequence[Row],
        scale: Scale,
        configuration: Configuration,
    ) -> None:
        self.offers, self.scale, self.configuration = offers, scale, configuration
        self.by_feature: dict[int, list[tuple[int, int]]] = defaultdict(list)
        self.by_tag: dict[tuple[str, str], list[int]] = defaultdict(list)
        for place, (offer, text) in enumerate(zip(offers, texts, strict=True)):
            for feature, value in text.items():
                self.by_feature[feature].append((place, value))
            for tag in tags_of_offer(offer):
                self.by_tag[tag].append(place)
        self.hashes = [stable_hash(offer.id) for offer in offers]
        self.half = scale.half**2
        self.other = [rule for rule in SOFT if rule.code not in SUMMED]

    def best(self, need: NeedFacts, text: Row, most: int) -> list[tuple[int, int]]:
        """The best ``most`` (score, offer) of a need, the best first."""
        texts, tags = self._sums(need, text)
        found = []
        mine = stable_hash(need.id)
        for place in texts.keys() | tags.keys():
            score = self._score(need, place, texts.get(place, 0), tags.get(place, 0))
            if score is not None:
                found.append((-score, tie(mine, self.hashes[place]), place))
        return [(-worth, place) for worth, _, place in nsmallest(most, found)]

    def _sums(self, need: NeedFacts, text: Row) -> tuple[dict[int, int], dict[int, int]]:
        texts: dict[int, int] = {}
        for feature, value in text.items():
            for place, theirs in self.by_feature.get(feature, ()):
                texts[place] = texts.get(place, 0) + value * theirs
        tags: dict[int, int] = {}
        for tag, points in tags_of_need(need, self.configuration.weights).items():
            for place in self.by_tag.get(tag, ()):
                tags[place] = tags.get(place, 0) + points
        return texts, tags

    def _score(self, need: NeedFacts, place: int, text: int, tags: int) -> int | None:
        offer = self.offers[place]
        for rule in HARD:
            if not rule.holds(need, offer):
                return None
        weights, pair = self.configuration.weights, Pair(need, offer)
        words = self._most(need, offer) * self._similarity(text) // BEST
        score = words + (tags >> POINTS & LOW_BITS)
        for rule in self.other:
            part = rule.measure(pair, weights[rule.code])
            score += part.points if part else 0
        if offer.id in need.lowered:
            score -= min(score, self.configuration.lowered)
        subject = words > 0 or tags >> POINTS > LOW_BITS
        return score if subject and score >= self.configuration.floor else None

    def _similarity(self, product: int) -> int:
        square = (max(product - self.scale.low, 0) >> UNIT) ** 2
        return min(self.scale.top * square // (square + self.half), BEST)

    def _most(self, need: NeedFacts, offer: OfferFacts) -> int:
        weights = self.configuration.weights
        most = weights["same_words"]
        for name in ("themes", "sdg_targets", "agendas"):
            if not getattr(need, name) or not getattr(offer, name):
                most += weights[f"same_{name}"]
        return most


def as_dicts(rows: Any) -> list[dict[int, int]]:
    """The rows of a CSR matrix of whole numbers as dicts."""
    ends, columns, values = rows.indptr.tolist(), rows.indices.tolist(), rows.data.tolist()
    return [
        dict(zip(columns[start:end], values[start:end], strict=True))
        for start, end in pairwise(ends)
    ]
