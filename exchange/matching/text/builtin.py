"""The encoder that comes with the program: no model, no network, the same rows everywhere.

A text is seen in several views: its whole words, their beginnings and their letter groups (which
cross languages: "réhabilitation", "rehabilitación", "rehabilitation"), the concepts of the glossary
(which cross them where the letters do not: "eau", "agua", "water") and their subjects. Within a
view a feature weighs ``(1 + ln n) · ln((N + 1) / (d + ½))``, with n its count in the text, N texts
and d of them that have it (the usual tf · idf with a dampened count); each view has length 1, then
the views are joined with the square roots of their shares, so that the cosine of two rows is the
mean of the cosines of the views.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from exchange.matching.text.concepts import concepts_of, pairs_in, subject_of
from exchange.matching.text.words import is_grammar, language_of, words_of

BITS = 18
WIDTH = 1 << BITS
# The views and their shares, found on the projects of keep.eu (``tests/benchmarks/matching``).
VIEWS: dict[str, float] = {"word": 1.0, "short": 1.0, "long": 1.0, "letters": 1.0, "concept": 2.0}
VIEWS["subject"] = 0.3
NAMES = tuple(VIEWS)
COLUMNS = WIDTH * len(NAMES)
# A feature of more texts than this says nothing of any.
USUAL = 0.4

Csr = Any
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class BuiltIn:
    """The built-in encoder; ``fit`` gives one that knows how usual each feature is.

    ``texts``: how many texts it has seen. ``seen``: in how many of them each column was.
    """

    name: str = "builtin"
    version: str = "1"
    calibration: tuple[float, float] = (0.04, 0.5)
    texts: int = 0
    seen: NDArray[np.int32] | None = None

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> "BuiltIn":
        """The encoder for a corpus: what nearly every text of it says counts little."""
        counts = _counts(texts, languages)
        seen = np.bincount(counts.indices, minlength=COLUMNS).astype(np.int32)
        return replace(self, texts=len(texts), seen=seen)

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Csr:
        """A CSR matrix, a row of length 1 per text; length 0 where a text says nothing."""
        rows = _counts(texts, languages)
        rows.data = (1 + np.log(rows.data)) * self._rarity()[rows.indices]
        rows.eliminate_zeros()
        return _joined(rows)

    def _rarity(self) -> Floats:
        """The weight of each column; all alike for an encoder that was not fitted."""
        if self.seen is None:
            return np.ones(COLUMNS)
        weight: Floats = np.log((self.texts + 1) / (self.seen + 0.5))
        weight[self.seen > max(USUAL * self.texts, 2)] = 0
        return weight


def _joined(rows: Csr) -> Csr:
    """Each view of each row to its share, then each row to length 1."""
    shares = np.array([VIEWS[name] for name in NAMES])
    row = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
    place = row * len(NAMES) + (rows.indices >> BITS)
    squares = np.bincount(place, rows.data**2, minlength=rows.shape[0] * len(NAMES))
    present = (squares > 0).reshape(-1, len(NAMES)) * shares
    scale = np.sqrt(present / np.maximum(present.sum(1, keepdims=True), 1e-300)).ravel()
    rows.data *= scale[place] / np.sqrt(np.maximum(squares, 1e-300))[place]
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
    words = [word for word in words if not is_grammar(word, code)]
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
    around = f"_{word}_"
    letters = [around[at : at + 4] for at in range(len(around) - 3)]
    return (
        _column("word", word),
        *((_column("short", word[:4]),) if len(word) > 2 else ()),
        *((_column("long", word[:6]),) if len(word) > 4 else ()),
        *(_column("letters", four) for four in letters),
        *_meanings(concepts_of(word, language)),
    )


def _meanings(concepts: Sequence[str]) -> tuple[int, ...]:
    subjects = dict.fromkeys(subject_of(concept) for concept in concepts)
    return (
        *(_column("concept", concept) for concept in concepts),
        *(_column("subject", subject) for subject in subjects),
    )


def _column(view: str, feature: str) -> int:
    return (NAMES.index(view) << BITS) + (crc32(f"{view} {feature}".encode()) & (WIDTH - 1))
