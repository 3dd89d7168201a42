"""An encoder that remembers the rows of texts it has seen."""

import threading
from collections.abc import Callable, Sequence

import numpy as np
from scipy import sparse

from exchange.matching.text.encoder import Rows, TextEncoder
from exchange.matching.text.problems import EncoderFailed


class Memory:
    """A fitted encoder whose rows are kept: what was encoded once is only looked up.

    ``fit`` changes nothing: how usual each word is was counted before. ``fell_back`` is what the
    encoder says of it. ``failed`` is called when the encoder fails, which is raised all the same.
    """

    def __init__(
        self,
        encoder: TextEncoder,
        most: int = 300_000,
        failed: Callable[[], None] = lambda: None,
    ) -> None:
        self.name, self.version = encoder.name, encoder.version
        self.calibration = encoder.calibration
        # Only an encoder that knows words can tell which of them matched.
        self.matched_words = getattr(encoder, "matched_words", None)
        self.fell_back: str = getattr(encoder, "fell_back", "")
        self._encoder, self._most, self._failed = encoder, most, failed
        self._place: dict[tuple[str, str], int] = {}
        self._rows: Rows = None
        self._lock = threading.Lock()

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> "Memory":
        """Itself."""
        return self

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Rows:
        """The rows of ``texts``; new ones are encoded together and kept."""
        asked = list(zip(texts, languages, strict=True))
        with self._lock:
            return self._encode(asked)

    def _encode(self, asked: list[tuple[str, str]]) -> Rows:
        new = list(dict.fromkeys(key for key in asked if key not in self._place))
        if len(self._place) + len(new) > self._most:
            self._place, self._rows, new = {}, None, list(dict.fromkeys(asked))
        if new or self._rows is None:
            self._keep(new)
        return self._rows[[self._place[key] for key in asked]]

    def _keep(self, new: list[tuple[str, str]]) -> None:
        try:
            rows = self._encoder.encode([text for text, _ in new], [code for _, code in new])
        except EncoderFailed:
            self._failed()
            raise
        known = len(self._place)
        self._place.update((key, known + at) for at, key in enumerate(new))
        if self._rows is None:
            self._rows = rows
        elif sparse.issparse(rows):
            self._rows = sparse.vstack([self._rows, rows], format="csr")
        else:
            self._rows = np.concatenate([self._rows, rows])
