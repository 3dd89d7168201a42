"""What encoders that give plain arrays share: checking and normalising their rows."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exchange.matching.text.problems import EncoderFailed

Floats = NDArray[np.float32]


def checked(rows: Any, count: int) -> Floats:
    """``rows`` as an array of ``count`` rows of numbers, all finite.

    :raises EncoderFailed: another shape, or a value that is no finite number.
    """
    try:
        array: NDArray[np.float64] = np.array(rows, np.float64)
    except (TypeError, ValueError):
        raise EncoderFailed("its rows are not lists of numbers of one length") from None
    if array.ndim != 2 or array.shape[0] != count or not array.shape[1]:
        raise EncoderFailed(f"it gave an array of shape {array.shape} for {count} texts")
    if not np.isfinite(array).all():
        raise EncoderFailed("a row has a value that is no finite number")
    return of_length_one(array)


def of_length_one(array: NDArray[Any]) -> Floats:
    """Each row divided by its Euclidean length; a row of zeros stays."""
    wide = array.astype(np.float64)
    # By the largest value first: a square must not become infinite.
    wide /= np.maximum(np.abs(wide).max(axis=1, keepdims=True, initial=0), 1e-300)
    length = np.sqrt((wide**2).sum(axis=1, keepdims=True))
    rows: Floats = (wide / np.maximum(length, 1e-300)).astype(np.float32)
    return rows


def of_one_width(rows: Sequence[Floats | None]) -> Floats:
    """Rows put together; None becomes a row of zeros.

    :raises EncoderFailed: rows of different lengths.
    """
    widths = {len(row) for row in rows if row is not None}
    if len(widths) > 1:
        raise EncoderFailed(f"its rows have different lengths: {sorted(widths)}")
    zeros = np.zeros(max(widths, default=1), np.float32)
    found = [zeros if row is None else row for row in rows]
    return np.stack(found).astype(np.float32) if found else np.zeros((0, len(zeros)), np.float32)
