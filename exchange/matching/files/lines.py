"""Files of lines of JSON and of CSV: a problem is told by file, line, field and the way out."""

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any


class FileProblem(Exception):
    """What is wrong in a file that somebody gave, as one sentence."""

    def __init__(self, file: Path, line: int | None, said: str) -> None:
        where = f"{file.name}, line {line}" if line else file.name
        super().__init__(f"{where}: {said}")


def json_lines(file: Path) -> Iterator[tuple[int, dict[str, Any]]]:
    """The objects of a .jsonl file with the number of their line; blank lines are passed over.

    :raises FileProblem: a file that cannot be read, is not in UTF-8, or a line that is no object.
    """
    for number, text in _lines(file):
        if not text.strip():
            continue
        try:
            value = json.loads(text)
        except (json.JSONDecodeError, RecursionError) as problem:
            said = problem.msg if isinstance(problem, json.JSONDecodeError) else "too deep"
            raise FileProblem(
                file, number, f"this is no JSON ({said}); write one object a line, as {{…}}"
            ) from None
        if not isinstance(value, dict):
            raise FileProblem(file, number, "write one object a line, as {…}, not a list or value")
        yield number, value


def csv_lines(file: Path) -> Iterator[tuple[int, dict[str, str]]]:
    """The rows of a CSV file by their headings in lower case; cells parted by , ; or tab.

    :raises FileProblem: a file that cannot be read or has no rows, or a row of another length.
    """
    lines = [text for _, text in _lines(file)]
    if not lines:
        raise FileProblem(file, None, "the file is empty; write a line of headings and then rows")
    delimiter = max(",;\t", key=lines[0].count)
    reader = _rows(file, csv.reader(lines, delimiter=delimiter))
    headings: Sequence[str] = ()
    for number, row in reader:
        cells = [cell.strip() for cell in row]
        if not any(cells):
            continue
        if not headings:
            headings = [cell.lower() for cell in cells]
            continue
        if len(cells) != len(headings):
            said = f"{len(cells)} cells under {len(headings)} headings; quote cells with commas"
            raise FileProblem(file, number, said)
        yield number, dict(zip(headings, cells, strict=True))


def _rows(file: Path, reader: Any) -> Iterator[tuple[int, list[str]]]:
    """The rows with the number of the line each ends at."""
    try:
        for row in reader:
            yield reader.line_num, row
    except csv.Error as problem:
        said = f"this is no CSV ({problem}); save it as CSV from a spreadsheet"
        raise FileProblem(file, reader.line_num, said) from None


def column(file: Path, row: Mapping[str, str], *names: str) -> str:
    """The first of ``names`` that is a heading.

    :raises FileProblem: when none is.
    """
    for name in names:
        if name in row:
            return name
    said = f"there is no column {' or '.join(names)}; the headings are {', '.join(row)}"
    raise FileProblem(file, 1, said)


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    try:
        with file.open(encoding="utf-8-sig", newline="") as opened:
            yield from enumerate(opened, 1)
    except UnicodeDecodeError:
        raise FileProblem(file, None, "the file is not in UTF-8; save it as UTF-8") from None
    except OSError as problem:
        said = f"the file cannot be read: {problem.strerror or problem}"
        raise FileProblem(file, None, said) from None
