"""Migrations are numbered, go up and down on both databases, and end where the models are."""

import os
import re
from collections.abc import Iterator

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from flask import Flask
from flask_migrate import downgrade, upgrade
from sqlalchemy import CheckConstraint, create_engine, insert, inspect, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from exchange.app import create_app
from exchange.config import load
from exchange.extensions import Base, db
from exchange.fulltext import is_ours
from exchange.models import WORKFLOW_MODELS
from tests.house.source import ROOT
from workflows.registry import WORKFLOWS

VERSIONS = sorted((ROOT / "migrations" / "versions").glob("*.py"))
SERVER = os.environ.get("TEST_POSTGRESQL_SERVER", "postgresql+psycopg://postgres@127.0.0.1:5432")


def _postgresql(name: str) -> str:
    """A fresh database on the server of the tests; the test is skipped without a server."""
    engine = create_engine(f"{SERVER}/postgres", isolation_level="AUTOCOMMIT", poolclass=NullPool)
    try:
        with engine.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    except OperationalError:
        if os.environ.get("CI"):
            raise
        pytest.skip("no PostgreSQL at 127.0.0.1:5432")
    return f"{SERVER}/{name}"


@pytest.fixture(
    scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)]
)
def migrated(request, tmp_path_factory) -> Iterator[Flask]:
    environ = {"EXCHANGE_VAR": str(tmp_path_factory.mktemp("migrations"))}
    if request.param == "postgresql":
        worker = os.environ.get("PYTEST_XDIST_WORKER", "")
        environ["EXCHANGE_DATABASE_URL"] = _postgresql(f"px_migrations_{worker}")
    app = create_app(load(environ))
    with app.app_context():
        upgrade()
        yield app
        db.session.remove()
        db.engine.dispose()


def test_they_are_numbered_one_after_the_other():
    assert [p.name[:4] for p in VERSIONS] == [f"{n:04d}" for n in range(1, len(VERSIONS) + 1)]


def test_there_is_one_head_and_it_is_written_down():
    revisions = {re.search(r'revision = "(\w+)"', p.read_text()).group(1) for p in VERSIONS}
    below = {
        m.group(1) for p in VERSIONS if (m := re.search(r'down_revision = "(\w+)"', p.read_text()))
    }
    assert revisions - below == {(ROOT / "migrations" / "HEAD").read_text().strip()}


def test_each_says_what_it_does_in_a_sentence():
    for path in VERSIONS:
        first = path.read_text(encoding="utf-8").split('"""')[1].strip()
        assert first.split("\n")[0].endswith("."), path.name


def test_they_end_where_the_models_are(migrated):
    with db.engine.connect() as connection:
        options = {"compare_type": True, "include_object": is_ours}
        context = MigrationContext.configure(connection, opts=options)
        assert compare_metadata(context, Base.metadata) == []


def test_the_migrated_database_has_every_check_of_the_models(migrated):
    """Autogenerate does not see a changed CHECK: this does."""
    found = inspect(db.engine)
    for table in Base.metadata.sorted_tables:
        wanted = {c.name for c in table.constraints if isinstance(c, CheckConstraint)}
        there = {c["name"] for c in found.get_check_constraints(table.name)}
        assert wanted <= there, f"{table.name}: {wanted - there}"


@pytest.mark.parametrize("name", WORKFLOWS)
def test_every_state_of_the_law_passes_the_check_of_the_migrated_table(migrated, name):
    """Change a state without a migration and this is where it shows."""
    table = WORKFLOW_MODELS[name].__table__
    checks = [c["sqltext"] for c in inspect(db.engine).get_check_constraints(table.name)]
    lists = [sql for sql in checks if re.search(r"\bstate\b", sql)]
    for state in WORKFLOWS[name].states:
        assert any(f"'{state.value}'" in sql for sql in lists), f"{name}: {state}"


def test_down_and_up_again(migrated):
    db.session.remove()
    downgrade(revision="base")
    left = set(inspect(db.engine).get_table_names()) - {"alembic_version"}
    assert not left
    upgrade()
    assert "exchange" in inspect(db.engine).get_table_names()
    with db.engine.begin() as connection:
        row = {"vocabulary": "theme", "code": "x", "labels": {}, "texts": {}, "facts": {}}
        connection.execute(insert(Base.metadata.tables["term"]).values(position=0, **row))


def test_they_are_read_without_a_database_as_the_checks_of_an_operator_do() -> None:
    folder = ScriptDirectory(str(ROOT / "migrations"))
    assert folder.get_heads() == [(ROOT / "migrations" / "HEAD").read_text().strip()]
