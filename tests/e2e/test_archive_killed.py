"""A worker is killed while it makes the archive of somebody's data; the next one makes it anew.

Real web, worker and scheduler on PostgreSQL and Redis.
"""

import json
import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import pytest
from sqlalchemy import Engine, create_engine, text
from sqlalchemy.pool import NullPool

from tests.e2e.running import Program, User, servers, wait_for

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.services,
    pytest.mark.timeout(300),
    pytest.mark.xdist_group("up"),
]
ADMINISTRATOR = ("--name", "Amina Juma", "--staff-role", "administrator")


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    running = Program(tmp_path / "var", **servers("peer_exchange_archive", redis=7))
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture
def database(program: Program) -> Iterator[Engine]:
    url = program.environ["EXCHANGE_DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(url, poolclass=NullPool)
    yield engine
    engine.dispose()


@contextmanager
def nobody_reads_evaluations(database: Engine) -> Iterator[None]:
    """Whoever gathers somebody's data stops at this table, however quick the machine is."""
    with database.begin() as connection:
        connection.execute(text("LOCK TABLE evaluation IN ACCESS EXCLUSIVE MODE"))
        yield


def row(database: Engine) -> Any:
    with database.connect() as connection:
        return connection.execute(text("SELECT * FROM data_export")).one()


def test_an_archive_survives_the_death_of_its_worker(program, database):
    link = program.run("user", "invite", "amina@example.org", *ADMINISTRATOR).split()[-1]
    amina = User(program).join(link)
    with nobody_reads_evaluations(database):
        amina.send("/account/export", {}, form="/account/privacy")
        wait_for(lambda: row(database).tables_done, "half an archive", 60, program)
        os.kill(program.worker(), signal.SIGKILL)
    left = row(database)
    assert (left.stage, left.content, left.attempts) == ("making", None, 1)
    assert "<progress" in amina.page("/account/privacy").text
    with database.begin() as connection:  # the two minutes in which it might still live are over
        connection.execute(text("UPDATE data_export SET claimed_until = now() - interval '1 s'"))
    wait_for(lambda: row(database).stage == "ready", "the archive", 60, program)
    made = row(database)
    assert made.attempts == 2
    address = f"{program.address}/account/export/{made.id}.zip"
    assert address.removeprefix(program.address) in amina.page("/account/privacy").text
    with amina.opener.open(address, timeout=30) as answer, ZipFile(BytesIO(answer.read())) as file:
        people = json.loads(file.read("data.json"))["tables"]["person"]
    assert [one["email"] for one in people] == ["amina@example.org"]
    told = "SELECT count(*) FROM message WHERE kind = 'data_ready'"
    with database.connect() as connection:
        assert connection.scalar(text(told)) == 1
    assert program.stop() == 0
