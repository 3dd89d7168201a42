"""The small Markdown of a note as blocks of a PDF. Pure."""

from collections.abc import Iterator
from typing import Any

from markdown_it.token import Token

from exchange.lessons.text import SCHEMES, parse
from exchange.pdf import Block, Heading, Items, Paragraph, Run, Table

LISTS = {"bullet_list_open": "bullet_list_close", "ordered_list_open": "ordered_list_close"}
# A part stands under the heading of its own (level 1): what authors call level 1 is level 2.
HEADINGS_DOWN = 1


def blocks(text: str, language: str = "") -> list[Block]:
    """The blocks of one part. A list within a list becomes further items of it; quotations and
    code become paragraphs."""
    found: list[Block] = []
    tokens = iter(parse(text))
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1:]) + HEADINGS_DOWN
            found.append(Heading(_runs(next(tokens)), level=level, language=language))
        elif token.type in LISTS:
            ordered = token.type.startswith("ordered")
            items = list(_items(tokens, LISTS[token.type], token.level))
            found.append(Items(items, ordered=ordered, language=language))
        elif token.type == "table_open":
            rows = list(_rows(tokens))
            found.append(Table(rows[0], rows[1:], language=language))
        elif token.type == "inline":
            found.append(Paragraph(_runs(token), language=language))
        elif token.type in ("fence", "code_block", "html_block"):
            found.append(Paragraph(token.content, language=language))
    return found


def _items(tokens: Iterator[Token], end: str, level: int) -> Iterator[list[Run]]:
    for token in tokens:
        if token.type == end and token.level == level:
            return
        if token.type == "inline":
            yield _runs(token)


def _rows(tokens: Iterator[Token]) -> Iterator[list[str]]:
    row: list[str] = []
    for token in tokens:
        if token.type == "table_close":
            return
        if token.type == "inline":
            row.append("".join(run.text for run in _runs(token)))
        elif token.type == "tr_close":
            yield row
            row = []


def _runs(inline: Token) -> list[Run]:
    look: dict[str, Any] = {"strong": False, "emphasis": False, "url": ""}
    found: list[Run] = []
    for token in inline.children or []:
        if token.type in ("strong_open", "strong_close"):
            look["strong"] = token.type.endswith("open")
        elif token.type in ("em_open", "em_close"):
            look["emphasis"] = token.type.endswith("open")
        elif token.type in ("link_open", "link_close"):
            look["url"] = _safe(str(token.attrs.get("href", "")))
        elif token.type in ("softbreak", "hardbreak"):
            found.append(Run(" " if token.type == "softbreak" else "\n"))
        else:
            found.append(Run(token.content, **look))
    return [run for run in found if run.text]


def _safe(url: str) -> str:
    return url if url.partition(":")[0] in SCHEMES else ""
