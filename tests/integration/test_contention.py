"""Two who write at once: whoever loses is told to send again, by pages and by the API."""

import os
import sqlite3
from typing import Any

import psycopg
import pytest
from flask import Flask
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from exchange.api import errors as api_errors
from exchange.contention import contention
from exchange.extensions import db
from exchange.web import errors as web_errors
from tests import factories


class Deadlock(Exception):
    """What a driver of PostgreSQL raises."""

    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


def failed(cause: BaseException) -> OperationalError:
    return OperationalError("UPDATE need SET …", {}, cause)


@pytest.mark.parametrize(
    ("sqlstate", "code", "status"),
    [
        ("40P01", "overtaken", 409),
        ("40001", "overtaken", 409),
        ("55P03", "busy", 503),
        ("53300", "busy", 503),
        ("57P01", "away", 503),
        ("53100", "full", 503),
    ],
)
def test_what_a_server_says_of_two_writers_is_answered_with_try_again(
    app: Flask, sqlstate, code, status
):
    error = failed(Deadlock(sqlstate))
    assert contention(error) == code
    with app.test_request_context("/needs/1/move", method="POST"):
        page = web_errors.answer(error)
        told = api_errors.answer(error)
    assert page.status_code == status
    assert told[1] == status
    assert "send it again" in page.get_data(as_text=True)
    assert "send it again" in told[0]["error"]["message"]
    assert told[0]["error"]["code"] == code
    assert ("Retry-After" in page.headers) == (status == 503) == (len(told) == 3)


def test_no_free_connection_is_busy(app: Flask):
    assert contention(PoolTimeout("QueuePool limit")) == "busy"


def test_a_server_that_cannot_be_reached_is_away():
    assert contention(failed(psycopg.OperationalError("connection refused"))) == "away"
    assert contention(failed(psycopg.ProgrammingError("syntax"))) is None


def test_any_other_trouble_of_the_database_is_a_fault_of_ours(app: Flask):
    error = failed(Deadlock("42P01"))
    with app.test_request_context("/needs/1"):
        page, told = web_errors.answer(error), api_errors.answer(error)
    assert page[1] == told[1] == 500


@pytest.mark.skipif("TEST_DATABASE_URL" in os.environ, reason="a lock of SQLite")
def test_a_database_that_somebody_else_holds_is_busy(app: Flask, browser: Any, monkeypatch):
    officer, need = factories.officer(), factories.need()
    client = browser.api(officer)
    pages, moved = browser.as_(officer), {"trigger": "withdraw"}
    need_id = need.id
    db.session.remove()
    db.engine.dispose()
    impatient = lambda connection, _record: connection.execute("PRAGMA busy_timeout=50")  # noqa: E731
    event.listen(db.engine, "connect", impatient)
    holder = sqlite3.connect(app.config["EXCHANGE"].var / "exchange.db", isolation_level=None)
    holder.execute("BEGIN IMMEDIATE")
    try:
        told = client.post(f"/api/v1/needs/{need_id}/steps", json=moved)
        page = pages.post(f"/needs/{need_id}/move", data=moved)
    finally:
        holder.close()
        event.remove(db.engine, "connect", impatient)
        db.session.remove()
        db.engine.dispose()
    assert told.status_code == page.status_code == 503
    assert told.headers["Retry-After"] == page.headers["Retry-After"] == "2"
    assert told.json["error"]["code"] == "busy"
    assert "in a few seconds" in page.text


def test_a_button_without_its_move_is_refused_at_the_field(app: Flask, browser: Any):
    officer, need = factories.officer(), factories.need()
    answer = browser.as_(officer).post(f"/needs/{need.id}/move", data={"note": "kept"})
    assert answer.status_code == 422
    assert "This is needed." in answer.text
    assert "kept" in answer.text, "what was typed is shown again"


def test_the_database_is_still_good_after_a_lost_race(app: Flask):
    assert db.session.scalar(text("SELECT 1")) == 1
