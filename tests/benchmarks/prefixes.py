"""The encoder of the design's measurements: beginnings of words, about 43 features a text."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Any
from zlib import crc32

import numpy as np
from scipy import sparse

BITS = 20
LENGTHS = (4, 6)
# A feature of more texts than this part says nothing of any; one of a single text finds none.
USUAL, SELDOM = 0.05, 2


class Prefixes:
    """The first four and six letters of each word, weighed by tf · idf."""

    name, version = "prefixes", "1"
    calibration = (0.02, 0.26)

    def __init__(self, weight: Any = None) -> None:
        self.weight = weight

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> "Prefixes":
        """An encoder that knows in how many of the texts each feature is."""
        seen = np.bincount(_counts(texts).indices, minlength=1 << BITS)
        weight = np.log((len(texts) + 1) / (seen + 1)) + 1
        weight[(seen > max(USUAL * len(texts), SELDOM)) | (seen < SELDOM)] = 0
        return Prefixes(weight)

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Any:
        """A CSR row of length 1 a text, or of length 0."""
        rows = _counts(texts)
        rows.data = (1 + np.log(rows.data)) * self.weight[rows.indices]
        rows.eliminate_zeros()
        length = np.sqrt(np.asarray(rows.multiply(rows).sum(axis=1)).ravel())
        rows.data /= np.repeat(np.maximum(length, 1e-300), np.diff(rows.indptr))
        return rows


def _counts(texts: Sequence[str]) -> Any:
    columns: list[int] = []
    ends = [0]
    for text in texts:
        for word in text.lower().split():
            columns.extend(_features(word))
        ends.append(len(columns))
    shape = (len(texts), 1 << BITS)
    counts = sparse.csr_matrix((np.ones(len(columns)), columns, ends), shape=shape)
    counts.sum_duplicates()
    return counts


@lru_cache(maxsize=500_000)
def _features(word: str) -> tuple[int, ...]:
    return tuple(crc32(word[:n].encode()) & ((1 << BITS) - 1) for n in LENGTHS if len(word) >= n)
