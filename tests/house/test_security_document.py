"""The list of attacks is true: every chapter of the standard, files and tests that exist."""

import ast
import re

import pytest

from tests.house.source import ROOT

TEXT = (ROOT / "docs" / "security.md").read_text(encoding="utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT.splitlines()
    if re.match(r"\| V\d+ ", line)
]
CHAPTERS = 17


def test_every_chapter_has_a_row_in_its_order():
    numbers = [int(re.match(r"V(\d+)", row[0])[1]) for row in ROWS]
    assert numbers == sorted(numbers)
    assert set(numbers) == set(range(1, CHAPTERS + 1))


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]}: {row[1][:40]}")
def test_a_row_names_what_is_there(row):
    _chapter, attack, done, where, tests = row
    if done.startswith("not applicable"):
        return
    assert attack
    places = re.findall(r"`([\w/.]+)`", where)
    assert places, attack
    for place in places:
        assert (ROOT / place).exists(), place
    named = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", tests)
    assert named, attack
    for path, function in named:
        found = ast.parse((ROOT / path).read_text(encoding="utf-8")).body
        assert function in {n.name for n in found if isinstance(n, ast.FunctionDef)}, function
