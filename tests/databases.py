"""Databases of tests: a server's own for each process, and one that is put back as it was."""

import os
import shutil
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine, create_engine, make_url, text

from exchange.extensions import db

# Where the tests run on a server.
DATABASE = os.environ.get("TEST_DATABASE_URL", "")


def own_database(url: str, *beside: str) -> str:
    """``url``; with names in ``beside``, or where several processes run the tests, that of a new
    and empty database beside it.
    """
    more = [*beside, *filter(None, [os.environ.get("PYTEST_XDIST_WORKER")])]
    if not more:
        return url
    own = make_url(url)
    name = "_".join([str(own.database), *more])
    _remake(url, name, "template0")
    return own.set(database=name).render_as_string(hide_password=False)


def _remake(url: str, name: str, template: str) -> None:
    """Make the database ``name`` anew, as a copy of ``template``."""
    engine = _outside(url)
    with engine.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
        connection.execute(text(f'CREATE DATABASE "{name}" TEMPLATE "{template}"'))
    engine.dispose()


def _outside(url: str) -> Engine:
    return create_engine(make_url(url).set(database="postgres"), isolation_level="AUTOCOMMIT")


class Kept:
    """The database of an application that is put back as it was, as often as one likes: the file
    exchange.db in ``folder``, or a database of the server that TEST_DATABASE_URL names.
    """

    def __init__(self, folder: Path, name: str) -> None:
        self.folder = folder
        self.url = own_database(DATABASE, name) if DATABASE else ""

    @property
    def environ(self) -> dict[str, str]:
        """What the application must be told to use it."""
        server = {"EXCHANGE_DATABASE_URL": self.url} if self.url else {}
        return {"EXCHANGE_VAR": str(self.folder), **server}

    def keep(self, app: Flask) -> None:
        """As it is now it is put back."""
        _leave(app)
        if self.url:
            _remake(self.url, self._template, str(make_url(self.url).database))
        else:
            shutil.copy(self.folder / "exchange.db", self.folder / "template.db")

    def put_back(self, app: Flask) -> None:
        """Every row as it was."""
        _leave(app)
        if self.url:
            _remake(self.url, str(make_url(self.url).database), self._template)
            return
        for suffix in ("-wal", "-shm"):
            Path(f"{self.folder}/exchange.db{suffix}").unlink(missing_ok=True)
        # Another file, not other content: a connection that somebody still holds keeps the old one.
        shutil.copy(self.folder / "template.db", self.folder / "fresh.db")
        (self.folder / "fresh.db").replace(self.folder / "exchange.db")

    @property
    def _template(self) -> str:
        return f"{make_url(self.url).database}_kept"


def _leave(app: Flask) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()
