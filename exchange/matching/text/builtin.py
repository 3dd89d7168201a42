"""The encoder that comes with the program: no model, no network, the same rows everywhere.

A text is seen in several views: its whole words, their first four and six letters (which cross
languages: "réhabilitation", "rehabilitación", "rehabilitation") and the concepts of the glossary
(which cross them where the letters do not: "eau", "agua", "water"). A feature weighs
``view · (1 + 0.7 ln n) · ln((N + 1) / (d + 0.5)) ^ 0.7``, with n its count in the text, N texts and
d of them that have it: tf · idf (Spärck Jones, 1972) with both sides dampened, because a concept
gathers many words. Rows are brought to length 1; the cosine of two is their product.

The numbers were found on pairs made of the projects of keep.eu (``tests/benchmarks/matching``).
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from exchange.matching.text.concepts import COMMON, PLACES, concepts_of, pairs_in, subject_of
from exchange.matching.text.words import grammar_of, language_of, words_of

BITS = 18
WIDTH = 1 << BITS
# The views and how much each weighs. Subjects are too wide to tell one text from another; they
# help where a text is compared with the few words of a label.
VIEWS: dict[str, float] = {
    "word": 0.3,
    "short": 0.42,
    "long": 0.35,
    "concept": 0.66,
    "common": 0.4,
    "subject": 0.0,
}
NAMES = tuple(VIEWS)
COLUMNS = WIDTH * len(NAMES)
REPEATED, RARE = 0.7, 0.7
# A feature of a larger share of the texts says nothing of any of them.
USUAL = 0.5
# What only one text says finds nothing among the others; it may be found by a text yet to come.
ONCE = 0.3

Csr = Any
Ints = NDArray[np.int32]
Floats = NDArray[np.float64]
# A text and its language, or "" where nobody said.
Said = tuple[str, str]


@dataclass(frozen=True)
class BuiltIn:
    """The built-in encoder; ``fit`` gives one that knows how usual each feature is.

    ``subject``: how much the view of subjects weighs. ``texts``: how many texts it has seen.
    ``columns``: those they have, in order; ``seen``: in how many texts each of them is.
    """

    name: str = "builtin"
    version: str = "2"
    calibration: tuple[float, float] = (0.02, 0.2)
    subject: float = VIEWS["subject"]
    texts: int = 0
    columns: Ints = field(default_factory=lambda: np.zeros(0, np.int32))
    seen: Ints = field(default_factory=lambda: np.zeros(0, np.int32))

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> "BuiltIn":
        """The encoder for a corpus: what nearly every text of it says counts little."""
        columns, seen = np.unique(_counts(texts, languages).indices, return_counts=True)
        return replace(self, texts=len(texts), columns=columns, seen=seen.astype(np.int32))

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Csr:
        """A CSR matrix, a row of length 1 per text; length 0 where a text says nothing."""
        rows = _counts(texts, languages)
        rows.data = (1 + REPEATED * np.log(rows.data)) * self._weights(rows.indices)
        rows.eliminate_zeros()
        return _of_length_one(rows)

    def matched_words(self, one: Said, other: Said) -> tuple[tuple[str, str], ...]:
        """The pairs of words that made two texts similar; see ``matched.matched_words``."""
        from exchange.matching.text.matched import matched_words  # late: it imports this module

        return matched_words(self, one, other)

    def weights(self, columns: Sequence[int]) -> Mapping[int, float]:
        """How much each of some columns weighs in a text that has it once."""
        found = self._weights(np.array(columns, np.int32))
        return dict(zip(columns, found.tolist(), strict=True))

    def _weights(self, columns: Ints) -> Floats:
        """The weights of columns; for an encoder that was not fitted, those of their views."""
        views: Floats = np.array([*list(VIEWS.values())[:-1], self.subject])[columns >> BITS]
        if not len(self.columns):
            return views
        place = np.minimum(np.searchsorted(self.columns, columns), len(self.columns) - 1)
        seen = np.where(self.columns[place] == columns, self.seen[place], 0)
        rarity = np.log((self.texts + 1) / (seen + 0.5)) ** RARE
        rarity[seen == 1] *= ONCE
        rarity[seen > max(USUAL * self.texts, 2)] = 0
        weights: Floats = views * rarity
        return weights


def _of_length_one(rows: Csr) -> Csr:
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    length = np.sqrt(np.bincount(row, rows.data**2, minlength=rows.shape[0]))
    rows.data /= length[row]
    return rows


def _counts(texts: Sequence[str], languages: Sequence[str]) -> Csr:
    """How often each text has each feature: the words of each text times the features of each."""
    vocabulary: dict[tuple[str, str], int] = {}
    places: list[int] = []
    times: list[int] = []
    ends = [0]
    for text, language in zip(texts, languages, strict=True):
        for word, count in tokens(text, language).items():
            places.append(vocabulary.setdefault(word, len(vocabulary)))
            times.append(count)
        ends.append(len(places))
    shape = (len(texts), len(vocabulary))
    words = sparse.csr_matrix((np.array(times, float), places, ends), shape=shape)
    counts = words @ _features(vocabulary)
    counts.sort_indices()
    return counts


def tokens(text: str, language: str) -> Counter[tuple[str, str]]:
    """The (word, language) pairs of a text with their counts; "a b" are two that mean something."""
    words = words_of(text)
    code = language_of(words, language)
    grammar = grammar_of(code)
    words = [word for word in words if len(word) > 1 and word not in grammar]
    counted = Counter((word, code) for word in words)
    counted.update((f"{first} {second}", code) for first, second, _ in pairs_in(words, code))
    return counted


def _features(vocabulary: Iterable[tuple[str, str]]) -> Csr:
    columns: list[int] = []
    ends = [0]
    for word, language in vocabulary:
        columns.extend(features_of(word, language))
        ends.append(len(columns))
    shape = (len(ends) - 1, COLUMNS)
    return sparse.csr_matrix((np.ones(len(columns)), columns, ends), shape=shape)


@lru_cache(maxsize=300_000)
def features_of(word: str, language: str) -> tuple[int, ...]:
    """The columns of a folded word, or of two words in a row."""
    if " " in word:
        found = [concept for _, _, concept in pairs_in(word.split(), language)]
        return _meanings(found)
    if word.isdigit():
        return (_column("word", word),)
    return (
        _column("word", word),
        *((_column("short", word[:4]),) if len(word) > 2 else ()),
        *((_column("long", word[:6]),) if len(word) > 4 else ()),
        *_meanings(concepts_of(word, language)),
    )


def _meanings(concepts: Sequence[str]) -> tuple[int, ...]:
    """The columns of concepts; those that any text may speak of ("improve") count less."""
    columns = []
    for concept in concepts:
        subject = subject_of(concept)
        columns.append(_column("common" if subject == COMMON else "concept", concept))
        if subject not in (COMMON, PLACES):
            columns.append(_column("subject", subject))
    return tuple(columns)


def _column(view: str, feature: str) -> int:
    return (NAMES.index(view) << BITS) + (
        crc32(f"{view} {feature}".encode("utf-8", "replace")) & (WIDTH - 1)
    )
