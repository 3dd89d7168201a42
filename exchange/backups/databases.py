"""A database as a file and back: SQLite by its online backup, PostgreSQL by its own programs."""

import os
import shutil
import sqlite3
import subprocess
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, inspect, make_url, text
from sqlalchemy.pool import NullPool

from exchange.backups.archive import BackupError

# Where a restore keeps what was there until all of it has worked.
ASIDE = "before_restore"
# Tables that a full-text index of SQLite keeps for itself: their rows are no rows of ours.
SHADOWS = ("_data", "_idx", "_content", "_docsize", "_config")


def save_sqlite(database: Path, target: Path) -> tuple[str, dict[str, int]]:
    """Copy a SQLite file while others write to it; (version, rows of each table) of the copy.

    :raises BackupError: there is none, or the copy is not whole.
    """
    if not database.is_file():
        raise BackupError(f"there is no database {database}")
    reading = sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)
    with closing(reading) as source, closing(sqlite3.connect(target)) as copy:
        # All pages in one step: one state, and in a write-ahead log nobody waits for it.
        source.backup(copy, pages=-1)
        copy.execute("PRAGMA journal_mode=DELETE")
        return sqlite3.sqlite_version, _check_sqlite(copy, target)


def _check_sqlite(connection: sqlite3.Connection, file: Path) -> dict[str, int]:
    (said,) = connection.execute("PRAGMA integrity_check").fetchone()
    if said != "ok":
        raise BackupError(f"the copy {file} is damaged: {said}")
    names = connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
    tables = sorted(name for (name,) in names if not _is_shadow(name, names))
    return {
        name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]  # noqa: S608 - a name of the database itself
        for name in tables
    }


def _is_shadow(name: str, names: list[tuple[str]]) -> bool:
    known = {one for (one,) in names}
    return name.startswith("sqlite_") or any(
        name.endswith(end) and name.removesuffix(end) in known for end in SHADOWS
    )


def count_sqlite(database: Path) -> dict[str, int]:
    """The rows of each table of a SQLite file."""
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60)) as connection:
        return _check_sqlite(connection, database)


def put_back_sqlite(dump: Path, database: Path, *, stamp: str) -> Path | None:
    """Put the file in its place; what was there stays beside it, under the name returned."""
    aside = None
    if database.exists():
        aside = database.with_name(f"{database.name}.{ASIDE}-{stamp}")
        with closing(sqlite3.connect(database, timeout=10)) as old:
            old.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.rename(aside)
    for end in ("-wal", "-shm"):
        database.with_name(database.name + end).unlink(missing_ok=True)
    database.parent.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(dump, database)
    database.chmod(0o600)
    return aside


def save_postgresql(url: str, target: Path) -> tuple[str, dict[str, int]]:
    """Dump a PostgreSQL database while others write to it; (version, rows of each table) of the
    very state that was dumped.

    :raises BackupError: pg_dump is not there or does not do it.
    """
    engine = create_engine(url, poolclass=NullPool, isolation_level="REPEATABLE READ")
    with engine.connect() as connection:
        # pg_dump reads in this transaction's state, and so do the counts.
        snapshot = connection.scalar(text("SELECT pg_export_snapshot()"))
        options = ("--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}")
        _run("pg_dump", url, *options, f"--file={target}")
        version = str(connection.scalar(text("SHOW server_version")))
        return version, _count(connection)


def _count(connection: Connection) -> dict[str, int]:
    names = sorted(inspect(connection).get_table_names(schema="public"))
    return {
        name: connection.scalar(text(f'SELECT count(*) FROM public."{name}"')) or 0  # noqa: S608 - the same
        for name in names
    }


def count_postgresql(url: str) -> dict[str, int]:
    """The rows of each table of a PostgreSQL database."""
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return _count(connection)


def others_at_work(url: str) -> int:
    """How many others are connected to a PostgreSQL database."""
    query = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    with create_engine(url, poolclass=NullPool).connect() as connection:
        return connection.scalar(text(query)) or 0


def put_back_postgresql(dump: Path, url: str, check: Callable[[], None]) -> None:
    """Restore a dump. What was there is kept aside until the restore is whole, and comes back when
    it is not.

    :param check: looks at what was restored; a BackupError of its own counts as a failure.
    :raises BackupError: pg_restore is not there or does not do it.
    """
    engine = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
    _run_sql(
        engine,
        f"DROP SCHEMA IF EXISTS {ASIDE} CASCADE",
        f"ALTER SCHEMA public RENAME TO {ASIDE}",
        "CREATE SCHEMA public",
    )
    try:
        options = ("--exit-on-error", "--single-transaction", "--no-owner", "--no-privileges")
        # Its own line for the schema is left out: it is there.
        _run("pg_restore", url, *options, "--schema=public", str(dump))
        check()
    except BackupError:
        back = f"ALTER SCHEMA {ASIDE} RENAME TO public"
        _run_sql(engine, "DROP SCHEMA public CASCADE", back)
        raise
    _run_sql(engine, f"DROP SCHEMA {ASIDE} CASCADE")


def _run_sql(engine: Engine, *statements: str) -> None:
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(text(statement))


def _run(program: str, url: str, *options: str) -> None:
    """Run a program of PostgreSQL; the password travels where no list of processes shows it."""
    path = shutil.which(program)
    if path is None:
        raise BackupError(f"{program} is not installed: it comes with PostgreSQL's client")
    at = make_url(url).set(drivername="postgresql")
    environ = {**os.environ, "PGPASSWORD": at.password} if at.password else dict(os.environ)
    where = at._replace(password=None).render_as_string(hide_password=False)
    done = subprocess.run(  # noqa: S603 - PostgreSQL's own program, no shell
        [path, f"--dbname={where}", *options],
        env=environ,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise BackupError(f"{program}: {' '.join(done.stderr.split())[:500]}")
