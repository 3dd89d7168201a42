"""The words that were found, marked where they stand in the text that people wrote."""

import re
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from exchange.listing import folded

LENGTH, BEFORE = 200, 60


class Piece(NamedTuple):
    """A piece of a text; ``found`` when it is what was looked for."""

    text: str
    found: bool


def marked(text: str, words: Sequence[str]) -> list[Piece]:
    """``text`` in pieces; those that begin with one of ``words`` (folded) are marked."""
    pieces, end = [], 0
    whole = unicodedata.normalize("NFC", text)
    for word in _found(whole, words):
        if word.start() > end:
            pieces.append(Piece(whole[end : word.start()], found=False))
        pieces.append(Piece(word.group(), found=True))
        end = word.end()
    rest = whole[end:]
    return [*pieces, Piece(rest, found=False)] if rest else pieces


def snippet(text: str, words: Sequence[str]) -> list[Piece]:
    """The part of ``text`` around the first word that was found; its beginning when none was."""
    whole = " ".join(unicodedata.normalize("NFC", text).split())
    first = next(iter(_found(whole, words)), None)
    start = _word_before(whole, first.start() - BEFORE) if first else 0
    part = whole[start : start + LENGTH]
    if len(whole) > start + LENGTH:
        part = part.rpartition(" ")[0] or part
        part += " …"
    return marked(f"… {part}" if start else part, words)


def _word_before(text: str, at: int) -> int:
    """Where a word begins, at or after ``at``."""
    return text.find(" ", at) + 1 if at > 0 else 0


def _found(text: str, words: Sequence[str]) -> list[re.Match[str]]:
    begins = tuple(words)
    return [w for w in re.finditer(r"[^\W_]+", text) if folded(w.group()).startswith(begins)]
