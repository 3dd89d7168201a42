"""What every encoder of texts is: the plug of the matcher."""

from collections.abc import Sequence
from typing import Any, Protocol

# A row per text: a sparse matrix (scipy CSR) or a dense one (numpy), rows of length 1 or 0.
Rows = Any


class TextEncoder(Protocol):
    """Turns texts into rows whose cosine says how much two texts speak of the same.

    ``calibration``: the cosine of two texts that have nothing to do with each other, and that of
    two that are half the same: a similarity of 0 and of about 5000 basis points.
    """

    @property
    def name(self) -> str:
        """What the settings call it."""
        ...

    @property
    def version(self) -> str:
        """Changes whenever the same text would get another row."""
        ...

    @property
    def calibration(self) -> tuple[float, float]:
        """The cosines of nothing in common and of half the same."""
        ...

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> "TextEncoder":
        """An encoder that knows how usual each word is in ``texts``; itself if it need not know."""
        ...

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Rows:
        """One row a text. ``languages`` are ISO 639-1 codes, or "" where nobody said."""
        ...
