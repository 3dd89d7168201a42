"""Words of a text: folded, without the grammar words of its language."""

import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path

WORD = re.compile(r"[^\W_]+")
# Accents of Latin, Greek and Cyrillic letters, and the vowel signs of Hebrew and Arabic.
MARKS = re.compile("[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]+")
LANGUAGES = ("en", "fr", "es", "pt")


def _grammar() -> dict[str, frozenset[str]]:
    """The file ``grammar.txt``: words that every text says whatever its subject, by language."""
    lines = (Path(__file__).parent / "grammar.txt").read_text("utf-8").splitlines()
    found: dict[str, list[str]] = {}
    for line in lines[1:]:
        if line.startswith("["):
            words = found.setdefault(line.strip("[]"), [])
        else:
            words.extend(line.split())
    return {code: frozenset(words) for code, words in found.items()}


# These words also tell one language from another.
GRAMMAR = _grammar()
EVERY_GRAMMAR = frozenset().union(*GRAMMAR.values())


def fold(text: str) -> str:
    """Lower case, no accents: ``"Éducação"`` → ``"educacao"``; letters of other scripts stay."""
    if text.isascii():
        return text.lower()
    return MARKS.sub("", unicodedata.normalize("NFKD", text)).lower()


def words_of(text: str) -> list[str]:
    """All folded words, in their order; an apostrophe, a hyphen and a line end part words."""
    return WORD.findall(fold(text))


def guess_language(words: Sequence[str]) -> str:
    """The language whose grammar words are most frequent; "" when none or two are as likely."""
    found = [(sum(word in GRAMMAR[code] for word in words), code) for code in LANGUAGES]
    (most, best), (next_most, _) = sorted(found, reverse=True)[:2]
    return best if most > next_most else ""


def language_of(words: Sequence[str], said: str) -> str:
    """``said`` when it is one of the four; else a guess, or "" where there is none."""
    code = said.lower()[:2]
    return code if code in LANGUAGES else "" if code else guess_language(words)


def grammar_of(language: str) -> frozenset[str]:
    """The folded words of grammar of a language; of all four where nobody knows which."""
    return GRAMMAR.get(language, EVERY_GRAMMAR)


def is_grammar(word: str, language: str) -> bool:
    """Is the folded ``word`` one of grammar, or a single letter?"""
    return len(word) < 2 or word in grammar_of(language)
