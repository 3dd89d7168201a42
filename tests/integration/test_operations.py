"""Health, figures and the page of operations: they tell the truth, and their buttons work."""

import re
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from flask import Flask

from exchange import checks
from exchange.app import create_app
from exchange.clock import now
from exchange.config import load
from exchange.directory.models import StaffRole
from exchange.events import Event, subscribe, unsubscribe
from exchange.extensions import db
from exchange.messages.models import Message
from exchange.operations import broker, health, queries, tallies
from exchange.operations.health import Health, Look
from exchange.operations.models import Process, TaskTally
from exchange.operations.tallies import Clock, Ended, Tallies
from exchange.practices.models import HarvestProblem, Observatory
from exchange.spreadsheets.models import Import, ImportNoun, ImportStage
from exchange.transaction import transaction
from tests import factories
from workflows.message import MessageState

TOKEN = "a token of Prometheus"
AT = now()
SWEEP = "tasks.sweep.due_messages"


def said(*ended: Ended, at_work: int = 0, at: Any = None) -> None:
    """One process of the worker says what it did."""
    at = at or now()
    clocks = {SWEEP: Clock(15, at + timedelta(seconds=15))}
    with transaction():
        tallies.say(list(ended), at_work, clocks, at=at, since=AT)


def administrator() -> Any:
    return factories.person(staff_role=StaffRole.administrator)


# Health


def test_a_process_that_answers_is_alive_whatever_the_database_does(browser: Any) -> None:
    answer = browser.as_().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_ready_looks_at_each_thing_and_says_what_is_wrong(app: Flask, browser: Any) -> None:
    answer = browser.as_().get("/readyz")
    assert set(answer.json["checks"]) == {"database", "migrations", "queue", "disk"}
    # Tests make their tables without migrations: just what this look is for.
    assert answer.status_code == 503
    assert answer.json["status"] == "not_ready"
    assert "exchange db upgrade" in answer.json["checks"]["migrations"]
    assert answer.headers["Retry-After"] == "10"
    assert answer.json["checks"]["database"] == answer.json["checks"]["disk"] == "ok"


@pytest.mark.parametrize(
    ("looks", "found"),
    [
        ([Look("database"), Look("disk")], Health.ready),
        ([Look("database"), Look("queue", "away", Health.degraded)], Health.degraded),
        ([Look("disk", "full"), Look("queue", "away", Health.degraded)], Health.not_ready),
    ],
)
def test_health_is_that_of_the_worst(looks: list[Look], found: Health) -> None:
    assert health.health(looks) == found


def test_a_database_ahead_of_this_program_still_serves(app: Flask) -> None:
    settings = app.config["EXCHANGE"]
    ahead = health.looks(settings, behind=lambda: "ahead: at 9999, newer than this program")
    assert {look.name: look.worst for look in ahead if look.name == "migrations"} == {
        "migrations": Health.degraded
    }


