"""One number runs from a click to the mail: through the request, the queue, the task and the row,
by real processes; the log has it at every stop."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.running import Program, User, wait_for
from tests.e2e.test_spine import FIRST_ADMINISTRATOR, NEED, OFFER, TAGS, _link
from tests.integration.mail_server import mail_server

pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(240)]


@pytest.fixture
def mails_and_program(tmp_path: Path) -> Iterator[tuple[Any, Program]]:
    with mail_server() as (mails, post):
        program = Program(
            tmp_path / "var",
            EXCHANGE_LOG_FORMAT="json",
            EXCHANGE_MAIL_URL=f"smtp://127.0.0.1:{post.server.port}",
            # A proxy in front may give the number: here the test does.
            EXCHANGE_TRUSTED_PROXIES="1",
            # Rarely, so that it is the ring that brings the work.
            EXCHANGE_SWEEP_SECONDS="30",
        )
        yield mails, program
        program.stop()


def click(user: User, number: str) -> User:
    """What ``user`` asks from now on has this number."""
    user.opener.addheaders = [("X-Request-ID", number)]
    return user


def lines(program: Program, event: str) -> list[dict[str, Any]]:
    """The lines of the log for one kind of thing."""
    after = (line.partition(" | ")[2] for line in list(program.printed))
    found = [json.loads(line) for line in after if line.startswith("{")]
    return [line for line in found if line["event"] == event]


def _under(number: str, line: dict[str, Any]) -> bool:
    return number == line.get("request_id") or number in line.get("request_ids", ())


def test_a_number_runs_from_the_click_to_the_mail(mails_and_program: tuple[Any, Program]) -> None:
    mails, program = mails_and_program
    link = program.run("user", "invite", "admin@example.org", *FIRST_ADMINISTRATOR)
    admin = User(program).join(_link(link))

    # A mail that the request itself writes.
    kobe, tokyo = (
        admin.post(
            "/organisations",
            {"name": name, "place_id": place, "kind": "local_government", "level": "city"},
        )
        for name, place in (("Kobe", 1859171), ("Tokyo", 1850147))
    )
    people = []
    for city in (kobe, tokyo):
        number = f"click-invite-{city['id']}"
        email = f"c{city['id']}@example.org"
        fields = {"name": city["name"], "email": email, "language": "en", "role": "coordinator"}
        click(admin, number).send(f"/organisations/{city['id']}/invite", fields)
        mail = wait_for(
            lambda e=email: next(
                (m for m in mails.arrived if m["To"].addresses[0].addr_spec == e), 0
            ),
            "the invitation",
            30,
            program,
        )
        assert mail["X-Request-ID"] == number
        text = mail.get_body(("plain",)).get_content()
        people.append(User(program).join(_link(text)))

        (request,) = [
            line
            for line in lines(program, "request")
            if _under(number, line) and line["method"] == "POST"
        ]
        assert request["endpoint"] == "invitations.invite"
        assert request["status"] == 302
        assert request["ms"] > 0
        assert request["actor_id"] == 1
        tasks = [line for line in lines(program, "task") if _under(number, line)]
        assert "tasks.sweep.due_messages" in {line["name"] for line in tasks}
        assert all(line["task_id"] and line["waited_ms"] >= 0 for line in tasks)
        sent = [line for line in lines(program, "mail") if line["written_by"] == number]
        assert [line["fate"] for line in sent] == ["deliver"]

    # Mails that tasks write, because of a click two tasks before.
    learner, host = people
    need = learner.post("/needs", {"organisation_id": kobe["id"], **NEED, **TAGS})
    offer = host.post("/offers", {"organisation_id": tokyo["id"], **OFFER, **TAGS})
    click(learner, "click-need-published").step(f"/needs/{need['id']}", "publish")
    click(host, "click-offer-published").step(f"/offers/{offer['id']}", "publish")
    sent = wait_for(
        lambda: [line for line in lines(program, "mail") if line["kind"] == "match_to_answer"],
        "a mail about the match",
        30,
        program,
    )
    writer = sent[0]["written_by"]
    assert writer in {mail["X-Request-ID"] for mail in mails.arrived}
    # Two clicks came so close together that one task worked for both: then the mail names the
    # task, and the line of the task names the clicks.
    wrote = [line for line in lines(program, "task") if line["task_id"] == writer]
    assert writer == "click-offer-published" or _under("click-offer-published", wrote[0])

    # Nobody's name or address is in the log.
    log = "".join(program.printed)
    assert "c1@example.org" not in log
    assert "admin@example.org" not in log
