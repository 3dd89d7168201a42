"""Databases of tests: a server's own for each process, and one that is put back as it was."""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path

from flask import Flask
from sqlalchemy import Connection, create_engine, make_url, text

from exchange.extensions import Base, db

# Where the tests run on a server.
DATABASE = os.environ.get("TEST_DATABASE_URL", "")
# By the name of a table: how many rows, and the last transaction that wrote one.
Looks = dict[str, tuple[int, int]]
# The columns of a table, without those that follow from others.
WRITTEN = """
SELECT string_agg(quote_ident(attname), ', ') FROM pg_attribute
WHERE attrelid = CAST(:name AS regclass)
    AND attnum > 0 AND attgenerated = '' AND NOT attisdropped
"""


def own_database(url: str, *beside: str) -> str:
    """``url``; with names in ``beside``, or where several processes run the tests, that of a new
    and empty database beside it.
    """
    more = [*beside, *filter(None, [os.environ.get("PYTEST_XDIST_WORKER")])]
    if not more:
        return url
    own = make_url(url)
    name = "_".join([str(own.database), *more])
    engine = create_engine(own.set(database="postgres"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}"'))
    engine.dispose()
    return own.set(database=name).render_as_string(hide_password=False)


def keep_tables(names: Iterable[str]) -> Looks:
    """Copy tables of a server beside them, and remember how they look."""
    with db.engine.begin() as connection:
        connection.execute(text("DROP SCHEMA IF EXISTS kept CASCADE"))
        connection.execute(text("CREATE SCHEMA kept"))
        for name in names:
            connection.execute(text(f'CREATE TABLE kept."{name}" AS TABLE "{name}"'))
        return look(connection, names)


def look(connection: Connection, names: Iterable[str]) -> Looks:
    """How tables look, in one statement: it changes with any change of them."""
    one = "SELECT '{0}', count(*), coalesce(max(xmin::text::bigint), 0) FROM \"{0}\""
    found = connection.execute(text(" UNION ALL ".join(one.format(name) for name in names)))
    return {name: (rows, newest) for name, rows, newest in found}


def restore_tables(connection: Connection, looks: Looks) -> None:
    """Bring back what was kept of the tables that were written since; nothing refers to anything
    until the transaction ends."""
    connection.execute(text("SET LOCAL session_replication_role = 'replica'"))
    now = look(connection, looks)
    written = [name for name in looks if now[name] != looks[name]]
    for name in written:
        connection.execute(text(f'DELETE FROM "{name}"'))
        columns = connection.scalar(text(WRITTEN), {"name": f'"{name}"'})
        insert = f'INSERT INTO "{name}" ({columns}) SELECT {columns} FROM kept."{name}"'
        connection.execute(text(insert))
    if written:
        looks |= look(connection, written)


class Kept:
    """The database of an application that is put back as it was, as often as one likes: the file
    exchange.db in ``folder``, or a database of the server that TEST_DATABASE_URL names.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.environ = {"EXCHANGE_VAR": str(folder)}
        self.looks: Looks = {}
        if DATABASE:
            self.environ["EXCHANGE_DATABASE_URL"] = own_database(DATABASE, name)

    def keep(self, app: Flask) -> None:
        """As it is now it is put back."""
        _leave(app)
        if DATABASE:
            with app.app_context():
                self.looks = keep_tables(Base.metadata.tables)
        else:
            shutil.copy(self.folder / "exchange.db", self.folder / "template.db")

    def put_back(self, app: Flask) -> None:
        """Every row as it was."""
        _leave(app)
        if DATABASE:
            with app.app_context(), db.engine.begin() as connection:
                restore_tables(connection, self.looks)
            return
        for suffix in ("-wal", "-shm"):
            Path(f"{self.folder}/exchange.db{suffix}").unlink(missing_ok=True)
        # Another file, not other content: a connection that somebody still holds keeps the old one.
        shutil.copy(self.folder / "template.db", self.folder / "fresh.db")
        (self.folder / "fresh.db").replace(self.folder / "exchange.db")


def _leave(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