def test_a_database_that_is_away_is_told_without_its_address(tmp_path: Path) -> None:
    url = "postgresql://user:hush@127.0.0.1:1/none"
    made = create_app(load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_DATABASE_URL": url}))
    answer = made.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json["checks"]["database"].startswith("the database does not answer")
    assert "hush" not in answer.text
    assert "127.0.0.1" not in answer.text
    assert made.test_client().get("/healthz").status_code == 200


def test_a_disk_without_room_and_a_folder_that_is_gone_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert health.disk(tmp_path / "gone").problem.startswith("the folder cannot be looked at")
    monkeypatch.setattr(health, "LEAST_ROOM", 1 << 62)
    assert re.fullmatch(r"only \d+ MB are free", health.disk(tmp_path).problem)


# The queue


def test_the_queue_in_a_folder_has_a_length_and_an_age(tmp_path: Path) -> None:
    settings = load({"EXCHANGE_VAR": str(tmp_path)})
    assert not broker.look(settings).there
    folder = settings.broker_folder / "messages"
    folder.mkdir(parents=True)
    assert broker.look(settings) == broker.Queue(True, 0, 0.0)
    (folder / "1.nudges.msg").touch()
    found = broker.look(settings)
    assert (found.there, found.length) == (True, 1)
    assert found.age is not None
    assert broker.answers(settings)


@pytest.mark.services
@pytest.mark.parametrize(
    "url", ["redis://127.0.0.1:6379/11", "amqp://guest:guest@127.0.0.1:5672//"]
)
def test_a_real_broker_tells_its_length(tmp_path: Path, url: str) -> None:
    from celery import Celery

    settings = load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_BROKER_URL": url})
    if not broker.answers(settings):
        pytest.skip(f"nothing at {url}")
    before = broker.look(settings).length or 0
    queue = Celery("test", broker=url, set_as_current=False)
    queue.conf.update(task_default_queue=broker.NAME, result_backend=None)
    queue.send_task("tasks.test.nothing", expires=1)
    found = broker.look(settings)
    with queue.connection() as connection:
        connection.default_channel.queue_purge(broker.NAME) if before == 0 else None
    queue.close()
    assert found.there
    assert found.length == before + 1


@pytest.mark.parametrize("url", ["redis://127.0.0.1:1/0", "amqp://127.0.0.1:1//"])
def test_a_broker_that_is_away_is_told_at_once(tmp_path: Path, url: str) -> None:
    settings = load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_BROKER_URL": url})
    assert not broker.answers(settings)
    found = broker.look(settings)
    assert not found.there
    assert found.problem


# What processes say


def test_what_processes_say_adds_up(app: Flask) -> None:
    done = Tallies()
    done.begin()
    done.end(Ended(SWEEP, AT, 0.5, waited=0.2, by_clock=True))
    assert done.at_work == 0
    said(*done.take(), at_work=1)
    assert done.take() == []
    said(Ended(SWEEP, AT, 1.5), Ended("tasks.other", AT, 1.0, problem="OSError", trace_id="r1"))
    (sweep,) = [row for row in queries.tallies() if row.task == SWEEP]
    assert (sweep.done, sweep.failed, sweep.seconds, sweep.waited) == (2, 0, 2.0, 0.2)
    assert (sweep.every, sweep.rung_at) == (15, AT)
    (other,) = [row for row in queries.tallies() if row.task != SWEEP]
    assert (other.failed, other.problem, other.trace_id) == (1, "OSError", "r1")
    said(Ended("tasks.other", AT, 1.0))
    assert (other.problem, other.done) == ("", 1)
    (alive,) = queries.processes(now())
    assert (alive.name, alive.at_work) == (tallies.process_name(), 0)


def test_a_process_that_is_silent_is_gone_and_one_that_leaves_too(app: Flask) -> None:
    said(at=AT)
    assert len(queries.processes(AT + timedelta(seconds=59))) == 1
    assert queries.processes(AT + timedelta(seconds=61)) == []
    with transaction():
        tallies.leave()
    assert queries.processes(AT) == []


def test_a_sweep_that_the_clock_forgot_is_late(app: Flask) -> None:
    said(Ended(SWEEP, AT, 0.1, by_clock=True))
    (row,) = queries.tallies()
    assert not queries.late(row, AT + timedelta(seconds=75))
    assert queries.late(row, AT + timedelta(seconds=76))
    row.rung_at = None
    assert not queries.late(row, AT)


def test_the_timetable_is_told_by_its_own_rules() -> None:
    from tasks.app import celery
    from tasks.pulse import clocks

    found = clocks(15, AT, celery)
    assert found[SWEEP] == Clock(15, AT + timedelta(seconds=15))
    hourly = found["tasks.housekeeping.purge"]
    assert hourly.every == 3600
    assert hourly.next_at.minute == 7
    assert timedelta() < hourly.next_at - AT <= timedelta(hours=1)


def test_every_task_has_words_and_every_words_a_task() -> None:
    from exchange.labels.operations import TASKS, task
    from tasks.app import celery, task_modules

    modules = {import_module(name).__name__ for name in task_modules()}
    assert set(TASKS) == {n for n, one in celery.tasks.items() if one.__module__ in modules}
    assert task("tasks.of.another.version") == "tasks.of.another.version"


def test_check_says_who_is_missing_and_what_is_late(app: Flask, tmp_path: Path) -> None:
    settings = load({"EXCHANGE_VAR": str(tmp_path)})
    before = [finding.text for finding in checks.around(settings, now=now()) if not finding.good]
    assert before[0].startswith("queue: the broker does not answer")
    assert before[1].startswith("worker: no process is alive")
    (settings.broker_folder / "messages").mkdir(parents=True)
    said(Ended(SWEEP, now() - timedelta(hours=1), 0.1, by_clock=True))
    after = [finding.text for finding in checks.around(settings, now=now()) if not finding.good]
    assert after == [f"timetable: late: {SWEEP}: is the scheduler alive?"]


# Figures


@pytest.fixture
def counting(tmp_path: Path) -> Iterator[Flask]:
    """An installation that gives its figures to who has the token."""
    made = create_app(load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_METRICS_TOKEN": TOKEN}))
    with made.app_context():
        db.create_all()
        yield made
        db.session.remove()
        db.engine.dispose()


def figures(app: Flask) -> dict[str, float]:
    answer = app.test_client().get("/metrics", headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.content_type.startswith("text/plain; version=0.0.4")
    lines = [line for line in answer.text.splitlines() if not line.startswith("#")]
    return {name: float(value) for name, _space, value in (l.rpartition(" ") for l in lines)}  # noqa: E741


def test_figures_are_for_who_has_the_token(app: Flask, browser: Any, counting: Flask) -> None:
    assert browser.as_(administrator()).get("/metrics").status_code == 404
    client = counting.test_client()
    assert client.get("/metrics").status_code == 404
    wrong = client.get("/metrics", headers={"Authorization": "Bearer no"})
    assert wrong.status_code == 404


def test_figures_tell_requests_tasks_queue_mails_and_states(counting: Flask) -> None:
    said(Ended(SWEEP, AT, 0.5, waited=0.2, by_clock=True), Ended("tasks.x", AT, 1, problem="E"))
    with transaction():
        old = {"state": MessageState.queued, "next_try_at": now() - timedelta(hours=1)}
        lost = {"state": MessageState.failed, "reason": "refused: 550"}
        for facts in (old, lost):
            facts |= {"kind": "x", "to_email": "a@b.example", "language": "en"}
            db.session.add(Message(subject="s", text="t", **facts))
    counting.test_client().get("/help")
    found = figures(counting)
    asked = 'exchange_requests_total{endpoint="help.show",method="GET",status="200"}'
    assert found[asked] >= 1
    assert found['exchange_request_seconds_count{endpoint="help.show"}'] >= 1
    assert found["exchange_database_up"] == 1
    assert found[f'exchange_tasks_total{{outcome="done",task="{SWEEP}"}}'] == 1
    assert found['exchange_task_failing{task="tasks.x"}'] == 1
    assert found[f'exchange_sweep_every_seconds{{task="{SWEEP}"}}'] == 15
    assert 3600 <= found["exchange_oldest_unsent_message_seconds"] < 3700
    assert found['exchange_messages{state="failed"}'] == 1
    assert found['exchange_failures{kind="message"}'] == 1
    assert found["exchange_worker_processes"] == 1
    assert found["exchange_disk_free_bytes"] > 0


def test_figures_are_given_while_the_database_is_away(tmp_path: Path) -> None:
    environ = {"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_METRICS_TOKEN": TOKEN}
    environ["EXCHANGE_DATABASE_URL"] = "postgresql://user:hush@127.0.0.1:1/none"
    found = figures(create_app(load(environ)))
    assert found["exchange_database_up"] == 0
    assert not [name for name in found if "exchange_exchanges" in name]


def test_every_alarm_speaks_of_figures_that_exist(counting: Flask) -> None:
    import yaml

    path = Path(__file__).resolve().parents[2] / "docs" / "alerts.yml"
    groups = yaml.safe_load(path.read_text(encoding="utf-8"))["groups"]
    rules = [rule for group in groups for rule in group["rules"]]
    assert len({rule["alert"] for rule in rules}) == len(rules) >= 10
    said(Ended(SWEEP, AT, 0.5, waited=0.2, by_clock=True))
    with transaction():
        factory = Message(kind="x", to_email="a@b.example", language="en", subject="s", text="t")
        db.session.add(factory)
    counting.test_client().get("/help")
    broker_folder = counting.config["EXCHANGE"].broker_folder / "messages"
    broker_folder.mkdir(parents=True, exist_ok=True)
    known = {name.partition("{")[0] for name in figures(counting)}
    # Of rows that this installation does not have.
    known |= {"exchange_exchanges"}
    for rule in rules:
        used = set(re.findall(r"exchange_[a-z_]+", rule["expr"]))
        assert used, rule["alert"]
        assert used <= known, f"{rule['alert']}: {used - known}"
        assert rule["annotations"]["summary"]
        assert rule["annotations"]["runbook"].startswith("docs/operations.md#")
        assert rule["expr"].count("(") == rule["expr"].count(")")


# The page


@pytest.fixture
def heard(app: Flask) -> Iterator[list[Event]]:
    found: list[Event] = []
    subscribe(found.append)
    yield found
    unsubscribe(found.append)


def broken(person: Any) -> tuple[Message, Import, Observatory]:
    """A mail, an import and a harvest that failed."""
    facts = {"kind": "x", "to_email": "a@b.example", "language": "en", "text": "t"}
    message = Message(subject="Lost", state=MessageState.failed, reason="refused: 550", **facts)
    sheet = Import(noun=ImportNoun.needs, file_name="wrong.xlsx", stored_as="x.xlsx", person=person)
    sheet.stage = ImportStage.refused
    source = Observatory(code="o", name="Observatory", harvest_url="https://o.example.org/oai")
    source.problem = next(iter(HarvestProblem))
    with transaction():
        db.session.add_all([message, sheet, source])
    return message, sheet, source


def test_the_page_is_for_administrators(browser: Any) -> None:
    assert browser.as_(factories.officer()).get("/operations").status_code == 403
    assert browser.as_(administrator()).get("/operations").status_code == 200


@pytest.mark.parametrize("language", ["en", "fr", "es", "pt"])
def test_the_page_says_what_is_wrong_in_every_language(browser: Any, language: str) -> None:
    boss = administrator()
    broken(boss)
    said(Ended(SWEEP, AT, 0.5, by_clock=True), Ended("tasks.x", AT, 1, problem="KeyError"))
    page = browser.as_(boss, language).get("/operations")
    assert page.status_code == 200
    for words in (tallies.process_name(), "KeyError", "Lost", "wrong.xlsx", "Observatory"):
        assert words in page.text


def test_each_failure_is_tried_again_by_its_button(browser: Any, heard: list[Event]) -> None:
    boss = administrator()
    message, sheet, source = broken(boss)
    said(Ended(SWEEP, AT, 0.5))
    client = browser.as_(boss)
    page = client.get("/operations").text
    assert f"/messages/{message.id}/" in page
    sent = {"trigger": "send_again", "expected_state": "failed"}
    action = re.search(rf'action="(/messages/{message.id}/[a-z]+)"', page).group(1)
    assert client.post(action, data=sent).status_code == 302
    assert client.post(f"/operations/imports/{sheet.id}/again").status_code == 302
    assert client.post(f"/operations/imports/{sheet.id}/again").status_code == 409
    assert client.post(f"/operations/observatories/{source.id}/again").status_code == 302
    assert client.post("/operations/ring", data={"task": SWEEP}).status_code == 302
    assert client.post("/operations/ring", data={"task": "os.system"}).status_code == 422
    db.session.expire_all()
    assert message.state == MessageState.queued
    assert sheet.stage == ImportStage.waiting
    rung = [event.facts for event in heard if event.name == "operations.ring"]
    assert rung == [
        {"task": "tasks.practices.harvest", "observatory_id": source.id},
        {"task": SWEEP},
    ]


def test_the_page_costs_the_same_however_much_failed(browser: Any, statements: Any) -> None:
    boss = administrator()
    client = browser.as_(boss)
    counts = []
    for more in (1, 8):
        with transaction():
            for number in range(more):
                facts = {"kind": "x", "to_email": "a@b.example", "language": "en", "text": "t"}
                facts |= {"state": MessageState.failed, "reason": "refused: 550", "person": boss}
                db.session.add(Message(subject=str(number), **facts))
                db.session.add(
                    Process(
                        name=f"{more}:{number}", host="h", pid=1, release="1",
                        started_at=AT, seen_at=AT,
                    )
                )  # fmt: skip
                db.session.add(TaskTally(task=f"t{more}:{number}", every=15, problem="E"))
        with statements() as seen:
            assert client.get("/operations").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1]
    assert counts[0] <= 30
