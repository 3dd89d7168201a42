"""The table of the forum's programme is true: its endpoints exist, and so do the tests it names."""

import ast
import re

import pytest

from tests.house.source import ROOT

DOCUMENT = ROOT / "docs" / "forum-programme.md"
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in DOCUMENT.read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| line of the programme")
]


def test_there_are_rows_and_each_line_stands_once():
    lines = [row[0] for row in ROWS]
    assert lines
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0][:40])
def test_a_row_names_pages_that_exist_and_a_test_that_walks_them(app, row):
    line, page, endpoints, tests = row
    assert page, line
    named = re.findall(r"`([\w.]+)`", endpoints)
    assert named, f"{line}: which endpoint?"
    assert set(named) <= set(app.view_functions), line
    walked = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", tests)
    assert walked, f"{line}: which test?"
    for path, function in walked:
        found = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
        assert function in {n.name for n in found if isinstance(n, ast.FunctionDef)}, path
