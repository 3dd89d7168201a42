"""Several real processes want the same last places: none is ever given twice, none is lost."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from tests.benchmarks.matching.holds import NEEDS, OFFERS, measure

SERVER = os.environ.get("TEST_POSTGRESQL_SERVER", "postgresql+psycopg://postgres@127.0.0.1:5432")
# 100,000 are for `make bench-matching`; as many as these find what a lost update would do at once.
OPERATIONS = {"places": 1200, "actions": 300}

pytestmark = [pytest.mark.slow, pytest.mark.no_cover, pytest.mark.timeout(300)]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database(request: pytest.FixtureRequest) -> str:
    """The address of a database that may be emptied; skipped without a server."""
    if request.param == "sqlite":
        return ""
    name = f"px_holds_{os.environ.get('PYTEST_XDIST_WORKER', '')}"
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


@pytest.mark.parametrize("kind", OPERATIONS)
def test_no_place_is_given_twice(database: str, kind: str) -> None:
    result = measure(kind, OPERATIONS[kind], database)
    assert result.wrong == 0, result
    assert result.operations == OPERATIONS[kind]
    assert result.done + sum(result.counts.values()) == result.operations
    assert result.done > result.operations // 5, "most were refused: nothing was tried"
    assert result.counts["refused"] > 0, "nobody was too late: nothing was tried"
    assert "overtaken" not in result.counts, "rows are locked in one order: no deadlock"
    assert result.looks > 1


def test_the_look_sees_what_is_wrong() -> None:
    """A check that cannot fail proves nothing: one place more than there is, one host less."""
    script = """
import random, tempfile
from tests.benchmarks.matching.holds import *
with tempfile.TemporaryDirectory() as var, application("", var):
    make_world(random.Random(1))
    before = wrong()
    with transaction():
        offer, need = db.session.get(Offer, 1), db.session.get(Need, 1)
        offer.places_taken = 1
        need.matches[0].holds_host = True
    print(before, wrong(), len(list(db.session.scalars(select(Match)))))
"""
    root = Path(__file__).parents[2]
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    before, after, matches = map(int, done.stdout.split())
    assert (before, after) == (0, 2)
    assert matches > max(NEEDS, OFFERS)
