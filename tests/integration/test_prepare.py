"""The preparation of `exchange up`: what a new database gets, and what no later start does."""

import sys
import types
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select

import exchange.demo
from exchange import prepare, prepared
from exchange.app import create_app
from exchange.config import Settings, load
from exchange.directory.models import Organisation, OrganisationKind
from exchange.extensions import db
from exchange.vocabularies.models import Term


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({"EXCHANGE_VAR": str(tmp_path)})


@pytest.fixture
def made(settings: Settings) -> Iterator[Flask]:
    app = create_app(settings)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture(autouse=True)
def small_demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    """One organisation stands for the demonstration, whose loading has tests of its own."""

    def load_one() -> None:
        db.session.add(Organisation(name="Nampula", kind=OrganisationKind.local_government))

    actions = types.ModuleType("exchange.demo.actions")
    actions.load = load_one  # type: ignore[attr-defined]
    actions.sign_ins = lambda: [("Officer", "o@x.example", "pw")]  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "exchange.demo.actions", actions)
    monkeypatch.setattr(exchange.demo, "actions", actions, raising=False)


def organisations(app: Flask) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Organisation)) or 0


def test_a_new_database_gets_reference_data_the_demonstration_and_its_sign_ins(
    made: Flask, settings: Settings
) -> None:
    prepare.prepare(made, settings)
    assert organisations(made) == 1
    with made.app_context():
        assert db.session.scalar(select(func.count()).select_from(Term)) > 100
    assert prepared.is_current(settings)
    assert prepared.welcome(settings).split() == [
        "Sign",
        "in",
        "as:",
        "Officer",
        "o@x.example",
        "pw",
    ]


def test_the_demonstration_comes_only_once(made: Flask, settings: Settings) -> None:
    prepare.prepare(made, settings)
    with made.app_context():
        db.session.query(Organisation).delete()
        db.session.commit()
    prepared.forget(settings)
    prepare.prepare(made, settings)
    assert organisations(made) == 0


def test_a_start_that_broke_off_is_made_good(made: Flask, settings: Settings, monkeypatch) -> None:
    real = prepare.load_demonstration
    monkeypatch.setattr(prepare, "load_demonstration", lambda: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        prepare.prepare(made, settings)
    monkeypatch.setattr(prepare, "load_demonstration", real)
    prepare.prepare(made, settings)
    assert organisations(made) == 1


def test_without_the_demonstration_there_are_no_sign_ins(made: Flask, tmp_path: Path) -> None:
    plain = load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_DEMO": "0"})
    prepare.prepare(made, plain)
    assert organisations(made) == 0
    assert prepared.welcome(plain) == ""


def test_a_wrong_setting_is_one_line(capsys, monkeypatch) -> None:
    monkeypatch.setenv("EXCHANGE_PORT", "x")
    assert prepare.main() == 2
    assert capsys.readouterr().err.startswith("exchange: EXCHANGE_PORT='x'")
