"""The only place that commits."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

import structlog
from flask import Flask
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import scoped_session

from exchange import events
from exchange.contention import contention
from exchange.extensions import db

# How long a writer waits for another, in milliseconds.
PATIENCE_MS = 10_000
reading_only: ContextVar[bool] = ContextVar("reading_only", default=False)
# What an edge wants done at the beginning of the first transaction that commits (a receipt).
first_of_all: ContextVar[Callable[[], None] | None] = ContextVar("first_of_all", default=None)

log = structlog.get_logger()


@contextmanager
def transaction() -> Iterator[scoped_session[Any]]:
    """All or nothing: commit at the end, roll back on any error, then deliver the events.

    Edges (a view, a command, a task) open it once around the action they call.
    """
    begin = first_of_all.get()
    try:
        if begin is not None:
            begin()
        yield db.session
        db.session.commit()
    except BaseException:
        db.session.rollback()
        events.forget(db.session())
        raise
    first_of_all.set(None)
    events.deliver(db.session())


@contextmanager
def afterwards() -> Iterator[None]:
    """A transaction for what is noted once the deed is done and its answer is made. A database that
    does not take the note any more costs the note: to refuse the answer would be to ask for the
    deed again."""
    try:
        with transaction():
            yield
    except SQLAlchemyError as problem:
        if (found := contention(problem)) is None:
            raise
        log.warning("a note after the deed was not taken", found=found)


@contextmanager
def read_only() -> Iterator[None]:
    """Within it SQLite takes no write lock; a GET request or a report runs so."""
    token = reading_only.set(True)
    try:
        yield
    finally:
        reading_only.reset(token)


@contextmanager
def writing() -> Iterator[None]:
    """Within it one may write although the request only reads, or has failed: what was begun ends
    first."""
    db.session.rollback()
    token = reading_only.set(False)
    try:
        yield
    finally:
        reading_only.reset(token)


@contextmanager
def looking() -> Iterator[None]:
    """A long look within a request that may write. What the request had begun ends first, so that
    nobody waits for it meanwhile; rows that were read are read again when they are needed."""
    db.session.rollback()
    with read_only():
        yield
        db.session.rollback()


def let_go_in_peace(app: Flask) -> None:
    """Let a request or task end well whose database went away after its last word to it. Handing
    the session back rolls it back, and that failure would take the place of the answer.

    Call it after the library has put its own ending in place: the last one put there runs first.
    """

    @app.teardown_appcontext
    def let_go(_error: BaseException | None) -> None:
        try:
            db.session.remove()
        except SQLAlchemyError as problem:
            log.warning("the database went away before its session", problem=type(problem).__name__)
            db.session.remove()  # what failed has left the session: this only forgets it


def prepare_sqlite(engine: Engine) -> None:
    """Make SQLite safe for several processes.

    Write-ahead log, foreign keys, and ``BEGIN IMMEDIATE`` for whatever may write: the driver's own
    habits lose updates, and a deferred transaction fails at once where waiting was asked for.
    """

    @event.listens_for(engine, "connect")
    def connect(connection, _record) -> None:  # type: ignore[no-untyped-def] # a connection of whichever driver
        connection.isolation_level = None
        # Patience first: the log that a killed process has left is mended by whoever comes first,
        # and all others wait for them.
        for pragma in (
            f"busy_timeout={PATIENCE_MS}",
            "journal_mode=WAL",
            "synchronous=NORMAL",
            "foreign_keys=ON",
        ):
            _patiently(connection, f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN" if reading_only.get() else "BEGIN IMMEDIATE")


def _patiently(connection: Any, statement: str) -> None:
    """Some locks of SQLite's log are refused at once, whatever patience was asked for (its
    documentation of write-ahead logs, "Sometimes Queries Return SQLITE_BUSY In WAL Mode")."""
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while True:
        try:
            connection.execute(statement)
        except Exception as problem:
            if "locked" not in str(problem) or time.monotonic() > deadline:
                raise
            time.sleep(0.05)
        else:
            return


def prepare_server(engine: Engine) -> None:
    """Let nobody wait for a lock of PostgreSQL longer than for SQLite's: then it is "busy".

    Nor for its compiler (``jit``): it takes the long statements of our lists for heavy ones, and
    needs ten times as long to compile them as to answer them (3.0 against 0.3 s for the numbers at
    the filters of 100,000 exchanges, PostgreSQL 15).
    """

    @event.listens_for(engine, "connect")
    def connect(connection, _record) -> None:  # type: ignore[no-untyped-def] # a connection of whichever driver
        connection.execute(f"SET lock_timeout = {PATIENCE_MS}")
        connection.execute("SET jit = off")
        connection.commit()


@contextmanager
def writing_apart(patience_ms: int = PATIENCE_MS) -> Iterator[Connection]:
    """A short transaction of its own within a request that only reads: a trace of the reading.

    :param patience_ms: how long it waits for whoever writes meanwhile; at most ``PATIENCE_MS``.
    """
    token = reading_only.set(False)
    try:
        with (
            db.engine.connect() as connection,
            _patience(connection, patience_ms),
            connection.begin(),
        ):
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"SET LOCAL lock_timeout = {patience_ms}")
            yield connection
    finally:
        reading_only.reset(token)


@contextmanager
def _patience(connection: Connection, patience_ms: int) -> Iterator[None]:
    """SQLite waits already where a transaction begins; the connection goes back as it was."""
    if connection.dialect.name != "sqlite" or patience_ms == PATIENCE_MS:
        yield
        return
    driver = connection.connection.cursor()
    driver.execute(f"PRAGMA busy_timeout={patience_ms}")
    try:
        yield
    finally:
        driver.execute(f"PRAGMA busy_timeout={PATIENCE_MS}")
        driver.close()
