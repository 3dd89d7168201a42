"""Requests, tasks and mails reach a collector of OpenTelemetry, in one trace for each click, and
nothing of anybody with them."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from exchange import checks, trace, tracing
from exchange.app import create_app
from exchange.clock import now
from exchange.config import ConfigError, load
from exchange.extensions import db
from tests.integration.collector import Collector, collector

PERSONAL = (b"amina", b"hush", b"Mozilla", b"127.0.0.1")


@pytest.fixture
def taken() -> Iterator[Collector]:
    with collector() as found:
        yield found


def telling(tmp_path: Path, address: str) -> Flask:
    made = create_app(load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_OTLP_ENDPOINT": address}))

    def broken(name: str) -> str:
        raise KeyError(name)

    made.add_url_rule("/broken/<name>", "broken", broken, methods=["GET"])
    with made.app_context():
        db.create_all()
    return made


@pytest.fixture
def app_and_taken(tmp_path: Path, taken: Collector) -> Iterator[tuple[Flask, Collector]]:
    made = telling(tmp_path, taken.address)
    yield made, taken
    tracing.end()
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_request_is_told_by_its_route_and_number(app_and_taken: tuple[Flask, Collector]) -> None:
    app, taken = app_and_taken
    client = app.test_client()
    client.set_cookie("session", "hush")
    answer = client.get("/broken/amina?email=amina@example.org", headers={"User-Agent": "Mozilla"})
    assert answer.status_code == 500
    tracing.end(5)
    (span,) = taken.spans
    assert span.name == "GET /broken/<name>"
    assert span.facts == {
        "http.request.method": "GET",
        "http.route": "/broken/<name>",
        "http.response.status_code": 500,
        "exchange.request_id": answer.headers["X-Request-ID"],
        "error.type": "500",
    }
    assert span.failed
    assert span.raw.end_time_unix_nano > span.raw.start_time_unix_nano
    assert span.process["service.name"] == "peer-exchange"
    assert not [word for word in PERSONAL if word in taken.bodies[0]]


def test_an_address_that_is_none_and_a_method_that_is_none_name_nobody(
    app_and_taken: tuple[Flask, Collector],
) -> None:
    app, taken = app_and_taken
    assert app.test_client().open("/amina", method="AMINA").status_code in (404, 405)
    tracing.end(5)
    (span,) = taken.spans
    assert span.name == "_OTHER"
    assert not span.failed
    assert b"amina" not in taken.bodies[0].lower()


def test_what_machines_ask_every_few_seconds_is_not_told(
    app_and_taken: tuple[Flask, Collector],
) -> None:
    app, taken = app_and_taken
    assert app.test_client().get("/healthz").status_code == 200
    tracing.end(5)
    assert taken.spans == []


def test_task_and_mail_hang_on_the_click_that_asked_for_them(
    app_and_taken: tuple[Flask, Collector],
) -> None:
    _app, taken = app_and_taken
    tracing.request("click-one", "POST", "/needs", 302, 0.1)
    tracing.task("tasks.sweep.matching", "task-1", ["click-one"], "", 0.2)
    trace.begin_task("task-1", ["click-one"])
    tracing.mail("invitation", "retry", "click-one", 0.3)
    tracing.end(5)
    click, task, mail = taken.spans
    assert {span.raw.trace_id for span in (click, task, mail)} == {click.raw.trace_id}
    assert task.raw.parent_span_id == mail.raw.parent_span_id == click.raw.span_id
    assert not click.raw.parent_span_id
    assert len({span.raw.span_id for span in (click, task, mail)}) == 3
    assert (task.facts["exchange.outcome"], task.failed) == ("done", False)
    assert (mail.facts["exchange.outcome"], mail.failed) == ("retry", True)
    assert mail.facts["exchange.task_id"] == "task-1"


def test_a_task_for_several_clicks_is_linked_to_each_and_its_mail_hangs_on_it(
    app_and_taken: tuple[Flask, Collector],
) -> None:
    _app, taken = app_and_taken
    clicks = ["click-one", "click-two"]
    for number in clicks:
        tracing.request(number, "POST", "/needs", 302, 0.1)
    tracing.task("tasks.sweep.matching", "task-1", clicks, "ValueError", 0.2)
    tracing.mail("match_to_answer", "deliver", "task-1", 0.3)
    tracing.end(5)
    one, two, task, mail = taken.spans
    assert [link.span_id for link in task.raw.links] == [one.raw.span_id, two.raw.span_id]
    assert len({one.raw.trace_id, two.raw.trace_id, task.raw.trace_id}) == 3
    assert mail.raw.parent_span_id == task.raw.span_id
    assert task.failed
    assert task.facts["error.type"] == "ValueError"


def test_pages_are_answered_while_the_collector_is_away(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    with collector() as gone:
        address = gone.address
    made = telling(tmp_path, address)
    client = made.test_client()
    answers = [client.get("/broken/x").status_code for _ in range(3)]
    assert answers == [500, 500, 500]
    tracing.end(0.2)  # returns, although nothing could be sent
    assert not tracing.tells
    assert client.get("/broken/x").status_code == 500
    with made.app_context():
        db.session.remove()
        db.engine.dispose()


def test_a_span_that_cannot_be_told_is_no_fault_of_the_request(
    app_and_taken: tuple[Flask, Collector], monkeypatch: pytest.MonkeyPatch
) -> None:
    app, taken = app_and_taken
    monkeypatch.setitem(sys.modules, "opentelemetry.trace", None)
    assert app.test_client().get("/broken/x").status_code == 500
    tracing.end(5)
    assert taken.spans == []


def test_without_the_setting_nothing_is_loaded(tmp_path: Path) -> None:
    program = (
        "import sys\n"
        "from exchange import tracing\n"
        "from exchange.app import create_app\n"
        "answer = create_app().test_client().get('/nowhere')\n"
        "tracing.task('tasks.sweep.matching', 'task-1', [], '', 0.1)\n"
        "print(answer.status_code, [name for name in sys.modules if 'opentelemetry' in name])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={"EXCHANGE_VAR": str(tmp_path), "PYTHONPATH": str(Path.cwd())},
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    assert done.stdout.splitlines()[-1].endswith(" []"), done.stdout


@pytest.mark.parametrize("missing", ["opentelemetry.exporter.otlp.proto.http", "opentelemetry"])
def test_the_setting_without_the_library_is_refused_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str
) -> None:
    for name in [one for one in sys.modules if f"{one}.".startswith(f"{missing}.")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, missing, None)
    environ = {"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_OTLP_ENDPOINT": "http://c.example.org:4318"}
    with pytest.raises(ConfigError, match="EXCHANGE_OTLP_ENDPOINT needs the extra opentelemetry"):
        load(environ)


@pytest.mark.parametrize(
    "address", ["c.example.org:4318", "http://k:v@c.example.org", "http://c:4318/v1/traces", "x"]
)
def test_a_wrong_address_is_refused(tmp_path: Path, address: str) -> None:
    with pytest.raises(ConfigError, match="EXCHANGE_OTLP_ENDPOINT"):
        load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_OTLP_ENDPOINT": address})


def test_check_says_where_traces_go(app: Flask, tmp_path: Path) -> None:
    environ = {"EXCHANGE_VAR": str(tmp_path)}
    told = [found.text for found in checks.around(load(environ), now=now())]
    assert "traces: none (EXCHANGE_OTLP_ENDPOINT)" in told
    environ["EXCHANGE_OTLP_ENDPOINT"] = "http://c.example.org:4318"
    told = [found.text for found in checks.around(load(environ), now=now())]
    assert "traces: sent to c.example.org" in told
