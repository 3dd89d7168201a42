"""One log, two formats, no secrets."""

import json
import logging
from pathlib import Path

import pytest
import structlog

from exchange import logs
from exchange.config import load


@pytest.fixture(autouse=True)
def restored():
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers, _ = handlers, root.setLevel(level)
    structlog.reset_defaults()


def configure(tmp_path: Path, log_format: str) -> None:
    logs.configure(load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_LOG_FORMAT": log_format}))


def test_json_lines_hold_what_was_bound_and_no_secret(tmp_path: Path, capsys) -> None:
    configure(tmp_path, "json")
    with structlog.contextvars.bound_contextvars(request_id="r1"):
        structlog.get_logger("exchange.x").info(
            "signed in", person=7, api_token="abc", city="Évora"
        )
    line = json.loads(capsys.readouterr().out)
    assert (line["event"], line["person"], line["request_id"]) == ("signed in", 7, "r1")
    assert (line["api_token"], line["city"], line["level"]) == ("(hidden)", "Évora", "info")
    assert line["timestamp"].endswith("Z")


def test_libraries_log_in_the_same_format(tmp_path: Path, capsys) -> None:
    configure(tmp_path, "json")
    try:
        raise ValueError("why")
    except ValueError:
        logging.getLogger("library").exception("broke at %s", "noon")
    line = json.loads(capsys.readouterr().out)
    assert line["event"] == "broke at noon"
    assert "ValueError: why" in line["exception"]


def test_text_is_one_readable_line(tmp_path: Path, capsys) -> None:
    configure(tmp_path, "text")
    logging.getLogger("library").info("hello %s", "there")
    out = capsys.readouterr().out
    assert "hello there" in out
    assert out.count("\n") == 1
    assert "\x1b" not in out


@pytest.mark.parametrize("log_format", ["text", "json"])
def test_a_fault_is_written_without_what_people_typed(
    tmp_path: Path, capsys, log_format: str
) -> None:
    def fails(typed: str) -> None:
        raise ValueError(len(typed))

    configure(tmp_path, log_format)
    try:
        fails("TIGRE-VERDE-LLUVIA".lower())
    except ValueError as problem:
        structlog.get_logger().error("request failed", exc_info=problem)
    out = capsys.readouterr().out
    assert "ValueError: 18" in out
    assert "in fails" in out
    assert "tigre-verde-lluvia" not in out
