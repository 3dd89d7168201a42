"""The texts of a market as rows of whole numbers, whatever encoder made them."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import sparse

from exchange.matching.core.facts import NeedFacts, OfferFacts, SideFacts
from exchange.matching.core.similarity import (
    DENSE_ONE,
    SPARSE_ONE,
    Scale,
    fixed_dense,
    fixed_sparse,
    is_dense,
)
from exchange.matching.text.encoder import TextEncoder


class Texts:
    """Fixed rows of all offers and needs, in the order they are given.

    ``dense``: whether rows are plain arrays (whole numbers in float32) or CSR (int32, with the
    columns that some offer uses). ``encoder`` has seen all these texts.
    """

    def __init__(
        self, encoder: TextEncoder, offers: Sequence[OfferFacts], needs: Sequence[NeedFacts]
    ) -> None:
        texts, languages = _words([*offers, *needs])
        self.encoder = encoder.fit(texts, languages)
        rows = self.encoder.encode(texts, languages)
        self.dense = is_dense(rows)
        self.scale = Scale.of(self.encoder.calibration, DENSE_ONE if self.dense else SPARSE_ONE)
        if self.dense:
            fixed = fixed_dense(rows)
            self.of_offers, self.of_needs = fixed[: len(offers)], fixed[len(offers) :]
        else:
            self._keep_sparse(fixed_sparse(rows), len(offers))

    def _keep_sparse(self, fixed: Any, offers: int) -> None:
        self.used = np.unique(fixed[:offers].indices)
        self.of_offers, self.of_needs = self._narrow(fixed[:offers]), self._narrow(fixed[offers:])

    def of(self, need: NeedFacts) -> Any:
        """The fixed row of a need that is new."""
        return self.rows([need.words], [need.language])

    def rows(self, texts: Sequence[str], languages: Sequence[str]) -> Any:
        """The fixed rows of any texts."""
        rows = self.encoder.encode(texts, languages)
        return fixed_dense(rows) if self.dense else self._narrow(fixed_sparse(rows))

    def as_features(self, rows: Any) -> Any:
        """Rows for the matrix of features: without columns when texts are dense."""
        return sparse.csr_matrix((len(rows), 0), dtype=np.int32) if self.dense else rows

    def _narrow(self, rows: Any) -> Any:
        """The same rows with the columns that offers use, numbered without gaps."""
        place = np.searchsorted(self.used, rows.indices)
        known = place < len(self.used)
        known[known] = self.used[place[known]] == rows.indices[known]
        ends = np.concatenate([[0], np.cumsum(known)])[rows.indptr]
        kept = rows.data[known].astype(np.int32), place[known].astype(np.int32), ends
        return sparse.csr_matrix(kept, (rows.shape[0], len(self.used)))


def _words(sides: Sequence[SideFacts]) -> tuple[list[str], list[str]]:
    return [side.words for side in sides], [side.language for side in sides]
