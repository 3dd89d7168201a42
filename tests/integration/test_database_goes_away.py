"""The database goes away at the worst moment: what was done stays done, and is answered."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from flask import Flask, g, redirect
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError, PendingRollbackError, ProgrammingError

from exchange.contention import contention
from exchange.extensions import db
from exchange.transaction import afterwards
from tests import factories

SERVER = os.environ.get("TEST_DATABASE_URL", "")
on_sqlite = pytest.mark.skipif(bool(SERVER), reason="a lock of SQLite")
on_server = pytest.mark.skipif(not SERVER, reason="a connection to a server (TEST_DATABASE_URL)")


@contextmanager
def held(app: Flask) -> Iterator[None]:
    """Somebody else writes for long, and nobody has patience."""
    impatient = lambda connection, _record: connection.execute("PRAGMA busy_timeout=50")  # noqa: E731
    db.session.remove()
    db.engine.dispose()
    event.listen(db.engine, "connect", impatient)
    holder = sqlite3.connect(app.config["EXCHANGE"].var / "exchange.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        holder.close()
        event.remove(db.engine, "connect", impatient)
        db.session.remove()
        db.engine.dispose()


@on_sqlite
@pytest.mark.parametrize("path", ["/organisations/1/invite", "/api/v1/needs"])
def test_an_answer_that_could_not_be_noted_is_given_all_the_same(app: Flask, path: str) -> None:
    claimed = (factories.officer().id, "a key")
    with app.test_request_context(path, method="POST"):
        g.receipt = g.api_receipt = claimed
        g.begun, g.request_id = 0.0, "number"
        with held(app):
            given = (redirect("/x"), app.make_response(({"id": 1}, 201)))["api" in path]
            answer = app.process_response(given)
    assert answer.status_code in (302, 201)


@on_sqlite
def test_a_fault_in_a_note_after_the_deed_is_not_hidden(app: Flask) -> None:
    with pytest.raises(OperationalError, match="no such table"), afterwards():
        db.session.execute(text("INSERT INTO nowhere VALUES (1)"))


@pytest.mark.parametrize(
    ("path", "face"), [("/help", "text/html"), ("/api/v1/needs", "application/json")]
)
def test_what_fails_when_an_answer_is_finished_is_answered_like_all_else(
    app: Flask, monkeypatch: Any, path: str, face: str
) -> None:
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    gone = OperationalError("UPDATE receipt …", {}, psycopg.OperationalError("server closed"))
    with app.test_request_context(path):
        app.preprocess_request()
        answer = app.handle_exception(gone)
    assert answer.status_code == 503
    assert answer.headers["Retry-After"] == "10"
    assert answer.mimetype == face


def test_a_connection_that_broke_in_a_transaction_is_away() -> None:
    assert contention(PendingRollbackError("Can't reconnect until …", code="8s2b")) == "away"
    assert contention(PendingRollbackError("a flush had failed", code="7s2a")) is None
    assert contention(ProgrammingError("SELEC", {}, psycopg.ProgrammingError("syntax"))) is None


@on_server
def test_a_session_whose_server_has_gone_is_handed_back_in_peace(app: Flask) -> None:
    with psycopg.connect(SERVER.replace("+psycopg", ""), autocommit=True) as killer:
        with app.app_context():
            mine = db.session.scalar(text("SELECT pg_backend_pid()"))
            killer.execute("SELECT pg_terminate_backend(%s, 5000)", (mine,))
        with app.app_context():
            assert db.session.scalar(text("SELECT 1")) == 1
