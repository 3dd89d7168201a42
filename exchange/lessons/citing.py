"""How a published note is cited: as a line, as BibTeX and as RIS. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

SERIES = "Peer-Learning Note"
PUBLISHER = "United Cities and Local Governments"


@dataclass(frozen=True)
class Cited:
    """What a citation says. ``authors`` are people or, where nobody is named, organisations."""

    authors: Sequence[str]
    title: str
    number: int
    published_on: date
    language: str
    url: str
    translation: bool = False

    @property
    def key(self) -> str:
        """What tells it from others in a list of references: ``pln34``, ``pln34fr``."""
        return f"pln{self.number}{self.language if self.translation else ''}"


def as_line(one: Cited, series: str, publisher: str) -> str:
    """``Ana; Bo (2026). Markets that do not flood. Peer-Learning Note 34. …``.

    :param series: its name and the number, in the language of whoever cites.
    :param publisher: its name in the same language.
    """
    who = "; ".join(one.authors)
    title = one.title.rstrip(".")
    return f"{who} ({one.published_on.year}). {title}. {series}. {publisher}. {one.url}"


def as_bibtex(one: Cited) -> str:
    """A ``@techreport``; whatever BibTeX would read as a command stays text."""
    fields = {
        "author": " and ".join(f"{{{_tex(name)}}}" for name in one.authors),
        "title": f"{{{_tex(one.title)}}}",
        "type": SERIES,
        "number": str(one.number),
        "institution": PUBLISHER,
        "year": str(one.published_on.year),
        "month": str(one.published_on.month),
        "langid": one.language,
        "url": one.url,
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@techreport{{{one.key},\n{lines}}}\n"


def as_ris(one: Cited) -> str:
    """One record of type RPRT; each value on a line of its own, as RIS demands."""
    rows = [
        ("TY", "RPRT"),
        *(("AU", name) for name in one.authors),
        ("TI", one.title),
        ("T2", SERIES),
        ("M1", str(one.number)),
        ("PB", PUBLISHER),
        ("PY", str(one.published_on.year)),
        ("DA", one.published_on.strftime("%Y/%m/%d")),
        ("LA", one.language),
        ("UR", one.url),
        ("ER", ""),
    ]
    return "".join(f"{tag}  - {_one_line(value)}\r\n" for tag, value in rows)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _tex(text: str) -> str:
    escaped = re.sub(r"([&%$#_])", r"\\\1", _one_line(text.replace("\\", "")))
    return re.sub(r"[{}]", "", escaped)
