"""Which words of a need's text made it similar to an offer's: evidence that people can read."""

import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np

from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.core.texts import Texts, dense_row
from exchange.matching.text.words import fold, is_grammar, language_of

MOST_WORDS = 8
# What two words of one family share in most languages: "transport", "transporte".
BEGINNING, SHORTEST = 5, 4
# A text says what it is about long before this word.
READ = 400


def different_words(text: str) -> list[str]:
    """The words of a text as they are written, each once, whatever its case and accents."""
    written = re.findall(r"[^\W\d_]+", text)[:READ]
    return list({fold(word): word for word in reversed(written)}.values())[::-1]


def matched_words(
    texts: Texts, need: NeedFacts, offers: Sequence[OfferFacts], rows: Any
) -> list[list[str]]:
    """For each offer the need's words that weigh most in the product of the two texts.

    An encoder that can tell gives pairs: "agua ~ eau" where the offer uses another word. For
    others each word is encoded alone; what counts is its product with the offer's row, one of
    ``rows`` (CSR). Words of an encoder that knows no words are those that begin alike.
    """
    if tell := getattr(texts.encoder, "matched_words", None):
        ours = need.words, need.language
        told = (tell(ours, (offer.words, offer.language)) for offer in offers)
        return [[_pair(*words) for words in pairs] for pairs in told]
    words = different_words(need.words)
    if texts.dense or not words:
        return [common_beginnings(need, offer) for offer in offers]
    alone = texts.rows(words, [need.language] * len(words))
    return [_heaviest(words, alone @ dense_row(row)) for row in rows]


def _pair(ours: str, theirs: str) -> str:
    return ours if fold(ours) == fold(theirs) else f"{ours} ~ {theirs}"


def common_beginnings(need: NeedFacts, offer: OfferFacts) -> list[str]:
    """The need's words that begin like a word of the offer, for encoders that know no words."""
    theirs = {beginning for beginning, _ in _beginnings(offer.words, offer.language)}
    ours = _beginnings(need.words, need.language)
    return [word.lower() for beginning, word in ours if beginning in theirs][:MOST_WORDS]


def _beginnings(text: str, language: str) -> Iterable[tuple[str, str]]:
    folded = [(fold(word), word) for word in different_words(text)]
    code = language_of([plain for plain, _ in folded], language)
    for plain, word in folded:
        if len(plain) >= SHORTEST and not is_grammar(plain, code):
            yield plain[:BEGINNING], word


def _heaviest(words: list[str], weights: Any) -> list[str]:
    best = sorted(np.flatnonzero(weights > 0), key=lambda at: (-weights[at], at))
    return [words[at].lower() for at in best[:MOST_WORDS]]
