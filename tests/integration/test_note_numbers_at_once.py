"""Real processes publish notes at the same moment: no number twice, and no gap."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.pool import NullPool

from exchange.lessons.actions import LAST_KNOWN_NUMBER
from tests.integration.test_matching_places_processes import SERVER

ROOT = Path(__file__).parents[2]
PROCESSES, EACH = 3, 3

pytestmark = [pytest.mark.slow, pytest.mark.no_cover]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.services)])
def database(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an empty database that nobody else has; skipped without a server."""
    if request.param == "sqlite":
        yield ""
        return
    name = f"px_note_numbers_{os.getpid()}"
    engine = create_engine(f"{SERVER}/postgres", isolation_level="AUTOCOMMIT", poolclass=NullPool)
    gone = text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    try:
        with engine.connect() as connection:
            connection.execute(gone)
            connection.execute(text(f'CREATE DATABASE "{name}"'))
    except OperationalError:
        if os.environ.get("CI"):
            raise
        pytest.skip("no PostgreSQL at 127.0.0.1:5432")
    yield f"{SERVER}/{name}"
    with engine.connect() as connection:
        connection.execute(gone)


def test_notes_published_at_once_have_consecutive_numbers(database: str, tmp_path: Path) -> None:
    given = [database, str(tmp_path), str(PROCESSES), str(EACH)]
    command = [sys.executable, "-m", "tests.integration.note_numbers", *given]
    environ = {name: value for name, value in os.environ.items() if "COVERAGE" not in name}
    done = subprocess.run(
        command, cwd=ROOT, env=environ, capture_output=True, text=True, check=False, timeout=100
    )
    assert done.returncode == 0, done.stderr[-3000:]
    found = json.loads(done.stdout)
    # Each was taken back once after it had its number, and one was refused again and again.
    assert found["counts"] == [{"taken_back": EACH, "refused": EACH, "published": EACH}] * PROCESSES
    first = LAST_KNOWN_NUMBER + 1
    assert found["numbers"] == list(range(first, first + PROCESSES * EACH))
