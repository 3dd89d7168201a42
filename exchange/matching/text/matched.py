"""Which words made two texts similar: pairs as they are written, "agua" and "eau"."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from exchange.matching.text.builtin import BuiltIn, Said, features_of
from exchange.matching.text.concepts import pairs_in
from exchange.matching.text.words import fold, is_grammar, language_of

MOST = 8
# A text says what it is about long before this word.
READ = 600
WRITTEN = re.compile(r"[^\W\d_][^\W_]*")
# A word that says less than this part of the best pair is no reason.
LEAST = 0.1


@dataclass(frozen=True)
class _Expression:
    """A word, or two in a row that mean something together: as written, and its columns."""

    written: str
    columns: frozenset[int]


def matched_words(encoder: BuiltIn, one: Said, other: Said) -> tuple[tuple[str, str], ...]:
    """At most eight pairs (word of ``one``, word of ``other``) that carried most of the similarity,
    the heaviest first; each word in one pair only, none of grammar.

    Words are in lower case as they are written, with their accents. ``encoder`` knows how usual
    each is.
    """
    ours, theirs = _expressions(*one), _expressions(*other)
    places = _places(*other)
    shared = {column for our in ours for column in our.columns if column in places}
    weights = encoder.weights(sorted(shared))
    weighed = {
        (our.written, theirs[at].written): weight
        for our in ours
        for at, weight in _weighed(our, places, weights).items()
        if weight > 0
    }
    found = sorted((-weight, *words) for words, weight in weighed.items())
    kept: list[tuple[str, str]] = []
    taken: set[tuple[int, str]] = set()
    for weight, our, their in found:
        words = {(0, w) for w in our.split()} | {(1, w) for w in their.split()}
        if weight <= LEAST * found[0][0] and not words & taken:
            kept.append((our, their))
            taken |= words
    return tuple(kept[:MOST])


@lru_cache(maxsize=4096)
def _expressions(text: str, language: str) -> tuple[_Expression, ...]:
    """What a text says, each expression once, in its order."""
    written = WRITTEN.findall(unicodedata.normalize("NFC", text))[:READ]
    words = [(word.lower(), fold(word)) for word in written]
    code = language_of([plain for _, plain in words], language)
    words = [(word, plain) for word, plain in words if not is_grammar(plain, code)]
    found = {plain: _Expression(word, _columns(plain, code)) for word, plain in reversed(words)}
    for (first, one), (second, other) in pairwise(words):
        if any(pairs_in([one, other], code)):
            together = _columns(f"{one} {other}", code)
            columns = together | _columns(one, code) | _columns(other, code)
            found[f"{one} {other}"] = _Expression(f"{first} {second}", columns)
    return tuple(found.values())


def _columns(word: str, language: str) -> frozenset[int]:
    return frozenset(features_of(word, language))


@lru_cache(maxsize=4096)
def _places(text: str, language: str) -> Mapping[int, Sequence[int]]:
    """Column → where it stands among the expressions of a text."""
    found: dict[int, list[int]] = defaultdict(list)
    for at, expression in enumerate(_expressions(text, language)):
        for column in expression.columns:
            found[column].append(at)
    return dict(found)


def _weighed(
    our: _Expression, places: Mapping[int, Sequence[int]], weights: Mapping[int, float]
) -> Mapping[int, float]:
    """Expressions of the other text that share a feature with ours, and the weight of what they
    share; it counts twice, as it does in the product of two rows."""
    found: dict[int, float] = defaultdict(float)
    for column in our.columns & places.keys():
        for at in places[column]:
            found[at] += weights[column] ** 2
    return found
