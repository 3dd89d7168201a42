"""Words of the field in four languages: ``glossary.txt`` says which mean the same.

The file is ours. A line is one concept: ``English | French | Spanish | Portuguese``, each a list of
words or of two words that follow each other, ``*`` for any ending; lines in brackets name the
subject of those below. Plurals need not be written. The names of countries come
from Babel (CLDR).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from itertools import chain, pairwise
from pathlib import Path
from typing import Any

from exchange.matching.text.words import LANGUAGES, fold, is_grammar, words_of

GLOSSARY = Path(__file__).parent / "glossary.txt"
SHORTEST_BEGINNING = 3
# The subject of concepts that any text may speak of.
COMMON = "general"
# That of names of places, which is none.
PLACES = "places"
CODE_OF_A_COUNTRY = 2


@dataclass(frozen=True)
class Lexicon:
    """The concepts of one language: by whole word, by beginning, by two words in a row.

    A concept is ``subject/first English word``; of a pair of words, the second is a beginning or a
    whole word.
    """

    whole: dict[str, tuple[str, ...]] = field(default_factory=dict)
    beginnings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pairs: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)

    def of_word(self, word: str) -> tuple[str, ...]:
        """What a folded word means: its whole form, else its longest known beginning."""
        if word in self.whole:
            return self.whole[word]
        for length in range(len(word), SHORTEST_BEGINNING - 1, -1):
            if word[:length] in self.beginnings:
                return self.beginnings[word[:length]]
        return ()

    def after(self, first: str) -> tuple[tuple[str, str], ...]:
        """The patterns of words that mean something after ``first``, and what."""
        found = list(self.pairs.get(first, ()))
        for length in range(len(first), SHORTEST_BEGINNING - 1, -1):
            found.extend(self.pairs.get(first[:length] + "*", ()))
        return tuple(found)


@cache
def lexicon(language: str) -> Lexicon:
    """The lexicon of ``en``, ``fr``, ``es`` or ``pt``; for any other code, all four together."""
    known = Lexicon()
    languages = (language,) if language in LANGUAGES else LANGUAGES
    for concept, patterns in chain(_patterns(languages), _countries(languages)):
        _add(known, concept, patterns)
    return known


@lru_cache(maxsize=200_000)
def concepts_of(word: str, language: str) -> tuple[str, ...]:
    """The concepts of one folded word."""
    return lexicon(language).of_word(word)


def pairs_in(words: Sequence[str], language: str) -> Iterator[tuple[str, str, str]]:
    """(first word, second word, concept) of the pairs in a row that mean something together."""
    for first, second in pairwise(words):
        for pattern, concept in _after(first, language):
            if second == pattern or (pattern[-1] == "*" and second.startswith(pattern[:-1])):
                yield first, second, concept


@lru_cache(maxsize=200_000)
def _after(first: str, language: str) -> tuple[tuple[str, str], ...]:
    return lexicon(language).after(first)


def subject_of(concept: str) -> str:
    """The subject under which the glossary lists a concept: ``water/leak`` → ``water``."""
    return concept.partition("/")[0]


def _patterns(languages: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """Concept and its folded patterns in some languages, line by line of the file."""
    subject = ""
    for line in GLOSSARY.read_text("utf-8").splitlines():
        if line.startswith("["):
            subject = line.strip("[] ")
        elif line and not line.startswith("#"):
            cells = [_folded(cell) for cell in line.split("|")]
            chosen = [cells[LANGUAGES.index(code)] for code in languages]
            yield f"{subject}/{cells[0][0].rstrip('*')}", [one for cell in chosen for one in cell]


def _countries(languages: Sequence[str]) -> Iterator[tuple[str, list[str]]]:
    """``places/FR`` and what France is called; of a long name its last two words that count."""
    from babel import Locale  # late: it reads its files

    for language in languages:
        for code, name in Locale(language).territories.items():
            words = [word for word in words_of(name) if not is_grammar(word, language)]
            if len(code) == CODE_OF_A_COUNTRY and code.isalpha() and words:
                yield f"{PLACES}/{code}", [" ".join(words[-2:])]


def _folded(cell: str) -> list[str]:
    return [" ".join(fold(one).split()) for one in cell.split(",") if one.strip()]


def _add(known: Lexicon, concept: str, patterns: Sequence[str]) -> None:
    for pattern in patterns:
        first, _, second = pattern.partition(" ")
        if second:
            for form in _forms(first):
                for other in _forms(second):
                    _append(known.pairs, form, (other, concept))
        elif pattern.endswith("*"):
            _append(known.beginnings, pattern[:-1], concept)
        else:
            for form in _forms(pattern):
                _append(known.whole, form, concept)


def _append(into: dict[str, tuple[Any, ...]], key: str, value: Any) -> None:
    if value not in into.get(key, ()):
        into[key] = (*into.get(key, ()), value)


def _forms(word: str) -> tuple[str, ...]:
    """A word with its usual plurals in the four languages; a beginning stays alone."""
    if word.endswith("*"):
        return (word,)
    more = [word, word + "s", word + "es"]
    for ending, plural in (("y", "ies"), ("al", "aux"), ("eau", "eaux"), ("ao", "oes")):
        if word.endswith(ending):
            more.append(word.removesuffix(ending) + plural)
    if word.endswith(("al", "el", "ol")):
        more.append(word[:-1] + "is")
    if word.endswith("m"):
        more.append(word[:-1] + "ns")
    return tuple(dict.fromkeys(more))
