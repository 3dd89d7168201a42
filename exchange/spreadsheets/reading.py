"""Tables read from CSV or XLSX, whatever program wrote them."""

import csv
import io
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from exchange.errors import Invalid
from exchange.spreadsheets.writing import FORMULA

# Ten thousand rows, and room for a heading and a careless tail of empty lines.
MOST_ROWS = 20_000
# A sheet that says it is a million rows long and has two is not walked through to its end.
MOST_LINES, MOST_COLUMNS = 5 * MOST_ROWS, 256
# What a file that is no workbook, or one made to do harm, ends in (entities are a ValueError).
BROKEN = (
    BadZipFile,
    AttributeError,
    EOFError,
    IndexError,
    KeyError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    zlib.error,
)
ENCODINGS = ("utf-8-sig", "utf-16", "cp1252")


@dataclass(frozen=True)
class Line:
    """One row of the sheet: its number as the spreadsheet program shows it, and its cells."""

    number: int
    cells: tuple[str, ...]


def read_table(path: Path) -> Iterator[Line]:
    """The rows of a file that are not empty, the heading first; every cell as trimmed text.

    :raises Invalid: the file is neither CSV nor XLSX, or has too many rows.
    """
    rows = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    count = 0
    for number, row in enumerate(rows, 1):
        if number > MOST_LINES:
            raise Invalid("file", "too_many_rows", most=MOST_ROWS)
        if all(cell is None for cell in row):
            continue
        cells = tuple(_text(cell) for cell in row)
        if not any(cells):
            continue
        count += 1
        if count > MOST_ROWS:
            raise Invalid("file", "too_many_rows", most=MOST_ROWS)
        yield Line(number, cells)


def _csv(path: Path) -> Iterator[list[str]]:
    text = _decoded(path.read_bytes())
    if "\0" in text:
        raise Invalid("file", "not_a_table")
    try:
        dialect: Any = csv.Sniffer().sniff(text[:4096].split("\n", 1)[0], delimiters=",;\t")
    except csv.Error:
        dialect = csv.excel
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=dialect.delimiter)
    try:
        yield from reader
    except csv.Error as problem:
        raise Invalid("file", "not_a_table") from problem


def _decoded(data: bytes) -> str:
    """Text of unknown origin: UTF-8, UTF-16 when it says so, else what Windows writes."""
    candidates = ENCODINGS if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig", "cp1252")
    for encoding in candidates:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Invalid("file", "not_a_table")


def _xlsx(path: Path) -> Iterator[tuple[Any, ...]]:
    from openpyxl import load_workbook  # half a second to import: only who uploads one pays

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except BROKEN as problem:
        raise Invalid("file", "not_a_table") from problem
    try:
        sheet = book.active or book.worksheets[0]
        yield from sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS)
    except BROKEN as problem:
        raise Invalid("file", "not_a_table") from problem
    finally:
        book.close()


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    text = str(cell).strip()
    # What we wrote behind an apostrophe comes back as it was.
    return text[1:] if text.startswith("'") and text[1:].lstrip(" ").startswith(FORMULA) else text
