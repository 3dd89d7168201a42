"""A text that may stand in every language is one question: the reader's language is asked, the
others wait behind a line."""

from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from exchange.multilingual import LANGUAGES


class Question(NamedTuple):
    """The names of the fields that a page shows, and of those that it folds away."""

    shown: list[str]
    folded: list[str]


def questions(known: Mapping[str, Any], language: str) -> Iterator[Question]:
    """The fields of a form in their order, each with the same text in other languages.

    :param known: the fields by name; those that are ``required`` are never folded away.
    """
    done: set[str] = set()
    for name in known:
        if name in done:
            continue
        same = _in_every_language(known, name, language)
        done.update(same)
        shown = [n for n in same if n == same[0] or known[n].required]
        yield Question(shown, [n for n in same if n not in shown])


def _in_every_language(known: Mapping[str, Any], name: str, language: str) -> list[str]:
    """The fields that ask what ``name`` asks, the reader's language first."""
    stem, _sep, ending = name.rpartition("_")
    if ending not in LANGUAGES:
        return [name]
    first = sorted(LANGUAGES, key=lambda code: code != language)
    return [f"{stem}_{code}" for code in first if f"{stem}_{code}" in known]
