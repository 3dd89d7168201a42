"""English that was left on a page in another language: our own texts, and whole sentences."""

import re
from collections.abc import Iterable
from functools import cache

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.house.source import ROOT
from tests.house.test_translations import _texts

PLACEHOLDER = re.compile(r"%\(\w+\)[sd]|\{\w+\}")
# Small words that only English has; three different ones make an English sentence.
SMALL = {
    *("the", "of", "and", "is", "are", "with", "your", "you", "this", "that"),
    *("which", "will", "for", "from", "have", "has", "not", "to"),
}
# Names that are English in every language.
NAMES = re.compile(
    r"United Cities|Learning Forum|Peer Exchange|Creative Commons|Confederation|Association|Union"
)
# What a person of the demonstration is called, and how English calls itself.
CALLED = {"Administrator", "English"}


@cache
def _ours(language: str) -> tuple[set[str], list[re.Pattern[str]]]:
    """Our English texts that this language says otherwise: whole ones, and those with gaps."""
    with (ROOT / "exchange/translations" / language / "LC_MESSAGES/messages.po").open("rb") as file:
        catalogue: Catalog = read_po(file, locale=language)
    said = {m.id if isinstance(m.id, str) else m.id[0]: m.string for m in catalogue if m.id}
    same = {text for form in said.values() for text in _forms(form)}
    texts = {text for text in _texts() if text not in same and re.search("[A-Za-z]{2}", text)}
    gaps = {text for text in texts if PLACEHOLDER.search(text)}
    return texts - gaps, [_pattern(text) for text in gaps if _tells(text)]


def _forms(said: str | tuple[str, ...] | list[str]) -> Iterable[str]:
    return (said,) if isinstance(said, str) else said


def _tells(text: str) -> bool:
    """Is there enough beside the gaps to know it again?"""
    return len(re.findall(r"[A-Za-z]{3,}", PLACEHOLDER.sub("", text))) > 1


def _pattern(text: str) -> re.Pattern[str]:
    parts = [re.escape(part) for part in PLACEHOLDER.split(text)]
    return re.compile(".+?".join(parts))


def english_left(texts: Iterable[tuple[str, str]], language: str) -> list[str]:
    """Texts that are English though the page is in ``language``.

    :param texts: each with the language it is marked with; empty when it is the page's, ``option``
        in a list to choose from.
    """
    ours, _gaps = _ours(language)
    page = {words for words, marked in texts if not marked and _is_english(words, language)}
    options = {words for words, marked in texts if marked == "option" and words in ours}
    return sorted((page | options) - CALLED)


@cache
def _is_english(words: str, language: str) -> bool:
    whole, gaps = _ours(language)
    return words in whole or _is_sentence(words) or any(gap.fullmatch(words) for gap in gaps)


def _is_sentence(words: str) -> bool:
    small = SMALL & set(re.findall(r"[a-z]+", words.lower()))
    return len(small) > 2 and not NAMES.search(words)
