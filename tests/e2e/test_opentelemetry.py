"""One click is one trace, told by the processes that did the work; the last of it as they end."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from statistics import median
from threading import Thread
from time import monotonic
from typing import Any

import pytest

from tests.e2e.running import Program, User, wait_for
from tests.e2e.test_spine import FIRST_ADMINISTRATOR, _link
from tests.e2e.test_trace import _under, lines
from tests.integration.collector import Collector, collector
from tests.integration.mail_server import mail_server

DELIVERS = "tasks.sweep.due_messages"
RINGS = 6
RING = f"""
from tasks.worker import celery
for _ in range({RINGS}):
    celery.tasks["{DELIVERS}"].delay()
"""
pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture
def told(tmp_path: Path) -> Iterator[tuple[Collector, Any, Program]]:
    with collector() as found, mail_server() as (mails, post):
        program = Program(
            tmp_path / "var",
            EXCHANGE_OTLP_ENDPOINT=found.address,
            EXCHANGE_LOG_FORMAT="json",
            EXCHANGE_MAIL_URL=f"smtp://127.0.0.1:{post.server.port}",
            # Rarely, so that it is the ring that brings the work.
            EXCHANGE_SWEEP_SECONDS="30",
            # What waits is sent after an hour: so what comes is what ending processes send.
            OTEL_BSP_SCHEDULE_DELAY="3600000",
        )
        try:
            yield found, mails, program
        finally:
            if program.process.poll() is None:
                program.stop()


def rung(program: Program, route: str) -> bool:
    """Whether what a page or call at ``route`` rang for is done: the next ring is another."""
    asked = [line for line in lines(program, "request") if line["method"] == "POST"]
    numbers = [line["request_id"] for line in asked if line["route"].endswith(route)]
    tasks = [line for line in lines(program, "task") if line["name"] == DELIVERS]
    return any(_under(number, line) for number in numbers for line in tasks)


def test_a_click_its_task_and_its_mail_are_one_trace(
    told: tuple[Collector, Any, Program],
) -> None:
    found, mails, program = told
    link = program.run("user", "invite", "admin@example.org", *FIRST_ADMINISTRATOR)
    admin = User(program).join(_link(link))
    city = {"name": "Kobe", "place_id": 1859171, "kind": "local_government", "level": "city"}
    kobe = admin.post("/organisations", city)
    wait_for(lambda: rung(program, "/organisations"), "an end of the work before", 60, program)
    fields = {"name": "Amina", "email": "a@example.org", "language": "en", "role": "coordinator"}
    admin.send(f"/organisations/{kobe['id']}/invite", fields)
    address = "a@example.org"
    arrived = wait_for(
        lambda: [mail for mail in mails.arrived if mail["To"].addresses[0].addr_spec == address],
        "the invitation",
        60,
        program,
    )
    number = arrived[0]["X-Request-ID"]
    wait_for(lambda: rung(program, "/invite"), "the task of the click", 60, program)
    assert program.stop() == 0

    spans = found.spans
    (post,) = [
        span
        for span in spans
        if span.facts.get("exchange.request_id") == number and "http.route" in span.facts
    ]
    trace = [span for span in spans if span.raw.trace_id == post.raw.trace_id]
    tasks = [span for span in trace if "exchange.task" in span.facts]
    (mail,) = [span for span in trace if "exchange.mail" in span.facts]
    assert post.name == "POST /organisations/<int:id>/invite"
    assert post.facts["http.response.status_code"] == 302
    assert DELIVERS in {task.name for task in tasks}
    assert {task.facts["exchange.outcome"] for task in tasks} == {"done"}
    assert mail.facts["exchange.written_by"] == number
    assert mail.facts["exchange.outcome"] == "deliver"
    for span in (*tasks, mail):
        assert span.raw.parent_span_id == post.raw.span_id
        assert span.process["process.pid"] == mail.process["process.pid"]
    assert mail.process["process.pid"] != post.process["process.pid"]

    assert len({span.raw.span_id for span in spans}) == len(spans)

    # Nobody's name or address went out, with this span or any other.
    sent = b"".join(found.bodies)
    assert not [word for word in (b"example.org", b"Amina", b"127.0.0.1") if word in sent]


@contextmanager
def silence() -> Iterator[tuple[str, list[socket.socket]]]:
    """A collector that takes every connection and never answers: its address, and who came."""
    came: list[socket.socket] = []
    with socket.create_server(("127.0.0.1", 0)) as listens:

        def take() -> None:
            with suppress(OSError):  # the block has ended
                while True:
                    came.append(listens.accept()[0])

        Thread(target=take, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{listens.getsockname()[1]}", came
        finally:
            listens.shutdown(socket.SHUT_RDWR)
            for one in came:
                one.close()


def opened_in(program: Program) -> float:
    """Seconds until a page is there."""
    begun = monotonic()
    assert User(program).page("/sign-in").status == 200
    return monotonic() - begun


def test_a_collector_that_never_answers_slows_and_stops_nobody(tmp_path: Path) -> None:
    with silence() as (address, came):
        without = Program(tmp_path / "without")
        try:
            # Sent at once, and in small lots, so that there is always something on its way.
            told = Program(
                tmp_path / "told",
                EXCHANGE_OTLP_ENDPOINT=address,
                OTEL_BSP_SCHEDULE_DELAY="50",
                OTEL_BSP_MAX_EXPORT_BATCH_SIZE="4",
            )
            try:
                pairs = [(opened_in(told), opened_in(without)) for _ in range(60)]
            finally:
                begun = monotonic()
                ended = told.stop()
                seconds = monotonic() - begun
        finally:
            without.stop()
        assert len(came) >= 2  # the web and the worker, each waits for its answer
    with_it, alone = (median(side) for side in zip(*pairs[10:], strict=True))
    assert with_it < 2 * alone + 0.05
    assert ended == 0
    assert seconds < 10


def test_the_children_of_a_pool_of_processes_tell_what_they_do(tmp_path: Path) -> None:
    with collector() as found:
        environ = {k: v for k, v in os.environ.items() if not k.startswith("EXCHANGE_")} | {
            "EXCHANGE_VAR": str(tmp_path / "var"),
            "EXCHANGE_DEMO": "0",
            "EXCHANGE_OTLP_ENDPOINT": found.address,
            # A line for each task, also for one that no request asked for.
            "EXCHANGE_LOG_LEVEL": "DEBUG",
            "EXCHANGE_LOG_FORMAT": "json",
            # Only what ending processes send comes: the children must be among them.
            "OTEL_BSP_SCHEDULE_DELAY": "3600000",
        }
        run = partial(subprocess.run, env=environ, check=True, timeout=300, capture_output=True)
        run([sys.executable, "-m", "exchange.prepare"])
        pool = ["worker", "--pool", "prefork", "--concurrency", "2", "--loglevel", "INFO"]
        with (tmp_path / "log").open("w+") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", "celery", "-A", "tasks.worker", *pool],
                env=environ,
                stdout=log,
                stderr=log,
            )
            try:
                run([sys.executable, "-c", RING])
                done = partial(Path(log.name).read_text, encoding="utf-8")
                wait_for(lambda: done().count(f'"name": "{DELIVERS}"') >= RINGS, "the tasks", 200)
            finally:
                worker.terminate()
                assert worker.wait(30) == 0
        tasks = [span for span in found.spans if span.name == DELIVERS]
    assert len(tasks) == RINGS
    assert worker.pid not in {span.process["process.pid"] for span in tasks}
