"""Texts in fixed point: whole numbers, so that a cosine is the same on every machine.

A row of an encoder has length 1. It is kept in whole numbers of 1/4096 (sparse rows) or 1/2048
(dense rows): products of whole numbers are exact in whatever order they are added up. Dense rows
stay below 2^24 when multiplied, where single precision is exact too.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from exchange.matching.core.configuration import BEST

SPARSE_ONE, DENSE_ONE = 4096, 2048


@dataclass(frozen=True)
class Scale:
    """From the product of two fixed rows to a similarity: ``low`` gives 0, ``low + span`` 10000."""

    low: int
    span: int

    @classmethod
    def of(cls, calibration: tuple[float, float], one: int) -> "Scale":
        """The scale for rows of length ``one``; ValueError unless 0 <= low < high <= 1."""
        low, high = calibration
        if not 0 <= low < high <= 1:
            raise ValueError(
                f"An encoder's calibration must be 0 <= low < high <= 1: {low}, {high}"
            )
        first, last = round(low * one * one), round(high * one * one)
        return cls(first, max(last - first, 1))

    def similarity(self, products: Any) -> Any:
        """Basis points, 0 to 10000, of products of two rows (an int, or an array of int64)."""
        return np.clip((products - self.low) * BEST // self.span, 0, BEST)


def is_dense(rows: Any) -> bool:
    """Whether an encoder's rows are a plain array rather than a sparse matrix."""
    return not sparse.issparse(rows)


def fixed_sparse(rows: Any) -> Any:
    """Sparse rows in whole numbers of 1/4096: CSR of int64, sorted, without zeros.

    ValueError when a row is longer than 1 or has no numbers.
    """
    given = sparse.csr_matrix(rows)
    whole = _whole(given.data, SPARSE_ONE).astype(np.int64)
    fixed = sparse.csr_matrix((whole, given.indices, given.indptr), shape=given.shape)
    fixed.sum_duplicates()
    fixed.eliminate_zeros()
    return fixed


def fixed_dense(rows: Any) -> NDArray[np.float32]:
    """Dense rows in whole numbers of 1/2048, kept as float32; ValueError as ``fixed_sparse``."""
    return _whole(np.asarray(rows, np.float64), DENSE_ONE).astype(np.float32)


def _whole(values: Any, one: int) -> NDArray[np.float64]:
    whole: NDArray[np.float64] = np.rint(values * one)
    # Asked this way round, because what is no number is not less than anything.
    if not (np.abs(whole) <= one).all():
        raise ValueError("An encoder's rows must have length 1 or 0")
    return whole
