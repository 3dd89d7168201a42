"""From the text of a cell to a value. What cannot be read is a code with facts, never a guess."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Any

from exchange.errors import Invalid
from exchange.listing import folded

CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")
YES = frozenset({"yes", "oui", "si", "true", "vrai", "verdadero", "1", "x"})
NO = frozenset({"no", "non", "false", "faux", "falso", "0", ""})
# Year first, as computers write; day first, as people do where our three languages are spoken.
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[ T].*)?")
DAY_FIRST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
# 1200, 1 200 and 1,200 and 1.200 are the same number; 1,2 is none.
WHOLE = re.compile(r"\d+|\d{1,3}(?:[  .,'’]\d{3})+")
LINK = re.compile(r"https?://[^\s<>\"']+")


def text(cell: str, longest: int, *, column: str) -> str:
    """A text in NFC.

    :raises Invalid: ``unreadable_characters`` or ``too_long``.
    """
    clean = unicodedata.normalize("NFC", cell).replace("\r\n", "\n").replace("\r", "\n").strip()
    if CONTROL.search(clean):
        raise Invalid(column, "unreadable_characters")
    if len(clean) > longest:
        raise Invalid(column, "too_long", longest=longest)
    return clean


def link(cell: str, longest: int, *, column: str) -> str:
    """A web address; what begins with www. gets its https://.

    :raises Invalid: ``not_a_link``.
    """
    address = f"https://{cell}" if cell.lower().startswith("www.") else cell
    if address and not LINK.fullmatch(address):
        raise Invalid(column, "not_a_link", value=cell[:80])
    return text(address, longest, column=column)


def whole(cell: str, bounds: tuple[int, int], *, column: str) -> int | None:
    """A whole number within ``bounds``, however its thousands are written; None when empty.

    :raises Invalid: ``not_a_number`` or ``number_outside``.
    """
    if not cell:
        return None
    if not WHOLE.fullmatch(cell):
        raise Invalid(column, "not_a_number", value=cell[:80])
    number = int(re.sub(r"\D", "", cell))
    if not bounds[0] <= number <= bounds[1]:
        raise Invalid(column, "number_outside", least=bounds[0], most=bounds[1])
    return number


def day(cell: str, *, column: str) -> date | None:
    """A day; None when empty.

    :raises Invalid: ``not_a_date``.
    """
    if not cell:
        return None
    if found := YEAR_FIRST.fullmatch(cell):
        year, month, number = map(int, found.groups())
    elif found := DAY_FIRST.fullmatch(cell):
        number, month, year = map(int, found.groups())
    else:
        raise Invalid(column, "not_a_date", value=cell[:80])
    try:
        return date(year, month, number)
    except ValueError:
        raise Invalid(column, "not_a_date", value=cell[:80]) from None


def flag(cell: str, *, column: str) -> bool:
    """Yes or no, in any of our languages; empty is no.

    :raises Invalid: ``not_yes_or_no``.
    """
    word = folded(cell)
    if word in YES or word in NO:
        return word in YES
    raise Invalid(column, "not_yes_or_no", value=cell[:80])


def one_of(cell: str, known: Mapping[str, Any], *, column: str) -> Any:
    """What a word or a code means in ``known``; None when empty.

    :raises Invalid: ``unknown_word``.
    """
    if not cell:
        return None
    if (meant := known.get(folded(cell))) is None:
        raise Invalid(column, "unknown_word", value=cell[:80])
    return meant


def several(cell: str) -> list[str]:
    """The values of a cell, divided by ; or | or lines."""
    return [part for part in map(str.strip, re.split(r"[;|\n]", cell)) if part]
