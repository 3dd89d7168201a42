"""The commands of operations, called as a person would, on a database of their own."""

import sqlite3
import subprocess
import sys
import types
from contextlib import closing
from pathlib import Path

import pytest

import exchange.demo
from exchange import cli, prepared
from exchange.config import CHECKOUT, load

HEAD = (CHECKOUT / "migrations" / "HEAD").read_text(encoding="utf-8").strip()


@pytest.fixture(autouse=True)
def var(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("EXCHANGE_VAR", str(tmp_path))
    return tmp_path


def run(*arguments: str) -> int:
    with pytest.raises(SystemExit) as end:
        cli.main(list(arguments))
    return int(end.value.code or 0)


def test_a_database_goes_up_is_checked_and_comes_down(var: Path, capsys) -> None:
    assert run("db", "upgrade") == 0
    assert prepared.revision(var / "exchange.db") == HEAD
    capsys.readouterr()
    assert run("db", "current") == 0
    assert HEAD in capsys.readouterr().out
    assert run("db", "check") == 0
    assert run("check") == 1, "nobody is at work in this installation"
    said = capsys.readouterr().out
    assert f"ok     database: at migration {HEAD}\n" in said
    assert "WRONG  worker: no process is alive" in said
    assert run("db", "downgrade", "base") == 0
    with closing(sqlite3.connect(var / "exchange.db")) as database:
        tables = {name for (name,) in database.execute("SELECT name FROM sqlite_master")}
    assert "exchange" not in tables


def test_a_server_has_themes_and_cities_from_its_first_upgrade(var: Path, capsys) -> None:
    """Who deploys by the document runs no `exchange up`, which writes them on one machine."""
    assert run("db", "upgrade", HEAD) == 0
    assert run("check") == 1
    assert "entries are missing: run exchange db upgrade" in capsys.readouterr().out
    assert run("db", "upgrade") == 0
    run("check")
    assert "ok     vocabularies: whole\n" in capsys.readouterr().out
    with closing(sqlite3.connect(var / "exchange.db")) as database:
        rows = database.execute("SELECT vocabulary, count(*) FROM term GROUP BY 1").fetchall()
        cities = database.execute("SELECT count(*) FROM place").fetchone()[0]
    assert dict(rows)["sdg_goal"] == 17
    assert dict(rows)["theme"] > 20
    assert cities > 1000
    assert run("db", "upgrade") == 0
    assert "\n0 entries of the vocabularies" in "\n" + capsys.readouterr().out


def test_the_first_upgrade_makes_its_folder_or_says_what_to_do(var: Path, monkeypatch, capsys):
    """A key that is given makes no folder, where one that is kept did."""
    monkeypatch.setenv("EXCHANGE_SECRET_KEY", "long enough that nobody guesses it")
    monkeypatch.setenv("EXCHANGE_VAR", str(var / "new"))
    assert run("db", "upgrade", HEAD) == 0
    assert prepared.revision(var / "new" / "exchange.db") == HEAD
    (var / "file").touch()
    monkeypatch.setenv("EXCHANGE_VAR", str(var / "file" / "new"))
    assert run("db", "upgrade", HEAD) == 2
    assert "set EXCHANGE_VAR to one that can be written to" in capsys.readouterr().err


def test_check_says_what_is_wrong_and_ends_with_1(capsys) -> None:
    assert run("check") == 1
    assert "WRONG  database: at migration none: run exchange db upgrade" in capsys.readouterr().out


def test_the_demonstration_is_loaded_and_removed_by_a_command(capsys, monkeypatch) -> None:
    """Whether it loads well is tested elsewhere; here, that the commands call it and say so."""
    called = []
    actions = types.ModuleType("exchange.demo.actions")
    actions.load = lambda: called.append("load")  # type: ignore[attr-defined]
    stays = ["organisation 7 “Nampula” (need)"]
    actions.clear = lambda: called.append("clear") or stays  # type: ignore[attr-defined]
    actions.sign_ins = lambda: [("Officer", "o@x.example", "pw")]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "exchange.demo.actions", actions)
    monkeypatch.setattr(exchange.demo, "actions", actions, raising=False)
    monkeypatch.delitem(sys.modules, "exchange.commands.demo", raising=False)
    assert run("demo", "load") == 0
    assert "o@x.example  pw" in capsys.readouterr().out
    assert run("demo", "clear") == 0
    assert "Nampula" in capsys.readouterr().out
    stays.clear()
    assert run("demo", "clear") == 0
    assert "The demonstration is gone." in capsys.readouterr().out
    assert called == ["load", "clear", "clear"]
    assert not prepared.is_current(load())


IN_TURN = """
import os
from exchange.cli import COMMANDS
for name, (where, _text) in COMMANDS.items():
    if not os.fork():  # nothing is there yet that another command has imported
        __import__(where.partition(":")[0])
        os._exit(0)
    if os.wait()[1]:
        raise SystemExit(name)
"""


def test_each_command_comes_by_itself() -> None:
    """The tests import the whole program; a command begins with nothing but itself."""
    command = [sys.executable, "-c", IN_TURN]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
