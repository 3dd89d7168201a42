"""One need, which may be new, against all offers: every rule as an array over the offers."""

from collections.abc import Callable
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.facts import NeedFacts
from exchange.matching.core.features import unpacked
from exchange.matching.core.group import Group
from exchange.matching.core.matched_words import matched_words
from exchange.matching.core.pairs import MASK, Ints, stable_hash, tie
from exchange.matching.core.ranking import Verdict, verdict
from exchange.matching.core.rules import HARD, Pair
from exchange.matching.core.scoring import Scoring

Flags = NDArray[np.bool_]


class View:
    """A need and what each offer (in the order of the index) is to it."""

    def __init__(self, scoring: Scoring, need: NeedFacts, text: Any = None) -> None:
        self.scoring, self.index, self.need = scoring, scoring.index, need
        self.columns, self._text = self.index.columns_of(need), text
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
        """The need's text as a fixed row: the one that was given, or that of its words."""
        return self.index.text_of(self.need) if self._text is None else self._text

    @cached_property
    def group(self) -> Group:
        """The need as a group of one."""
        return self.scoring.alone(self.need, self.text)

    @cached_property
    def row(self) -> Ints:
        """The need's features."""
        return self.scoring.row_of(self.need, self.text)

    def products(self, offers: Ints) -> tuple[Ints, Ints]:
        """What the texts and the tags of these offers share with the need (``unpacked``)."""
        shared = self.index.features.offers[offers] @ self.row
        text, tags = unpacked(shared)
        if self.index.texts.dense:
            text = (self.index.texts.of_offers[offers] @ self.text[0]).astype(np.int64)
        return text, tags

    def scored(self, wanted: Flags) -> tuple[Ints, Ints]:
        """The ``wanted`` offers that reach the floor, and their scores."""
        offers = np.flatnonzero(wanted)
        pairs = np.zeros(len(offers), np.int64), offers
        score, subject = self.scoring.points(self.group, pairs, *self.products(offers))
        fits = np.flatnonzero(subject & (score >= self.settings.floor))
        return offers[fits], score[fits]

    def best(self, offers: Ints, score: Ints, most: int) -> tuple[Ints, Ints]:
        """The best ``most`` of scored offers, in the order of ``Market.best``."""
        if 0 < most < len(offers):
            kept = score >= np.partition(score, len(score) - most)[len(score) - most]
            offers, score = offers[kept], score[kept]
        ties = tie(stable_hash(self.need.id), self.index.columns.hash[offers]) & MASK
        order = np.lexsort((self.index.order[offers], ties, -score))[:most]
        return offers[order], score[order]

    def verdicts(self, offers: Ints) -> list[Verdict]:
        """All that the rules say of the need and these offers, with words as evidence."""
        alike = self.index.texts.scale.similarity(self.products(offers)[0]).tolist()
        encoder, pairs = self.index.texts.encoder, []
        for at, like in zip(offers, alike, strict=True):
            offer = self.index.shelved[at]
            words = matched_words(encoder, self.need, offer) if like else ()
            pairs.append(Pair(self.need, offer, like, words))
        return [verdict(pair, self.settings) for pair in pairs]

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
