"""`exchange match rank`: the engine on files, as a command and as a process."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import click.testing
import pytest

from exchange.commands.match import match

PROGRAM = ["-c", "from exchange.cli import main; main()", "match"]
NEEDS = [
    {"id": "n1", "text": "Réduire les fuites du réseau d’eau potable", "language": "fr"},
    {"id": "n2", "text": "How to insulate social housing", "organisation": "lyon"},
    {"id": "n3", "text": "Carriles bici para ir a la escuela", "languages": ["es"]},
]
OFFERS = [
    {"id": "o1", "title": "Menos pérdidas de agua", "text": "Detectamos fugas en la red de agua."},
    {"id": "o2", "text": "Insulating public housing estates together with their tenants"},
    {"id": "o3", "text": "Safe bicycle lanes around schools", "languages": ["en"]},
    {"id": "o4", "text": "A choir of retired people", "organisation": "lyon"},
]


def _write(file: Path, lines: list[dict[str, Any]]) -> str:
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    return str(file)


def _options(folder: Path, *more: str, output: str = "r.jsonl") -> list[str]:
    needs, offers = _write(folder / "n.jsonl", NEEDS), _write(folder / "o.jsonl", OFFERS)
    target = output if output == "-" else str(folder / output)
    return ["rank", "--needs", needs, "--offers", offers, "--output", target, *more]


def _run(folder: Path, *more: str, output: str = "r.jsonl") -> click.testing.Result:
    return click.testing.CliRunner().invoke(match, _options(folder, *more, output=output))


def _lines(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "r.jsonl").read_text("utf-8").splitlines()]


def test_each_need_gets_a_list_across_languages_whose_terms_sum_to_the_score(tmp_path):
    done = _run(tmp_path)
    assert done.exit_code == 0, done.output
    lines = _lines(tmp_path)
    first = {line["need"]: line["offer"] for line in lines if line["rank"] == 1}
    assert first["n1"] == "o1", "a need in French meets an offer in Spanish"
    assert first["n2"] == "o2"
    for line in lines:
        assert line["score"] == sum(line["terms"].values())
        assert set(line) <= {"need", "offer", "rank", "score", "terms", "below_floor"}
    for need in ("n1", "n2"):
        ranked = [line for line in lines if line["need"] == need]
        assert [line["rank"] for line in ranked] == list(range(1, len(ranked) + 1))
        scores = [line["score"] for line in ranked]
        assert scores == sorted(scores, reverse=True)


def test_what_breaks_a_rule_is_not_listed_and_explain_says_what_removed_it(tmp_path):
    done = _run(tmp_path, "--explain")
    assert "o3" not in [line["offer"] for line in _lines(tmp_path) if line["need"] == "n3"]
    assert "n3: removed: 1 a_common_language" in done.output
    assert "1 of 3 needs have no match" in done.output


def test_explain_adds_the_words_that_matched(tmp_path):
    _run(tmp_path, "--explain")
    best = next(line for line in _lines(tmp_path) if line["need"] == "n1")
    words = best["evidence"]["same_words"]["words"]
    assert any("fuites" in pair and "fugas" in pair for pair in words)
    assert best["constraints"] == []


def test_top_cuts_the_list(tmp_path):
    _run(tmp_path, "--top", "1")
    assert [line["rank"] for line in _lines(tmp_path)] == [1] * len(_lines(tmp_path))


def test_pairs_below_the_floor_are_listed_as_such(tmp_path):
    (tmp_path / "c.json").write_text('{"floor": 9000}')
    done = _run(tmp_path, "--configuration", str(tmp_path / "c.json"))
    assert all(line["below_floor"] for line in _lines(tmp_path))
    assert "3 of 3 needs have no match; --explain says why" in done.output


def test_weights_of_a_file_count(tmp_path):
    (tmp_path / "c.json").write_text('{"weights": {"rating": 0}}')
    _run(tmp_path, "--configuration", str(tmp_path / "c.json"))
    assert {line["terms"]["rating"] for line in _lines(tmp_path)} == {0}


def test_assign_gives_each_place_once(tmp_path):
    done = _run(tmp_path, "--mode", "assign")
    lines = _lines(tmp_path)
    assert {(line["need"], line["offer"]) for line in lines} == {("n1", "o1"), ("n2", "o2")}
    assert "below_floor" not in "".join(map(str, lines))
    assert "1 of 3 needs have no match" in done.output


def test_the_order_of_lines_changes_nothing(tmp_path):
    _run(tmp_path)
    before = {(line["need"], line["offer"]): line for line in _lines(tmp_path)}
    options = _options(tmp_path)
    _write(tmp_path / "n.jsonl", NEEDS[::-1])
    _write(tmp_path / "o.jsonl", OFFERS[::-1])
    click.testing.CliRunner().invoke(match, options)
    assert {(line["need"], line["offer"]): line for line in _lines(tmp_path)} == before
    listed = [line["need"] for line in _lines(tmp_path) if line["rank"] == 1]
    assert listed == [need["id"] for need in NEEDS[::-1] if need["id"] in listed]


def test_a_dash_prints_the_lines(tmp_path):
    done = click.testing.CliRunner().invoke(match, _options(tmp_path, output="-"))
    assert json.loads(done.stdout.splitlines()[0])["need"] == "n1"
    assert sorted(path.name for path in tmp_path.iterdir()) == ["n.jsonl", "o.jsonl"]


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ("{", "c.json: this is no JSON"),
        ("[]", "write one object"),
        ('{"flor": 1}', "flor is no setting; there are weights, floor"),
        ('{"floor": "high"}', "floor is 'high'; write a whole number from 0"),
        ('{"weights": {"themes": 1}}', "themes is no setting; there are same_themes"),
        ('{"weights": [1]}', "weights: write an object"),
    ],
)
def test_settings_that_cannot_be_are_one_line_and_nothing_is_written(tmp_path, settings, words):
    (tmp_path / "c.json").write_text(settings)
    done = _run(tmp_path, "--configuration", str(tmp_path / "c.json"))
    assert done.exit_code == 1
    assert words in done.output
    assert not (tmp_path / "r.jsonl").exists()


def test_an_encoder_that_is_none_is_refused(tmp_path):
    done = _run(tmp_path, "--encoder", "torch")
    assert done.exit_code == 1
    assert "torch is no encoder; write builtin, http:URL or folder:PATH" in done.output


def test_a_service_that_is_not_there_is_replaced_and_said(tmp_path):
    done = _run(tmp_path, "--encoder", "http://127.0.0.1:9/encode")
    assert done.exit_code == 0
    assert "the built-in encoder compared the texts" in done.output
    assert ("n1", "o1", 1) in [(one["need"], one["offer"], one["rank"]) for one in _lines(tmp_path)]


def test_an_output_that_cannot_be_written_is_said_before_the_work(tmp_path):
    done = _run(tmp_path, output="nowhere/r.jsonl")
    assert done.exit_code == 1
    assert "choose another --output" in done.output


def test_as_a_process_it_ranks_and_evaluates_and_loads_no_application(tmp_path):
    ranking = [sys.executable, "-X", "importtime", *PROGRAM, *_options(tmp_path)]
    done = subprocess.run(ranking, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    loaded = {line.rpartition("|")[2].strip() for line in done.stderr.splitlines()}
    assert not loaded & {"flask", "sqlalchemy", "celery", "exchange.app"}
    (tmp_path / "t.csv").write_text("need,offer\nn1,o1\nn2,o2\n")
    files = ["--truth", str(tmp_path / "t.csv"), "--ranks", str(tmp_path / "r.jsonl")]
    judging = [sys.executable, *PROGRAM, "evaluate", *files]
    judged = subprocess.run(judging, capture_output=True, text=True, check=True)
    assert "R@1         1.000" in judged.stdout


def test_a_wrong_file_is_one_line_and_exit_code_two(tmp_path):
    options = _options(tmp_path)
    (tmp_path / "n.jsonl").write_text('{"id": 1}\n')
    command = [sys.executable, *PROGRAM, *options]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == (
        "exchange: n.jsonl, line 1: the field text is missing; every line needs it\n"
    )
