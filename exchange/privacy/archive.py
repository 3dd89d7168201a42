"""What is in the archive of a person's data: all of it for programs, the same for people to read,
and the pictures in which they are named. Plain values in, bytes out."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from html import escape
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

Rows = list[dict[str, Any]]


@dataclass(frozen=True)
class Words:
    """What tables and columns are called in the language of the person."""

    language: str
    title: str
    table: Callable[[str], str]
    column: Callable[[str], str]


def archive(data: Mapping[str, Any], pictures: Iterable[tuple[str, bytes]], words: Words) -> bytes:
    """A ZIP: ``data.json``, ``index.html`` with a page for each kind, and ``pictures/``."""
    kept = BytesIO()
    with ZipFile(kept, "w", ZIP_DEFLATED) as file:
        file.writestr("data.json", json.dumps(data, ensure_ascii=False, indent=1))
        kinds: dict[str, Rows] = data["tables"]
        file.writestr("index.html", _page(words.title, _contents(kinds, words), words))
        for name, rows in kinds.items():
            body = "".join(_row(row, words) for row in rows)
            file.writestr(f"{name}.html", _page(words.table(name), body, words))
        for name, content in pictures:
            file.writestr(f"pictures/{name}", content)
    return kept.getvalue()


def _contents(kinds: Mapping[str, Rows], words: Words) -> str:
    lines = (
        f'<li><a href="{escape(name)}.html">{escape(words.table(name))}</a> ({len(rows)})</li>'
        for name, rows in kinds.items()
    )
    return f"<ul>{''.join(lines)}</ul>"


def _row(row: Mapping[str, Any], words: Words) -> str:
    lines = (
        f"<dt>{escape(words.column(name))}</dt><dd>{escape(_text(value))}</dd>"
        for name, value in row.items()
        if value not in (None, "", [], {})
    )
    return f"<dl>{''.join(lines)}</dl><hr>"


def _text(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _page(title: str, body: str, words: Words) -> str:
    head = (
        '<meta charset="utf-8"><meta name="viewport" content="width=device-width">'
        "<style>body{font:1rem/1.5 sans-serif;max-width:50rem;margin:auto;padding:1rem}"
        "dt{font-weight:bold}dd{white-space:pre-wrap;overflow-wrap:anywhere}</style>"
    )
    name = escape(title)
    return (
        f'<!doctype html><html lang="{words.language}"><head>{head}<title>{name}</title></head>'
        f"<body><h1>{name}</h1>{body}</body></html>"
    )
