"""A fault of ours reaches a Sentry with its number, and nothing of anybody with it."""

import gzip
import json
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any

import pytest
from flask import Flask

from exchange import checks, fault_reports, trace
from exchange.app import create_app
from exchange.clock import now
from exchange.config import ConfigError, load
from exchange.extensions import db

PERSONAL = ("amina", "hush", "0199", "Mozilla")


@pytest.fixture
def taken() -> Iterator[tuple[str, list[str]]]:
    """A server that takes what is reported: its address, and what came."""
    came: list[str] = []

    class Takes(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            if self.headers.get("Content-Encoding") == "gzip":
                body = gzip.decompress(body)
            came.append(body.decode())
            self.send_response(200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: Any) -> None:
            """Quietly."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Takes)
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://public@127.0.0.1:{server.server_port}/7", came
    server.shutdown()
    server.server_close()
    thread.join()


def reporting(tmp_path: Path, address: str) -> Flask:
    made = create_app(load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_SENTRY_DSN": address}))

    def broken() -> str:
        amina = "amina@example.org"
        raise KeyError(f"{amina} +33 0199")

    for address_of, name in (("/broken", "broken"), ("/api/v1/broken", "api_broken")):
        made.add_url_rule(address_of, name, broken, methods=["GET"])
    with made.app_context():
        db.create_all()
    return made


@pytest.fixture
def app_and_came(tmp_path: Path, taken: tuple[str, list[str]]) -> Iterator[tuple[Flask, list[str]]]:
    address, came = taken
    made = reporting(tmp_path, address)
    yield made, came
    fault_reports.sends.pop().close(timeout=2)
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("path", ["/broken", "/api/v1/broken"])
def test_a_fault_of_a_page_is_told_with_its_number_alone(
    app_and_came: tuple[Flask, list[str]], path: str
) -> None:
    app, came = app_and_came
    client = app.test_client()
    client.set_cookie("session", "hush")
    headers = {"X-Note": "hush", "User-Agent": "Mozilla"}
    answer = client.get(f"{path}?email=amina@example.org", headers=headers)
    assert answer.status_code == 500
    fault_reports.flush(5)
    (envelope,) = came
    event = json.loads(envelope.splitlines()[2])
    assert event["tags"]["request_id"] == answer.headers["X-Request-ID"]
    assert event["tags"]["endpoint"].endswith("broken")
    (told,) = event["exception"]["values"]
    assert (told["type"], told.get("value", "")) == ("KeyError", "")
    assert told["stacktrace"]["frames"][-1]["function"] == "broken"
    assert not {"user", "request", "breadcrumbs"} & set(event)
    without_code = [{**frame, "pre_context": [], "context_line": "", "post_context": []}
                    for frame in told["stacktrace"]["frames"]]  # fmt: skip
    assert not any("vars" in frame for frame in without_code)
    told["stacktrace"]["frames"] = without_code
    assert not [word for word in PERSONAL if word in json.dumps(event)]


def test_what_is_no_fault_of_ours_is_not_told(app_and_came: tuple[Flask, list[str]]) -> None:
    app, came = app_and_came
    assert app.test_client().get("/nowhere").status_code == 404
    fault_reports.flush(2)
    assert came == []


def test_a_fault_of_a_task_is_told_with_the_numbers_of_task_and_request(
    app_and_came: tuple[Flask, list[str]],
) -> None:
    app, came = app_and_came
    with app.app_context():
        trace.begin_task("task-1", ["request-1"])
        fault_reports.report(ValueError("amina"), task="tasks.messages.sweep")
    fault_reports.flush(5)
    event = json.loads(came[0].splitlines()[2])
    assert event["tags"] == {
        "task": "tasks.messages.sweep", "request_id": "request-1", "task_id": "task-1",
    }  # fmt: skip
    assert "amina" not in came[0]


def test_without_the_setting_nothing_is_loaded(app: Flask) -> None:
    assert not fault_reports.sends
    fault_reports.report(ValueError("x"))


def test_the_setting_without_the_library_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sentry_sdk", None)
    environ = {"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_SENTRY_DSN": "https://k@s.example.org/7"}
    with pytest.raises(ConfigError, match="EXCHANGE_SENTRY_DSN needs the extra sentry"):
        load(environ)


@pytest.mark.parametrize("address", ["https://s.example.org/7", "http://k@s.example.org/7", "x"])
def test_a_wrong_address_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigError, match="EXCHANGE_SENTRY_DSN"):
        load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_SENTRY_DSN": address})


def test_check_says_where_faults_go(app: Flask, tmp_path: Path) -> None:
    environ = {"EXCHANGE_VAR": str(tmp_path)}
    told = [found.text for found in checks.around(load(environ), now=now())]
    assert "faults: written into the log alone (EXCHANGE_SENTRY_DSN)" in told
    environ["EXCHANGE_SENTRY_DSN"] = "https://k@s.example.org/7"
    told = [found.text for found in checks.around(load(environ), now=now())]
    assert "faults: reported to s.example.org" in told
