"""PDF that everybody can read: tagged for screen readers (PDF/UA-1), with its fonts inside.

A document is a title, a language and blocks: headings, paragraphs, lists, tables, pictures. What
people typed goes to the typesetter as data, never as markup, and the typesetter sees no file but
the pictures of this one document, in a folder of its own that is gone afterwards.
"""

import json
import logging
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

TEMPLATE = Path(__file__).with_name("pdf.typ")
DEEPEST = 6
log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Run:
    """Words that look alike: plain, strong, emphasised, or a link."""

    text: str
    strong: bool = False
    emphasis: bool = False
    url: str = ""


@dataclass(frozen=True)
class Heading:
    """A heading below the title: level 1 is the first below it."""

    words: str | Sequence[Run]
    level: int = 1
    language: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``language`` where it is not that of the document, as for every block."""

    words: str | Sequence[Run]
    language: str = ""


@dataclass(frozen=True)
class Items:
    """A list, numbered when ``ordered``."""

    items: Sequence[str | Sequence[Run]]
    ordered: bool = False
    language: str = ""


@dataclass(frozen=True)
class Table:
    """A table: the heads of its columns, and rows of as many cells."""

    head: Sequence[str]
    rows: Sequence[Sequence[str]]
    language: str = ""


@dataclass(frozen=True)
class Picture:
    """A picture (JPEG or PNG) with what is to be seen on it, for those who do not see it."""

    data: bytes
    alt: str
    caption: str = ""
    language: str = ""


Block = Heading | Paragraph | Items | Table | Picture


@dataclass(frozen=True)
class Document:
    """What a PDF holds. ``made_at`` is its date: the same document gives the same bytes.

    :param language: a code such as ``fr`` or ``pt-BR``.
    :param footer: a few words before the number of each page.
    """

    title: str
    language: str
    blocks: Sequence[Block]
    made_at: datetime
    authors: Sequence[str] = ()
    description: str = ""
    footer: str = ""


def render(document: Document) -> bytes:
    """The document as PDF/UA-1; tagged all the same, without that promise, when it cannot be kept:
    a letter that no font here has.

    :raises typst.TypstError: a picture that is none.
    """
    import typst  # late: 80 MB that only who asks for a PDF needs

    with TemporaryDirectory(prefix="exchange-pdf-") as folder:
        data = {"document": json.dumps(_as_data(document, Path(folder)))}
        source = TEMPLATE.read_bytes()
        options: dict[str, Any] = {
            "root": folder,
            "format": "pdf",
            "sys_inputs": data,
            "timestamp": document.made_at,
        }
        try:
            return typst.compile(source, pdf_standards=["ua-1"], **options)
        except typst.TypstError as error:
            log.warning("pdf.below_standard: %s", error)
            return typst.compile(source, **options)


def _as_data(document: Document, folder: Path) -> dict[str, Any]:
    blocks: list[dict[str, Any]] = []
    level = 0
    for number, block in enumerate(document.blocks):
        if isinstance(block, Heading):
            # A level that is skipped confuses who reads by headings: the standard forbids it.
            level = min(block.level, level + 1, DEEPEST)
            blocks.append({"level": level, **_words(block, "heading")})
        elif isinstance(block, Paragraph):
            blocks.append(_words(block, "paragraph"))
        elif isinstance(block, Picture):
            blocks.append(_picture(block, folder / f"{number}.img"))
        else:
            blocks.append(_rows(block))
    return {
        "title": document.title,
        "language": document.language[:2],
        "region": document.language[3:] or None,
        "authors": list(document.authors),
        "description": document.description or document.title,
        "footer": document.footer,
        "blocks": blocks,
    }


def _runs(words: str | Sequence[Run]) -> list[dict[str, Any]]:
    return [asdict(run) for run in ([Run(words)] if isinstance(words, str) else words)]


def _words(block: Heading | Paragraph, kind: str) -> dict[str, Any]:
    return {"kind": kind, "language": block.language, "runs": _runs(block.words)}


def _rows(block: Items | Table) -> dict[str, Any]:
    if isinstance(block, Items):
        items = [_runs(item) for item in block.items]
        return {
            "kind": "items",
            "language": block.language,
            "items": items,
            "ordered": block.ordered,
        }
    return {
        "kind": "table",
        "language": block.language,
        "head": [_runs(cell) for cell in block.head],
        "rows": [[asdict(Run(cell)) for cell in row] for row in block.rows],
    }


def _picture(block: Picture, file: Path) -> dict[str, Any]:
    file.write_bytes(block.data)
    return {
        "kind": "picture",
        "language": block.language,
        "file": file.name,
        "alt": block.alt,
        "caption": _runs(block.caption) if block.caption else [],
    }
