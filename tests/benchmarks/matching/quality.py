"""How well texts find each other, ours beside word BM25 on the same pairs in the same run.

``python -m tests.benchmarks.matching.quality`` prints the table.
"""

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from exchange.matching.files.evaluating import Quality, measure
from exchange.matching.text.builtin import BuiltIn
from exchange.matching.text.words import words_of
from tests.benchmarks.keep import ABSENT, Pairs, all_pairs
from tests.benchmarks.matching.figure import Figure

DEEP = 10
K1, B = 1.2, 0.75


@dataclass(frozen=True)
class Compared:
    """One kind of pairs: how many, and the quality of both."""

    name: str
    ours: Quality
    words: Quality

    def __str__(self) -> str:
        shown = "  ".join(
            f"{one.recall[1].value:.3f} {one.recall[10].value:.3f} {one.mrr.value:.3f}"
            for one in (self.ours, self.words)
        )
        low, high = self.ours.recall[1].low, self.ours.recall[1].high
        return f"{self.name:<26} {self.ours.needs:>4}  {shown}  [{low:.3f}, {high:.3f}]"


def once(stage: object = None) -> list[Figure]:
    """R@1 and R@10 of every kind of pairs beside those of word BM25 on the same pairs, which are
    the least it should reach. No size: the texts are what they are."""
    return [
        Figure("Q", f"{one.name}: R@{depth}", one.ours.needs, ours.value, words.value)
        for one in compared()
        for depth, ours, words in (
            (1, one.ours.recall[1], one.words.recall[1]),
            (DEEP, one.ours.recall[DEEP], one.words.recall[DEEP]),
        )
    ]


def compared() -> list[Compared]:
    """Both ways on every kind of pairs; none where the projects are not there."""
    ways = by_encoder, by_bm25
    return [Compared(p.name, *(quality(p, way(p)) for way in ways)) for p in all_pairs()]


def quality(pairs: Pairs, nearness: Any) -> Quality:
    """The quality of (needs, offers) numbers, the larger the nearer; nothing in common is last."""
    right = dict(zip((str(need.id) for need in pairs.needs), pairs.right, strict=True))
    lists = {}
    for need, row in zip(right, nearness, strict=True):
        best = np.argsort(-row, kind="stable")[:DEEP]
        lists[need] = [str(pairs.offers[at].id) for at in best if row[at] > 0]
    return measure({need: frozenset([offer]) for need, offer in right.items()}, lists)


def by_encoder(pairs: Pairs) -> Any:
    """The cosines of the built-in encoder, fitted to all these texts."""
    sides = [*pairs.needs, *pairs.offers]
    texts, languages = [side.words for side in sides], [side.language for side in sides]
    rows = BuiltIn().fit(texts, languages).encode(texts, languages)
    many = len(pairs.needs)
    return (rows[:many] @ rows[many:].T).toarray()


def by_bm25(pairs: Pairs) -> Any:
    """Okapi BM25 over words as they are (Robertson and others, 1994): k1 = 1.2, b = 0.75."""
    documents = [Counter(words_of(offer.words)) for offer in pairs.offers]
    lengths = np.array([sum(document.values()) for document in documents], float)
    norm = K1 * (1 - B + B * lengths / lengths.mean())
    counts: dict[str, Any] = {}
    for at, document in enumerate(documents):
        for word, count in document.items():
            counts.setdefault(word, np.zeros(len(documents)))[at] = count
    found = np.zeros((len(pairs.needs), len(documents)))
    for at, need in enumerate(pairs.needs):
        for word in set(words_of(need.words)) & counts.keys():
            have = counts[word]
            many = np.count_nonzero(have)
            rare = math.log(1 + (len(documents) - many + 0.5) / (many + 0.5))
            found[at] += rare * have * (K1 + 1) / (have + norm)
    return found


def table(found: Sequence[Compared]) -> str:
    """The figures as text."""
    head = f"{'':<26} {'n':>4}  {'ours: R@1 R@10 MRR':<19} {'BM25: R@1 R@10 MRR':<19} R@1, 95 %"
    return "\n".join([head, *map(str, found)]) if found else ABSENT


if __name__ == "__main__":
    print(table(compared()))  # noqa: T201  # the figures are the output
