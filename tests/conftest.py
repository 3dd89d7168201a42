"""What every test may use: a fresh real database, a browser without pictures, people signed in."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, settings
from sqlalchemy import Engine, event, text

from exchange.accounts.actions import begin_sign_in
from exchange.accounts.models import ApiToken
from exchange.accounts.queries import hashed
from exchange.app import create_app
from exchange.clock import now
from exchange.config import load
from exchange.directory.models import Person
from exchange.extensions import Base, db
from exchange.matching import shelf
from exchange.processes import started
from exchange.vocabularies.reference import load_reference
from tests.databases import DATABASE, keep_tables, own_database, restore_tables

# A busy machine is slow, not wrong: what takes long is bounded by pytest's own timeout.
settings.register_profile(
    "house", deadline=None, suppress_health_check=[HealthCheck.too_slow], print_blob=True
)
settings.load_profile("house")

REFERENCE = ("place", "term")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first, so that no process waits at the end for another's."""
    items.sort(
        key=lambda item: not (item.get_closest_marker("e2e") or item.get_closest_marker("slow"))
    )


@pytest.fixture(scope="session")
def shared_app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Flask]:
    """One application for all tests; its tables and reference data are made once."""
    folder = tmp_path_factory.mktemp("var")
    environ = {"EXCHANGE_VAR": str(folder), "EXCHANGE_LOG_LEVEL": "WARNING"}
    # Tests run at night, too.
    environ |= {"EXCHANGE_QUIET_HOURS": "00:00-00:00", "EXCHANGE_QUIET_WEEKENDS": "0"}
    environ["EXCHANGE_MAIL_GATHER"] = "0"
    if DATABASE:
        environ["EXCHANGE_DATABASE_URL"] = own_database(DATABASE)
    app = create_app(load(environ))
    app.config.update(TESTING=True, WTF_CSRF_ENABLED=False, RATELIMIT_ENABLED=False)
    # Testing lets exceptions through; pages must answer them as they do for people.
    app.config["PROPAGATE_EXCEPTIONS"] = False
    with app.app_context():
        wait_for_no_disk(db.engine)
        Base.metadata.drop_all(db.engine)
        Base.metadata.create_all(db.engine)
        load_reference(cities_from=1_000_000)
        db.session.commit()
        db.session.remove()
        db.engine.dispose()
        if DATABASE:
            app.config["REFERENCE_LOOK"] = keep_tables(REFERENCE)
    if not DATABASE:
        shutil.copy(folder / "exchange.db", folder / "template.db")
    started()  # nor need tests look for garbage in what stays
    yield app
    with app.app_context():
        db.engine.dispose()  # a server's connections must not be left to the garbage collector


def wait_for_no_disk(engine: Engine) -> None:
    """No row of a test must outlive a power cut: SQLite need not wait for its disk."""
    if engine.dialect.name != "sqlite":
        return

    @event.listens_for(engine, "connect")
    def connect(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA synchronous=OFF")


@pytest.fixture
def app(shared_app: Flask) -> Iterator[Flask]:
    """The application on a database that holds the reference data and nothing else."""
    with shared_app.app_context():
        yield shared_app
        db.session.remove()
        shelf.use()
        _reset(shared_app)


def _reset(app: Flask) -> None:
    if DATABASE:
        _empty_server(app)
        return
    db.engine.dispose()
    folder = app.config["EXCHANGE"].var
    shutil.copy(folder / "template.db", folder / "fresh.db")
    for suffix in ("-wal", "-shm"):
        Path(f"{folder}/exchange.db{suffix}").unlink(missing_ok=True)
    # Another file, not other content: a connection that a thread still holds keeps the old one.
    (folder / "fresh.db").replace(folder / "exchange.db")


def _empty_server(app: Flask) -> None:
    """Delete what a test wrote: ten times faster than TRUNCATE of tables that are mostly empty."""
    tables = [t for t in Base.metadata.tables if t not in REFERENCE]
    looks = " UNION ALL ".join(f"SELECT '{t}' WHERE EXISTS (SELECT 1 FROM \"{t}\")" for t in tables)
    with db.engine.begin() as connection:
        connection.execute(text("SET LOCAL session_replication_role = 'replica'"))
        for name in connection.scalars(text(looks)).all():
            connection.execute(text(f'DELETE FROM "{name}"'))
        restore_tables(connection, app.config["REFERENCE_LOOK"])


class Browser:
    """A client that can sign in as a person, or call the API with that person's token."""

    def __init__(self, app: Flask) -> None:
        self.app = app

    def as_(self, person: Person | None = None, language: str = "en") -> FlaskClient:
        """A browser signed in as ``person`` (a visitor when None)."""
        client = self.app.test_client()
        client.environ_base["HTTP_ACCEPT_LANGUAGE"] = language
        if person is not None:
            secret = begin_sign_in(person)
            db.session.commit()
            with client.session_transaction() as session:
                session["sign_in"] = secret
        return client

    def api(self, person: Person, *scopes: str) -> FlaskClient:
        """An API client with a token of ``person`` (read and write unless said)."""
        secret = f"secret-{person.id}-{'-'.join(scopes)}"
        if not db.session.query(ApiToken).filter_by(secret_hash=hashed(secret)).first():
            token = ApiToken(person_id=person.id, name="test", secret_hash=hashed(secret))
            token.scopes = list(scopes or ("read", "write"))
            token.used_at = now()
            db.session.add(token)
            db.session.commit()
        client = self.app.test_client()
        client.environ_base["HTTP_AUTHORIZATION"] = f"Bearer {secret}"
        return client


@pytest.fixture
def no_uploads(app: Flask) -> None:
    """Files that other tests sent are gone: all tests of a process share one folder."""
    shutil.rmtree(app.config["EXCHANGE"].var / "imports", ignore_errors=True)


@pytest.fixture
def browser(app: Flask) -> Browser:
    """Browsers and API clients."""
    return Browser(app)


class Statements:
    """The SQL statements of a block, to count them."""

    def __init__(self) -> None:
        self.all: list[str] = []

    def __enter__(self) -> "Statements":
        event.listen(db.engine, "before_cursor_execute", self._note)
        return self

    def __exit__(self, *_error: Any) -> None:
        event.remove(db.engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")):
            self.all.append(statement)

    def __len__(self) -> int:
        return len(self.all)


@pytest.fixture
def statements(app: Flask) -> type[Statements]:
    """``with statements() as seen: …; len(seen)``"""
    return Statements
