"""The note that makes a second start quick, and what makes it stale."""

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from exchange import prepared
from exchange.config import Settings, load


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({"EXCHANGE_VAR": str(tmp_path)})


def migrate(settings: Settings, revision: str) -> None:
    file = settings.sqlite_file
    assert file
    with closing(sqlite3.connect(file)) as database, database:
        database.execute("CREATE TABLE IF NOT EXISTS alembic_version (version_num TEXT)")
        database.execute("DELETE FROM alembic_version")
        database.execute("INSERT INTO alembic_version VALUES (?)", (revision,))


def test_nothing_is_current_before_the_first_start(settings: Settings) -> None:
    assert not prepared.is_current(settings)
    assert prepared.welcome(settings) == ""


def test_what_was_prepared_is_current_and_says_welcome(settings: Settings) -> None:
    migrate(settings, "0001")
    prepared.remember(settings, "Sign in as:\n  Agente São João")
    assert prepared.is_current(settings)
    assert prepared.welcome(settings) == "Sign in as:\n  Agente São João"
    assert stat.S_IMODE(prepared.note_file(settings).stat().st_mode) == 0o600


def test_another_migration_makes_it_stale(settings: Settings) -> None:
    migrate(settings, "0001")
    prepared.remember(settings, "")
    migrate(settings, "0002")
    assert not prepared.is_current(settings)


def test_a_database_taken_away_makes_it_stale(settings: Settings) -> None:
    migrate(settings, "0001")
    prepared.remember(settings, "")
    assert settings.sqlite_file
    settings.sqlite_file.unlink()
    assert not prepared.is_current(settings)


def test_a_new_source_file_makes_it_stale(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    migrate(settings, "0001")
    monkeypatch.setattr(prepared, "CHECKOUT", tmp_path)
    prepared.remember(settings, "")
    assert prepared.is_current(settings)
    (tmp_path / "migrations" / "versions").mkdir(parents=True)
    (tmp_path / "migrations" / "versions" / "0002_more.py").touch()
    assert not prepared.is_current(settings)


def test_forgetting_looks_again_and_knows_that_there_was_a_start(settings: Settings) -> None:
    assert not prepared.was_ever(settings)
    migrate(settings, "0001")
    prepared.remember(settings, "x")
    prepared.forget(settings)
    assert not prepared.is_current(settings)
    assert prepared.welcome(settings) == ""
    assert prepared.was_ever(settings)


@pytest.mark.parametrize("broken", ["", "[1]", "{", "null"])
def test_a_broken_note_is_no_note(settings: Settings, broken: str) -> None:
    prepared.note_file(settings).write_text(broken, encoding="utf-8")
    assert prepared.read(settings) == {}


def test_a_file_that_is_no_database_has_no_revision(settings: Settings) -> None:
    assert settings.sqlite_file
    settings.sqlite_file.write_text("not a database", encoding="utf-8")
    assert prepared.revision(settings.sqlite_file) == ""


def test_a_server_is_asked_each_time(tmp_path: Path) -> None:
    settings = load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_DATABASE_URL": "postgresql://h/n"})
    prepared.remember(settings, "x")
    assert not prepared.is_current(settings)
