"""The taxonomy as a bridge: a text is compared with labels in its own language, and two texts meet
in the codes that both suggest.

No database here: the labels come as plain values.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exchange.matching.text.builtin import BuiltIn
from exchange.matching.text.matched import matched_words
from exchange.matching.text.words import LANGUAGES, language_of, words_of

BEST = 10_000
# A code whose label shares less than this with a text (cosine) is not worth a look.
LEAST = 0.06
# How much the subject of a word weighs: "bicycle" and "mobility" are listed under the same.
SUBJECT = 0.4


@dataclass(frozen=True)
class Taxonomy:
    """A vocabulary: for each code its label by language, as in ``{"6.1": {"fr": "Eau potable"}}``.

    A label may be long, as the official text of an SDG target is; the longer, the better.
    """

    name: str
    labels: Mapping[str, Mapping[str, str]]


@dataclass(frozen=True)
class Suggestion:
    """A code that a text suggests. ``score``: 0 to 10000, comparable within one text only.

    ``words``: pairs of a word of the text and one of the label, as they are written.
    """

    code: str
    score: int
    words: tuple[tuple[str, str], ...]


class Bridge:
    """A taxonomy that texts can be compared with, in whatever of its languages."""

    def __init__(self, taxonomy: Taxonomy) -> None:
        self.taxonomy = taxonomy
        self.codes = tuple(sorted(taxonomy.labels))
        pairs = [
            (text, language)
            for labels in taxonomy.labels.values()
            for language, text in labels.items()
        ]
        texts, languages = zip(*pairs, strict=True) if pairs else ((), ())
        self.encoder = BuiltIn(subject=SUBJECT).fit(texts, languages)

    def suggest(self, text: str, language: str = "", top: int = 5) -> tuple[Suggestion, ...]:
        """The ``top`` codes that a text suggests, the best first; fewer when it says little.

        For its author to confirm: a suggestion is no tag.
        """
        code = language_of(words_of(text), language)
        nearness = self._nearness([text], [code])[0]
        best = sorted(range(len(self.codes)), key=lambda at: (-nearness[at], self.codes[at]))
        return tuple(
            Suggestion(
                self.codes[at],
                min(int(nearness[at] * BEST), BEST),
                matched_words(self.encoder, (text, code), (self.label(at, code), code)),
            )
            for at in best[:top]
            if nearness[at] >= LEAST
        )

    def rows(self, texts: Sequence[str], languages: Sequence[str]) -> NDArray[Any]:
        """A dense row of length 1 per text, a column per code (in the order of ``codes``): how near
        it is to each label in its own language; what is not near is 0. Their product says how much
        two texts, maybe of two languages, are about the same codes."""
        pairs = zip(texts, languages, strict=True)
        spoken = [language_of(words_of(text), language) for text, language in pairs]
        found = self._nearness(texts, spoken)
        found[found < LEAST] = 0
        length = np.sqrt((found**2).sum(axis=1, keepdims=True))
        rows: NDArray[Any] = found / np.maximum(length, 1e-300)
        return rows

    def label(self, at: int, language: str) -> str:
        """The label of a code by its position, in a language or else in another."""
        labels = self.taxonomy.labels[self.codes[at]]
        chosen = (language, "en", *sorted(labels))
        return next((labels[code] for code in chosen if code in labels), "")

    def _nearness(self, texts: Sequence[str], languages: Sequence[str]) -> NDArray[Any]:
        """The cosine of each text with each label: (texts, codes)."""
        rows = self.encoder.encode(texts, languages)
        found = np.zeros((len(texts), len(self.codes)))
        for language in set(languages):
            some = [at for at, code in enumerate(languages) if code == language]
            found[some] = (rows[some] @ self._labels[language].T).toarray()
        return found

    @cached_property
    def _labels(self) -> Mapping[str, Any]:
        """The rows of all labels in each language; "" stands for a text of any."""
        found = {}
        for language in (*LANGUAGES, ""):
            texts = [self.label(at, language) for at in range(len(self.codes))]
            found[language] = self.encoder.encode(texts, [language or "en"] * len(texts))
        return found


def suggest_tags(
    text: str, language: str, taxonomy: Taxonomy, top: int = 5
) -> tuple[Suggestion, ...]:
    """``Bridge(taxonomy).suggest``: for one text; who has many keeps the ``Bridge``."""
    return Bridge(taxonomy).suggest(text, language, top)
