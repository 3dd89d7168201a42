"""Rows whose words stand in every language of the pages: from the fields of a form, and back."""

from collections.abc import Mapping
from typing import Any

LANGUAGES = ("en", "fr", "es", "pt")
# field of a schema without its language → attribute that maps a language to words
Words = Mapping[str, str]


def write(row: Any, data: Mapping[str, Any], words: Words, *, leave: tuple[str, ...] = ()) -> None:
    """Write ``data`` on ``row``: "title_fr" goes into ``titles["fr"]``; what is empty goes away.

    :param leave: names without their language that somebody else writes.
    """
    for field, value in data.items():
        name, _sep, language = field.rpartition("_")
        if name in words and language in LANGUAGES:
            known = {**(getattr(row, words[name]) or {}), language: value}
            setattr(row, words[name], {code: text for code, text in known.items() if text})
        elif name not in leave:
            setattr(row, field, value)


def lines(data: Mapping[str, Any], name: str, before: list[dict[str, str]]) -> list[dict[str, str]]:
    """A list of short texts from one field a language: line n of each is the same thing."""
    known = as_lines(before, name)
    columns = {
        code: (data.get(f"{name}_{code}", known[f"{name}_{code}"]) or "").splitlines()
        for code in LANGUAGES
    }
    rows = [
        {
            code: texts[n].strip()
            for code, texts in columns.items()
            if texts[n:] and texts[n].strip()
        }
        for n in range(max(map(len, columns.values())))
    ]
    return [row for row in rows if row]


def as_lines(rows: list[dict[str, str]] | None, name: str) -> dict[str, str]:
    """A list of short texts by the fields of a form."""
    return {
        f"{name}_{code}": "\n".join(row.get(code, "") for row in rows or []).strip("\n")
        for code in LANGUAGES
    }


def as_form(row: Any, words: Words) -> dict[str, Any]:
    """The values of a row by the fields of its form."""
    values = {column.key: getattr(row, column.key) for column in row.__table__.columns}
    for name, attribute in words.items():
        for language, text in (values.get(attribute) or {}).items():
            values[f"{name}_{language}"] = text
    return values
