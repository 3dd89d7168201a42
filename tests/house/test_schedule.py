"""What the clock and the events ring for exists, is listened to, and needs nothing but an id."""

import ast
import inspect
import json
from importlib import import_module

import pytest
from celery import Celery

from exchange.config import load
from exchange.supervisor import programs
from tasks import app as wiring
from tasks.listeners import WORK
from tasks.schedule import schedule
from tests.house.source import name, python_files, tree

SCHEDULE = schedule(15)
SPOKEN = (int, str)
FILES = [p for p in python_files("tasks") if p.stem not in {*wiring.WIRING, "__init__"}]


@pytest.fixture(scope="module")
def queue() -> Celery:
    """The queue of the program with every task there is."""
    for module in wiring.task_modules():
        import_module(module)
    wiring.celery.finalize()
    return wiring.celery


@pytest.mark.parametrize("row", SCHEDULE)
def test_the_clock_rings_for_tasks_that_exist(queue, row):
    assert SCHEDULE[row]["task"] in queue.tasks


@pytest.mark.parametrize("noun", WORK)
def test_events_ring_for_tasks_that_exist(queue, noun):
    assert set(WORK[noun]) <= set(queue.tasks)


def test_the_queue_that_is_rung_is_the_queue_that_is_listened_to(queue, tmp_path):
    """The worker names no queue, so it listens to the usual one: every task must go there."""
    (worker,) = (p.argv for p in programs(threads=2, level="INFO") if p.name == "worker")
    assert not {"-Q", "--queues", "-X"} & set(worker)
    settings = wiring.configuration(load({"EXCHANGE_VAR": str(tmp_path)}))
    own = Celery("house", set_as_current=False)
    own.conf.update(settings)
    usual = settings["task_default_queue"]
    assert set(own.amqp.queues) == {usual}
    for task in (task for task in queue.tasks if task.startswith("tasks.")):
        assert own.amqp.router.route({}, task)["queue"].name == usual, task
        assert not getattr(queue.tasks[task], "queue", None), f"{task} goes where nobody listens"


def test_what_the_clock_sends_is_json(queue):
    for row in SCHEDULE.values():
        sent = {"args": row.get("args", ()), "kwargs": row.get("kwargs", {})}
        assert json.loads(json.dumps(sent)) == {**sent, "args": list(sent["args"])}
        inspect.signature(queue.tasks[row["task"]].run).bind(*sent["args"], **sent["kwargs"])


def test_a_task_takes_ids_by_name(queue):
    for task in queue.tasks.values():
        if task.name.startswith("tasks."):
            for parameter in inspect.signature(task.run).parameters.values():
                assert parameter.kind is parameter.KEYWORD_ONLY, f"{task.name}: {parameter}"
                assert parameter.annotation in SPOKEN, f"{task.name}: {parameter}"


@pytest.mark.parametrize("path", FILES, ids=name)
def test_a_task_is_named_and_small(path):
    """The name is the address of a message: moving a function must not change it."""
    for node in tree(path).body:
        if isinstance(node, ast.FunctionDef) and node.decorator_list:
            said = ast.unparse(node.decorator_list[0])
            assert "name='tasks." in said, f"{name(path)}: {node.name} has no name"
            assert len(node.body) <= 10, f"{name(path)}: {node.name} decides too much"
