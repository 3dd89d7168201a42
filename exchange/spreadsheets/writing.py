"""Tables written as CSV or XLSX, a row at a time, safe to open in a spreadsheet program."""

import csv
import io
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

# What a spreadsheet program takes for the begin of a formula, also in its full-width form.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\0", "＝", "＋", "－", "＠")
CHUNK = 64 * 1024

Cell = str | int | float | Decimal | bool | date | datetime | None


def guarded(value: Any) -> Cell:
    """``value`` as a cell that stays what it is: numbers and days as they are, text that could be
    read as a formula behind an apostrophe (OWASP: CSV injection)."""
    if value is None or isinstance(value, int | float | Decimal | date):
        return value
    text = str(value)
    return f"'{text}" if text.lstrip(" ").startswith(FORMULA) else text


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """A CSV file (UTF-8 with the mark that makes Excel read accents), piece by piece."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    yield "\ufeff".encode()
    writer.writerow([guarded(cell) for cell in header])
    for row in rows:
        writer.writerow([_plain(guarded(cell)) for cell in row])
        if buffer.tell() > CHUNK:
            yield _drain(buffer)
    yield _drain(buffer)


def xlsx_pieces(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """An XLSX file, piece by piece; rows are written to disk as they come."""
    with tempfile.TemporaryFile() as file:
        options = {
            "constant_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "remove_timezone": True,
            "default_date_format": "yyyy-mm-dd",
        }
        with xlsxwriter.Workbook(file, options) as book:
            sheet = book.add_worksheet()
            sheet.freeze_panes(1, 0)
            sheet.write_row(0, 0, header, book.add_format({"bold": True}))
            for number, row in enumerate(rows, 1):
                for column, cell in enumerate(row):
                    _write(sheet, (number, column), guarded(cell))
        file.seek(0)
        while piece := file.read(CHUNK):
            yield piece


def _write(sheet: Any, at: tuple[int, int], cell: Cell) -> None:
    # Text is always written as text: no guess of the library can make it anything else.
    if isinstance(cell, str):
        sheet.write_string(*at, cell)
    elif cell is not None:
        sheet.write(*at, cell)


def _plain(cell: Cell) -> Cell:
    return cell.isoformat() if isinstance(cell, date) else cell


def _drain(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
