"""A plug-in that may fail, and the built-in encoder that steps in and says so."""

from collections.abc import Sequence

import numpy as np
from scipy import sparse

from exchange.matching.text.builtin import BuiltIn
from exchange.matching.text.dense import Floats
from exchange.matching.text.encoder import Rows, TextEncoder
from exchange.matching.text.memory import Memory
from exchange.matching.text.problems import EncoderFailed


class Fitted:
    """What compares the texts of one corpus: the plug-in, or the built-in encoder in its place.

    ``fell_back``: why the plug-in is not used; "" when it is.
    """

    def __init__(self, encoder: TextEncoder, fell_back: str = "", width: int = 0) -> None:
        self.name, self.version = encoder.name, encoder.version
        self.calibration = encoder.calibration
        # Only an encoder that knows words can tell which of them matched.
        self.matched_words = getattr(encoder, "matched_words", None)
        self.fell_back = fell_back
        self._encoder, self._width = encoder, width

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> "Fitted":
        """Itself."""
        return self

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Rows:
        """The rows of ``texts``, all of one kind.

        :raises EncoderFailed: when the plug-in fails after all; fit anew, which falls back then.
        """
        rows = self._encoder.encode(texts, languages)
        if sparse.issparse(rows) or rows.shape[1] == self._width:
            return rows
        if rows.any():
            raise EncoderFailed(f"{self.name}: its rows have got another length")
        return np.zeros((len(texts), self._width), np.float32)


class FallbackEncoder:
    """An encoder that is tried on each corpus: one that fails is replaced for all of it, because
    rows of two encoders cannot be compared."""

    def __init__(self, plugin: TextEncoder, instead: TextEncoder | None = None) -> None:
        self.plugin = plugin
        self.name, self.version = plugin.name, plugin.version
        self.calibration = plugin.calibration
        self.fell_back = ""
        self._instead = instead or BuiltIn()

    def fit(self, texts: Sequence[str], languages: Sequence[str]) -> Fitted:
        """The plug-in, when it gives a row for each of these texts (they are remembered); else the
        built-in encoder with the reason in ``fell_back``."""
        try:
            memory = Memory(self.plugin.fit(texts, languages))
            rows: Floats = memory.encode(texts, languages)
        except EncoderFailed as problem:
            reason = f"{self.name} was not used: {problem}"
            return Fitted(self._instead.fit(texts, languages), reason)
        return Fitted(memory, width=rows.shape[1])

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Rows:
        """The rows of texts that are their own corpus."""
        return self.fit(texts, languages).encode(texts, languages)
