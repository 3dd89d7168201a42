"""One need, which may be new, against all offers: every rule as an array over the offers."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.facts import NeedFacts
from exchange.matching.core.matched_words import common_beginnings, matched_words
from exchange.matching.core.pairs import MASK, Ints, stable_hash, tie
from exchange.matching.core.ranking import Verdict, verdict
from exchange.matching.core.rules import HARD, Pair
from exchange.matching.core.scoring import Scoring
from exchange.matching.core.search_numpy import pairs_of_shard

Flags = NDArray[np.bool_]


class View:
    """A need and what each offer (in the shards' order) is to it."""

    def __init__(self, scoring: Scoring, need: NeedFacts) -> None:
        self.scoring, self.index, self.need = scoring, scoring.index, need
        self.columns = self.index.columns_of(need)
        self.settings = scoring.configuration
        self.many = len(self.index.shelved)

    def holds(self, code: str) -> Flags:
        """Which offers keep a hard rule."""
        table = self.index.tables.get(code)
        if table is None:
            return ROW_BY_ROW[code](self)
        return table.row(self.need).astype(np.bool_)[table.offers.of_rows]

    def narrowed(self) -> tuple[Flags, dict[str, int]]:
        """Which offers break no hard rule, and how many each rule removed of those before it."""
        left, removed = np.ones(self.many, np.bool_), {}
        remaining = self.many
        for rule in HARD:
            left &= self.holds(rule.code)
            now = int(np.count_nonzero(left))
            removed[rule.code], remaining = remaining - now, now
        return left, removed

    @cached_property
    def text(self) -> Any:
        """The need's text as a fixed row."""
        return self.index.text_of(self.need)

    def scored(self, wanted: Flags) -> tuple[Ints, Ints]:
        """The ``wanted`` offers that reach the floor, and their scores."""
        group = self.scoring.group(
            [self.need], self.columns, self.text, self.scoring.features_of([self.need], self.text)
        )
        parts = [pairs_of_shard(self.scoring, group, shard) for shard in self._touched(wanted)]
        if not parts:
            return np.zeros(0, np.int64), np.zeros(0, np.int64)
        needs, offers, text, tags = (np.concatenate([part[i] for part in parts]) for i in range(4))
        kept = np.flatnonzero(wanted[offers])
        pairs = needs[kept], offers[kept]
        score, subject = self.scoring.points(group, pairs, text[kept], tags[kept])
        fits = np.flatnonzero(subject & (score >= self.settings.floor))
        return pairs[1][fits], score[fits]

    def best(self, offers: Ints, score: Ints, most: int) -> tuple[Ints, Ints]:
        """The best ``most`` of scored offers, in the order of ``Market.best``."""
        if most < len(offers):
            kept = score >= np.partition(score, len(score) - most)[len(score) - most]
            offers, score = offers[kept], score[kept]
        ties = tie(stable_hash(self.need.id), self.index.columns.hash[offers]) & MASK
        order = np.lexsort((self.index.order[offers], ties, -score))[:most]
        return offers[order], score[order]

    def verdicts(self, offers: Ints) -> list[Verdict]:
        """All that the rules say of the need and these offers, with words as evidence."""
        return [
            verdict(
                Pair(self.need, self.index.shelved[at], similarity, tuple(words)), self.settings
            )
            for at, similarity, words in zip(
                offers, self._similarities(offers), self._words(offers), strict=True
            )
        ]

    def _similarities(self, offers: Ints) -> list[int]:
        products = [self.index.product(self.text, at) for at in offers]
        return [int(self.index.scale.similarity(product)) for product in products]

    def _words(self, offers: Ints) -> list[list[str]]:
        shelved, texts = self.index.shelved, self.index.offer_text
        if self.index.dense:
            return [common_beginnings(self.need, shelved[at]) for at in offers]
        return matched_words(self.index.encoder, self.need, [texts[at : at + 1] for at in offers])

    def _touched(self, wanted: Flags) -> list[Any]:
        return [s for s in self.index.shards if wanted[s.start : s.stop].any()]

    def _without(self, ids: frozenset[Any]) -> Flags:
        found = np.ones(self.many, np.bool_)
        found[[self.index.place[i] for i in ids if i in self.index.place]] = False
        return found


def _another_organisation(view: View) -> Flags:
    found: Flags = view.index.columns.organisation != view.columns.organisation[0]
    return found


def _windows_overlap(view: View) -> Flags:
    ours, theirs = view.columns, view.index.columns
    found: Flags = (ours.first[0] <= theirs.last) & (theirs.first <= ours.last[0])
    return found


# The hard rules that name no facts in ``rules.py``: their arrays.
ROW_BY_ROW: dict[str, Callable[[View], Flags]] = {
    "another_organisation": _another_organisation,
    "not_together_yet": lambda view: view._without(view.need.together),
    "not_declined_lately": lambda view: view._without(view.need.refused),
    "windows_overlap": _windows_overlap,
}
