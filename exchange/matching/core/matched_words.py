"""Which words made two texts similar: evidence that people can read."""

import re
from collections.abc import Iterator

from exchange.matching.core.facts import NeedFacts, OfferFacts, SideFacts
from exchange.matching.text.encoder import TextEncoder
from exchange.matching.text.words import fold, is_grammar, language_of

MOST_WORDS = 8
# What two words of one family share in most languages: "transport", "transporte".
BEGINNING, SHORTEST = 5, 4
# A text says what it is about long before this word.
READ = 400


def matched_words(encoder: TextEncoder, need: NeedFacts, offer: OfferFacts) -> tuple[str, ...]:
    """The need's words that met a word of the offer, with that word where it is another.

    An encoder that knows words tells them itself (``matched_words``), the heaviest first; for
    others they are those that begin alike.
    """
    tell = getattr(encoder, "matched_words", None)
    if tell is None:
        return tuple(common_beginnings(need, offer))
    pairs = tell((need.words, need.language), (offer.words, offer.language))
    return tuple(one if one == other else f"{one} – {other}" for one, other in pairs)


def common_beginnings(need: NeedFacts, offer: OfferFacts) -> list[str]:
    """The need's words that begin like a word of the offer, in their order, in lower case."""
    theirs = {beginning for beginning, _ in _beginnings(offer)}
    found = [word.lower() for beginning, word in _beginnings(need) if beginning in theirs]
    return found[:MOST_WORDS]


def _beginnings(side: SideFacts) -> Iterator[tuple[str, str]]:
    """The words of a side that say something, each once, with how they begin."""
    written = {fold(word): word for word in reversed(re.findall(r"[^\W\d_]+", side.words)[:READ])}
    code = language_of(list(written), side.language)
    for plain, word in reversed(written.items()):
        if len(plain) >= SHORTEST and not is_grammar(plain, code):
            yield plain[:BEGINNING], word
