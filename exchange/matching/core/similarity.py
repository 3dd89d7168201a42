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
# Products are squared in units of 64 (2 to the power of this): the squares stay whole in 53 bits.
UNIT = 6


@dataclass(frozen=True)
class Scale:
    """From the product of two fixed rows to a similarity in basis points.

    ``top · y² / (y² + half²)``, with ``y`` what the product is above ``low``, in units of 64: next
    to nothing for two texts that share some words by chance, about 5000 where they are half the
    same, and still rising where they are translations of each other, so that no two of those are a
    tie. (The curve is Hill's, of 1910, with the exponent 2.)
    """

    low: int
    half: int
    top: int

    @classmethod
    def of(cls, calibration: tuple[float, float], one: int) -> "Scale":
        """The scale for rows of length ``one``; ValueError unless 0 <= low < half <= 1."""
        low, half = calibration
        if not 0 <= low < half <= 1:
            raise ValueError(
                f"An encoder's calibration must be 0 <= low < half <= 1: {low}, {half}"
            )
        full, middle = (max(round((cos - low) * one * one) >> UNIT, 1) for cos in (1.0, half))
        # Two texts that are the same come to 10000.
        top = -(-BEST * (full**2 + middle**2) // full**2)
        return cls(round(low * one * one), middle, top)

    def similarity(self, products: Any) -> Any:
        """Basis points, 0 to 10000, of products of two rows (an int, or an array of int64)."""
        square = (np.maximum(products - self.low, 0) >> UNIT) ** 2
        return np.minimum(self.top * square // (square + self.half**2), BEST)


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
