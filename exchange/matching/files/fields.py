"""The fields of a line of needs or offers: what each may be, and how it is understood.

Each function gets the value as JSON gave it and returns what the facts hold. A ``ValueError`` says
what is expected, for the person who wrote the file.
"""

import csv
import re
from calendar import monthrange
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from exchange import vocabularies
from exchange.matching.text.words import fold

COUNTRIES = Path(vocabularies.__file__).parent / "reference" / "countries.csv"
# What people write, and what ISO 3166 and ISO 639 say.
OTHER_COUNTRIES = {"UK": "GB", "EL": "GR"}
OTHER_LANGUAGES = {"eng": "en", "fre": "fr", "fra": "fr", "spa": "es", "por": "pt"}
# More people than this live nowhere, and more places are a slip of the hand.
MOST = 2_000_000_000
NAMES_IN = ("en", "fr", "es", "pt")
DAY = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def text(value: Any) -> str:
    """A text, maybe empty."""
    if not isinstance(value, str):
        raise ValueError("write it as a text between quotes")
    # Half a character, which JSON lets pass and no file can hold, becomes a question mark.
    return value.strip().encode("utf-8", "replace").decode()


def key(value: Any) -> int | str:
    """An id: a text or a whole number, as it is."""
    if isinstance(value, bool) or not isinstance(value, str | int) or not str(value).strip():
        raise ValueError("write a text or a whole number")
    return text(value) if isinstance(value, str) else value


def codes(value: Any) -> tuple[str, ...]:
    """A list of codes; one text is parted at commas and semicolons."""
    parts = re.split("[,;]", value) if isinstance(value, str) else value
    if not isinstance(parts, list) or not all(_is_code(part) for part in parts):
        raise ValueError('write a list of texts, as ["water", "housing"]')
    return tuple(dict.fromkeys(text(str(part)) for part in parts if str(part).strip()))


def sdg(value: Any) -> tuple[str, ...]:
    """Targets or goals: "11.2", "SDG 11", 11."""
    found = codes([value] if isinstance(value, int | float) else value)
    plain = [re.sub(r"(?i)^(sdg|ods|odd|goal|target)\s*", "", code) for code in found]
    if wrong := [code for code in plain if not re.fullmatch(r"\d{1,2}(\.[0-9a-z]{1,2})?", code)]:
        raise ValueError(f'{wrong[0]!r} is no goal or target; write ["11", "6.1"]')
    return tuple(dict.fromkeys(plain))


def language(value: Any) -> str:
    """ISO 639-1 of "fr", "fr-FR" or "fra"; other languages stay as they are."""
    code = re.split("[-_]", text(value).lower())[0]
    if code and not re.fullmatch("[a-z]{2,3}", code):
        raise ValueError('write the code of the language, as "fr"')
    return OTHER_LANGUAGES.get(code, code)


def languages(value: Any) -> tuple[str, ...]:
    """A list of languages."""
    return tuple(dict.fromkeys(language(code) for code in codes(value)))


def country(value: Any) -> str:
    """ISO 3166 alpha-2 of a code of two or three letters, or of a name in four languages."""
    written = text(value)
    if not written:
        return ""
    code = OTHER_COUNTRIES.get(written.upper(), written.upper())
    if code in sections():
        return code
    found = _country_names().get(fold(written))
    if found is None:
        raise ValueError(f'{written!r} is no country that we know; write its code, as "MZ"')
    return found


def people(value: Any) -> int | None:
    """How many inhabitants; 0 is not known."""
    return whole(value) or None


def whole(value: Any) -> int:
    """A whole number from 0 to two thousand million."""
    right = isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= MOST
    if not right or value != int(value):
        raise ValueError(f"write a whole number from 0 to {MOST}, without quotes")
    return int(value)


def latitude(value: Any) -> float:
    """Degrees north."""
    return _degrees(value, 90)


def longitude(value: Any) -> float:
    """Degrees east."""
    return _degrees(value, 180)


def first_day(value: Any) -> date | None:
    """The first day of "2026", "2026-05" or "2026-05-04"."""
    return _day(value, last=False)


def last_day(value: Any) -> date | None:
    """The last day of "2026", "2026-05" or "2026-05-04"."""
    return _day(value, last=True)


@cache
def sections() -> dict[str, str]:
    """Country → the section of the world association it belongs to."""
    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        return {row["iso2"]: row["section"] for row in csv.DictReader(file)}


@cache
def _country_names() -> dict[str, str]:
    from babel import Locale  # late: only files that write names need it

    with COUNTRIES.open(encoding="utf-8", newline="") as file:
        names = {row["iso3"].lower(): row["iso2"] for row in csv.DictReader(file)}
    for code in NAMES_IN:
        territories = Locale(code).territories
        names.update({fold(territories[iso2]): iso2 for iso2 in sections() if iso2 in territories})
    return names


def _is_code(part: Any) -> bool:
    return isinstance(part, str | int | float) and not isinstance(part, bool)


def _degrees(value: Any, most: int) -> float:
    right = isinstance(value, int | float) and not isinstance(value, bool)
    if not right or not -most <= value <= most:
        raise ValueError(f"write degrees from -{most} to {most}, as a number without quotes")
    return float(value)


def _day(value: Any, *, last: bool) -> date | None:
    written = text(value)
    if not written:
        return None
    found = DAY.fullmatch(written.partition("T")[0])
    try:
        year, month, day = (int(part) if part else None for part in found.groups())  # type: ignore[union-attr] # None is caught below
        month = month or (12 if last else 1)
        return date(year or 0, month, day or (monthrange(year or 0, month)[1] if last else 1))
    except (AttributeError, ValueError):
        raise ValueError('write a day of the calendar, as "2026-05-31"') from None
