"""Every page of an error says what to do, in the reader's language, with a number and a way out."""

import logging
import sqlite3
from typing import Any

import pytest
from flask import Flask, abort
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from werkzeug.exceptions import HTTPException, default_exceptions

from exchange.contention import contention
from exchange.labels.statuses import STATUSES
from exchange.web import errors as pages
from tests import factories

WORDS = {"en": "quote this number", "fr": "ce numéro", "es": "este número", "pt": "este número"}


class Server(Exception):
    """What a driver of PostgreSQL raises."""

    def __init__(self, sqlstate: str) -> None:
        self.sqlstate = sqlstate


@pytest.mark.parametrize("language", WORDS)
@pytest.mark.parametrize("status", STATUSES)
def test_each_status_has_its_words_its_number_and_a_way_out(
    app: Flask, status: int, language: str
) -> None:
    error = default_exceptions[status]()
    with app.test_request_context("/x", headers={"Accept-Language": language}):
        app.preprocess_request()
        response = app.process_response(pages.answer(error))
    text = response.get_data(as_text=True)
    assert response.status_code == status
    assert f'lang="{language}"' in text
    number = response.headers["X-Request-ID"]
    assert number in text
    assert WORDS[language] in text
    assert 'class="button" href="/' in text
    if language != "en":
        assert str(STATUSES[status][0]._args[0]) not in text, "the title is translated"


def test_a_rare_status_has_the_words_of_its_kind(app: Flask) -> None:
    with app.test_request_context("/x"):
        for status, like in ((418, 400), (507, 500)):
            error = type("Rare", (HTTPException,), {"code": status})()
            page = pages.answer(error)
            assert page.status_code == status
            assert str(STATUSES[like][0]) in page.get_data(as_text=True)


def test_a_method_that_is_not_possible_names_those_that_are(browser: Any) -> None:
    answer = browser.as_().post("/help")
    assert answer.status_code == 405
    assert "GET" in answer.headers["Allow"]


def test_what_is_too_large_is_told_and_not_read_again(app: Flask, browser: Any) -> None:
    officer = factories.officer()
    large = app.config["MAX_CONTENT_LENGTH"] + 1
    form = {"data": b"title=" + b"x" * large, "content_type": "application/x-www-form-urlencoded"}
    page = browser.as_(officer).post("/needs/new", **form)
    told = browser.api(officer).post("/api/v1/needs", data=b"x" * large)
    assert page.status_code == told.status_code == 413
    assert "smaller file" in page.text
    assert "smaller file" in told.json["error"]["message"]


@pytest.fixture
def falls(app: Flask) -> str:
    """An address that falls over."""
    app.view_functions["help.show"], kept = _fall, app.view_functions["help.show"]
    yield "/help"
    app.view_functions["help.show"] = kept


def _fall() -> None:
    raise ZeroDivisionError("on purpose")


def test_a_fault_is_logged_once_with_the_number_that_the_page_shows(
    browser: Any, falls: str, caplog: pytest.LogCaptureFixture, capsys
) -> None:
    with caplog.at_level(logging.ERROR):
        answer = browser.as_().get(falls)
    assert answer.status_code == 500
    number = answer.headers["X-Request-ID"]
    assert number in answer.text
    said = capsys.readouterr().out + caplog.text
    assert said.count("request failed") == 1
    assert said.count("ZeroDivisionError: on purpose") == 1


@pytest.mark.parametrize(
    ("error", "found", "wait"),
    [
        (OperationalError("SELECT", {}, Server("57P01")), "away", "10"),
        (OperationalError("SELECT", {}, Server("08006")), "away", "10"),
        (InterfaceError("SELECT", {}, Server("08006"), connection_invalidated=True), "away", "10"),
        (OperationalError("INSERT", {}, Server("53100")), "full", "60"),
        (PoolTimeout("every connection is in use"), "busy", "2"),
    ],
)
def test_a_database_that_is_away_or_full_is_503_with_the_time_to_wait(
    app: Flask, browser: Any, error: Exception, found: str, wait: str
) -> None:
    assert contention(error) == found
    person = factories.officer()
    client, api = browser.as_(person), browser.api(person)

    def fail(*_: Any, **__: Any) -> None:
        raise error

    kept = app.view_functions["help.show"], app.view_functions["api_needs.Needs"]
    app.view_functions["help.show"] = app.view_functions["api_needs.Needs"] = fail
    try:
        page, told = client.get("/help"), api.get("/api/v1/needs")
    finally:
        app.view_functions["help.show"], app.view_functions["api_needs.Needs"] = kept
    assert page.status_code == told.status_code == 503
    assert page.headers["Retry-After"] == told.headers["Retry-After"] == wait
    assert told.json["error"]["code"] == found
    assert page.headers["X-Request-ID"] in page.text


def test_a_file_that_cannot_be_opened_is_a_database_that_is_away() -> None:
    with pytest.raises(sqlite3.OperationalError) as problem:
        sqlite3.connect("/proc/no/such/folder/x.db")
    assert contention(OperationalError("", {}, problem.value)) == "away"


def test_when_even_the_page_of_the_error_fails_something_is_said(
    browser: Any, falls: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "answer", lambda _error: abort(500))
    answer = browser.as_().get(falls)
    assert answer.status_code == 503
    assert "Réessayez" in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
