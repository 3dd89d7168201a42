"""The database restarts under load, is held by somebody, takes nobody in, or has no room left."""

import contextlib
import os
import signal
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg

from tests.faults.installation import Installation
from tests.faults.processes import THREADS, try_often
from tests.faults.servers import PostgreSQL
from tests.faults.table import Line

# Longer than anybody waits for a lock.
HELD_SECONDS = 12.0
FULL_SECONDS = 3.0
BLOCK = 64 * 1024


def _postgresql(at: Installation) -> PostgreSQL:
    assert at.database is not None
    return at.database


def restarted(line: Line, folder: Path, tries: int) -> Line:
    """The server is stopped at once or in order, or one of its processes is killed."""

    def hit(at: Installation, number: int) -> None:
        server = _postgresql(at)
        master = int((server.data / "postmaster.pid").read_text().split()[0])
        if number % 3 == 2:
            with psycopg.connect(server.address("exchange")) as one:
                os.kill(one.info.backend_pid, signal.SIGKILL)
            return
        os.kill(master, signal.SIGQUIT if number % 3 else signal.SIGINT)
        assert server.process
        server.process.wait(30)
        server.start()

    return try_often(line, hit, folder, tries, copies=THREADS)


def held(line: Line, folder: Path, tries: int) -> Line:
    """Somebody holds what everybody wants to write to, longer than anybody waits."""

    def hit(at: Installation, _number: int) -> None:
        if at.database is None:
            with contextlib.closing(
                sqlite3.connect(at.var / "exchange.db", timeout=10, isolation_level=None)
            ) as holder:
                holder.execute("BEGIN IMMEDIATE")
                time.sleep(HELD_SECONDS)
            return
        with psycopg.connect(at.database.address("exchange")) as holder:
            holder.execute("LOCK TABLE person, need, message IN SHARE ROW EXCLUSIVE MODE")
            time.sleep(HELD_SECONDS)

    # A claim of a mail lasts ten patiences with its server. With the one second of the other faults
    # it would run out while the lock is held, which no usual one does.
    # Between two locks everybody gets in: who is told "send it again" for minutes gives up.
    settings = {"between": HELD_SECONDS + 5, "EXCHANGE_MAIL_TIMEOUT": "5"}
    return try_often(line, hit, folder, tries, **settings)


def exhausted(line: Line, folder: Path, tries: int) -> Line:
    """Every connection that the server gives is taken, and ours are cut."""

    def hit(at: Installation, _number: int) -> None:
        server = _postgresql(at)
        taken: list[psycopg.Connection] = []
        with psycopg.connect(server.address("postgres"), autocommit=True) as chief:
            others = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname='exchange'"
            )
            deadline = time.monotonic() + FULL_SECONDS
            while time.monotonic() < deadline:
                chief.execute(others)
                with contextlib.suppress(psycopg.OperationalError):
                    while True:
                        taken.append(psycopg.connect(server.address("postgres"), connect_timeout=2))
                time.sleep(0.2)
            for one in taken:
                one.close()

    return try_often(line, hit, folder, tries, copies=THREADS)


@contextmanager
def no_room(place: Path) -> Iterator[None]:
    """Fill the disk that ``place`` is on to the last byte."""
    filler = place / "filler"
    with filler.open("wb", buffering=0) as file:
        for size in (BLOCK, 512, 1):
            with contextlib.suppress(OSError):
                while file.write(b"x" * size) == size:
                    pass
    try:
        yield
    finally:
        filler.unlink()


def full(line: Line, folder: Path, tries: int) -> Line:
    """The disk of the database is full for some seconds."""

    def hit(at: Installation, _number: int) -> None:
        assert at.small is not None
        with no_room(at.small):
            time.sleep(FULL_SECONDS)

    return try_often(line, hit, folder, tries, copies=THREADS, small=True)
