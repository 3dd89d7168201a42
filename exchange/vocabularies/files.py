"""Reading the CSV files of an import: a problem is told by file, row and column.

Rows are counted as a spreadsheet shows them: the header is row 1.
"""

import csv
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from exchange.errors import Invalid
from exchange.schemas import CONTROL


@dataclass(frozen=True)
class Line:
    """One row of a file; its cells are trimmed and in NFC."""

    file: str
    number: int
    cells: dict[str, str]

    def wrong(self, column: str, code: str) -> Invalid:
        """The problem ``code`` at ``column`` of this row, to be raised."""
        value = self.cells.get(column, "")[:60]
        return Invalid(column, code, file=self.file, row=self.number, column=column, value=value)

    def text(self, column: str, longest: int = 200) -> str:
        """:raises Invalid: ``cell_empty``, ``cell_long``."""
        value = self.cells[column]
        if not value:
            raise self.wrong(column, "cell_empty")
        if len(value) > longest:
            raise self.wrong(column, "cell_long")
        return value

    def one_of(self, column: str, known: Collection[str]) -> str:
        """:raises Invalid: ``cell_unknown``."""
        value = self.cells[column]
        if value not in known:
            raise self.wrong(column, "cell_unknown")
        return value

    def whole(self, column: str, least: int = 0, most: int = 2_000_000_000) -> int:
        """:raises Invalid: ``cell_number``: no whole number, or outside the bounds."""
        value = self.text(column)
        if not (value.isascii() and value.isdigit() and least <= int(value[:12]) <= most):
            raise self.wrong(column, "cell_number")
        return int(value)

    def degrees(self, column: str, bound: float) -> float:
        """:raises Invalid: ``cell_number``: no number between ``-bound`` and ``bound``."""
        try:
            value = float(self.text(column))
        except ValueError:
            raise self.wrong(column, "cell_number") from None
        if not -bound <= value <= bound:  # "nan" is between nothing
            raise self.wrong(column, "cell_number")
        return value

    def words(self, prefix: str) -> dict[str, str]:
        """The cells ``<prefix>_<language>`` that are filled, by language."""
        found = {name: value for name, value in self.cells.items() if value}
        return {
            name.removeprefix(f"{prefix}_"): value
            for name, value in found.items()
            if name.startswith(f"{prefix}_")
        }


@dataclass(frozen=True)
class Sheet:
    """A file that was read."""

    name: str
    columns: tuple[str, ...]
    lines: list[Line]

    def require(self, *columns: str) -> None:
        """:raises Invalid: ``file_columns``, naming those that are missing."""
        missing = [name for name in columns if name not in self.columns]
        if missing:
            raise Invalid("file", "file_columns", file=self.name, columns=", ".join(missing))


def read(path: Path) -> Sheet:
    """Read a CSV file in UTF-8 with a header.

    :raises Invalid: ``file_unreadable``, ``file_encoding``, ``file_empty``, ``row_shape``, or
        ``cell_unreadable`` for control characters.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.reader(file, strict=True))
    except UnicodeDecodeError:
        raise Invalid("file", "file_encoding", file=path.name) from None
    except (OSError, csv.Error) as problem:
        raise Invalid("file", "file_unreadable", file=path.name, why=str(problem)) from None
    if len(rows) < 2:
        raise Invalid("file", "file_empty", file=path.name)
    columns = tuple(name.strip() for name in rows[0])
    lines = [_line(path.name, n, columns, row) for n, row in enumerate(rows[1:], 2) if any(row)]
    return Sheet(path.name, columns, lines)


def _line(file: str, number: int, columns: tuple[str, ...], row: list[str]) -> Line:
    if len(row) != len(columns):
        facts = {"cells": len(row), "columns": len(columns)}
        raise Invalid("file", "row_shape", file=file, row=number, **facts)
    cells = [unicodedata.normalize("NFC", cell).strip() for cell in row]
    line = Line(file, number, dict(zip(columns, cells, strict=True)))
    for column, cell in line.cells.items():
        if CONTROL.search(cell):
            raise line.wrong(column, "cell_unreadable")
    return line
