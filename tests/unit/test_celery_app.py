"""The queue's settings, and a nudge that goes through real files to a real worker thread."""

import json
from pathlib import Path

import pytest
from celery import Celery
from flask import Flask, current_app

from exchange.config import Settings, load
from exchange.events import Event
from tasks import app as module
from tasks import listeners
from tasks.app import InApplication, configuration, task_modules, transport_options
from tasks.schedule import schedule


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return load({"EXCHANGE_VAR": str(tmp_path)})


@pytest.fixture
def queue(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> Celery:
    """A queue of its own, in place of the program's; what others rang for is sent before."""
    assert listeners.doorbell.wait(10)
    own = Celery("test", task_cls=InApplication, set_as_current=False)
    monkeypatch.setattr(module, "celery", own)
    monkeypatch.setattr(listeners, "subscribe", lambda _: None)
    program = Flask("program")
    program.config["EXCHANGE"] = settings
    listeners.connect(program)
    return own


def messages(settings: Settings) -> list[Path]:
    return sorted((settings.broker_folder / "messages").glob("*.msg"))


def test_only_json_is_spoken_and_work_is_acknowledged_when_done(settings: Settings) -> None:
    conf = configuration(settings)
    assert (conf["task_serializer"], conf["accept_content"]) == ("json", ["json"])
    assert conf["task_acks_late"]
    assert conf["task_reject_on_worker_lost"]
    assert not conf["task_publish_retry"]


def test_the_broker_waits_longer_than_a_task_may_last(tmp_path: Path) -> None:
    redis = load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_BROKER_URL": "redis://h/1"})
    options = transport_options(redis)
    assert options["visibility_timeout"] > configuration(redis)["task_time_limit"]


def test_rabbitmq_needs_no_options_and_no_folders(tmp_path: Path) -> None:
    rabbit = load({"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_BROKER_URL": "amqp://h"})
    assert transport_options(rabbit) == {}
    module.make_folders(rabbit)
    assert not rabbit.broker_folder.exists()


def test_a_ring_becomes_one_file_that_names_the_task(queue: Celery, settings: Settings) -> None:
    listeners.ring("tasks.sweep.matching", need_id=3)
    assert listeners.doorbell.wait(10)
    (file,) = messages(settings)
    message = json.loads(file.read_text(encoding="utf-8"))
    assert message["headers"]["task"] == "tasks.sweep.matching"
    assert message["content-type"] == "application/json"


def rung(settings: Settings) -> set[str]:
    assert listeners.doorbell.wait(10)
    texts = [json.loads(file.read_text(encoding="utf-8")) for file in messages(settings)]
    return {text["headers"]["task"] for text in texts}


USUAL = {listeners.REMINDERS, listeners.DUE_MESSAGES}


@pytest.mark.parametrize(
    ("event", "tasks"),
    [
        ("need.publish", USUAL | {listeners.MATCHING}),
        ("exchange.close", USUAL | {listeners.MATCHING, listeners.VISITS, listeners.WEBHOOKS}),
        ("visit.begin", USUAL | {listeners.VISITS, listeners.WEBHOOKS}),
        ("note.submit", USUAL | {listeners.FOLLOW_UPS}),
        ("person.invited", {listeners.DUE_MESSAGES}),
        ("message.send_again", {listeners.DUE_MESSAGES}),
        ("message.deliver", set()),
    ],
)
def test_an_event_rings_for_its_kinds_of_work(
    queue: Celery, settings: Settings, event: str, tasks: set[str]
) -> None:
    listeners.hear(Event(event, {"id": 1}))
    assert rung(settings) == tasks


def test_events_ring_for_tasks_that_the_clock_rings_too() -> None:
    """A ring may be lost: whatever an event rings for, a sweep finds as well."""
    swept = {row["task"] for row in schedule(15).values()}
    assert {task for tasks in listeners.WORK.values() for task in tasks} <= swept


def test_a_task_runs_inside_the_application(queue: Celery, monkeypatch) -> None:
    @queue.task(name="test.where")
    def where() -> str:
        return current_app.name

    monkeypatch.setattr(InApplication, "flask_app", None)
    with pytest.raises(RuntimeError, match=r"tasks\.worker"):
        where()
    module.bind(Flask("bound"))
    assert where() == "bound"


def test_the_wiring_holds_no_tasks() -> None:
    modules = task_modules()
    assert "tasks.housekeeping" in modules
    assert not {f"tasks.{name}" for name in module.WIRING} & set(modules)
    files = {path.stem for path in Path(module.__file__).parent.glob("*.py")}
    assert files >= module.WIRING


def test_sweeps_follow_the_setting_and_old_rings_are_thrown_away() -> None:
    table = schedule(7)
    sweeps = [row for row in table.values() if row["task"].startswith("tasks.sweep.")]
    # Visits and erasures follow the calendar: a day begins somewhere each hour.
    by_the_day = {listeners.VISITS, "tasks.sweep.erasures"}
    quick = [row["schedule"] for row in sweeps if row["task"] not in by_the_day]
    assert set(quick) == {7.0}
    assert all(row["options"]["expires"] for row in table.values())
