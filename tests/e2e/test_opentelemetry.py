"""One click is one trace, told by the processes that did the work; the last of it as they end."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running import Program, User, wait_for
from tests.e2e.test_spine import FIRST_ADMINISTRATOR, _link
from tests.e2e.test_trace import _under, lines
from tests.integration.collector import Collector, collector
from tests.integration.mail_server import mail_server

DELIVERS = "tasks.sweep.due_messages"
pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(240)]


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
