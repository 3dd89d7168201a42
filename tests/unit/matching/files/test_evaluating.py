"""Measuring lists against what is known to be right."""

import json
from pathlib import Path

import click.testing
import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.commands.match import match
from exchange.matching.files.evaluating import bootstrap, measure, wilson
from exchange.matching.files.lines import FileProblem
from exchange.matching.files.ranks import read_ranks, read_truth


def _truth(**right: str) -> dict[str, frozenset[str]]:
    return {need: frozenset(offers.split()) for need, offers in right.items()}


def test_the_best_placed_right_offer_counts():
    lists = {"a": ["x", "y"], "b": ["y", "x", "z"], "c": ["q"] * 10 + ["x"]}
    found = measure(_truth(a="x y", b="z q", c="x", d="x"), lists)
    assert {depth: one.value for depth, one in found.recall.items()} == {1: 0.25, 3: 0.5, 10: 0.5}
    assert found.mrr.value == pytest.approx((1 + 1 / 3 + 1 / 11 + 0) / 4)
    assert (found.needs, found.unranked, found.missing) == (4, 1, 1)


def test_the_interval_of_wilson_is_the_published_one():
    """Newcombe (1998), table I: 81 of 263 is 0.2553 to 0.3662, 0 of 20 is 0 to 0.1611."""
    one, none = wilson(81, 263), wilson(0, 20)
    assert (round(one.low, 4), round(one.high, 4)) == (0.2553, 0.3662)
    assert (round(none.low, 4), round(none.high, 4)) == (0.0, 0.1611)


@given(st.lists(st.sampled_from([0.0, 0.1, 0.5, 1.0]), min_size=1, max_size=40))
def test_the_bootstrap_is_the_same_each_time_and_holds_the_mean(values):
    one = bootstrap(values)
    assert one == bootstrap(values)
    assert one.low - 1e-9 <= one.value <= one.high + 1e-9


def test_nothing_to_measure_by_is_refused():
    with pytest.raises(ValueError, match="no need"):
        measure({}, {})


@pytest.mark.parametrize(
    "text",
    [
        "need,offer\na,x\na,y\nb,z\n",
        "\ufeffNeed_ID;Offer_ID\r\na;x\r\n\r\na;y\r\nb;z",
        "offer\tneed\tnote\nx\ta\t\ny\ta\t\nz\tb\tgood\n",
    ],
)
def test_truth_is_read_whatever_separates_its_cells(tmp_path, text):
    file = tmp_path / "truth.csv"
    file.write_text(text, "utf-8")
    assert read_truth(file) == _truth(a="x y", b="z")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "empty"),
        ("need,offer\n", "no row under the headings"),
        ("who,offer\na,x\n", "no column need or need_id; the headings are who, offer"),
        ("need,offer\na,x\nb,\n", "line 3: the cell offer is empty"),
        ("need,offer\na," + "x" * 200_000, "line 2: this is no CSV"),
        ("need,offer\na,x,y\n", "line 2: 3 cells under 2 headings"),
    ],
)
def test_truth_that_cannot_be_read_is_told_by_line(tmp_path, text, words):
    file = tmp_path / "truth.csv"
    file.write_text(text, "utf-8")
    with pytest.raises(FileProblem, match=words):
        read_truth(file)


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"need": "a", "offer": "x"}', "line 1: the field rank is missing"),
        ('{"need": "a", "offer": "x", "rank": 0}', "whole number from 1"),
        ('{"need": "a", "offer": "x", "rank": true}', "whole number from 1"),
        ('{"need": "a", "rank": 1}', "the field offer is missing"),
        ('{"need": "a", "offer": "x", "rank": 1}\n' * 2, "need a has rank 1 twice"),
        ("[1]", "one object a line"),
        ("{need: a}", "this is no JSON"),
    ],
)
def test_ranks_that_cannot_be_read_are_told_by_line_and_field(tmp_path, line, words):
    file = tmp_path / "ranks.jsonl"
    file.write_text(line, "utf-8")
    with pytest.raises(FileProblem, match=words):
        read_ranks(file)


def test_the_command_prints_shares_with_their_intervals(tmp_path):
    pairs = [(f"n{i}", f"o{i}") for i in range(40)]
    (tmp_path / "truth.csv").write_text("need,offer\n" + "\n".join(",".join(p) for p in pairs))
    lines = [{"need": n, "offer": o, "rank": 1 + i % 2} for i, (n, o) in enumerate(pairs)]
    lines.reverse()
    (tmp_path / "ranks.jsonl").write_text("\n".join(json.dumps(line) for line in lines))
    done = _evaluate(tmp_path)
    assert done.exit_code == 0
    assert "needs          40" in done.output
    assert "R@3" in done.output
    assert "1.000  [0.912, 1.000]" in done.output
    assert "unranked        0" in done.output


def test_the_command_says_in_one_line_what_is_wrong(tmp_path):
    (tmp_path / "truth.csv").write_text("need,offer\na,x\n")
    (tmp_path / "ranks.jsonl").write_bytes(b"\xff\xfe\x00")
    done = _evaluate(tmp_path)
    assert done.exit_code == 1
    assert "ranks.jsonl: the file is not in UTF-8" in done.output


def _evaluate(folder: Path) -> click.testing.Result:
    arguments = ["--truth", str(folder / "truth.csv"), "--ranks", str(folder / "ranks.jsonl")]
    return click.testing.CliRunner().invoke(match, ["evaluate", *arguments])
