"""One exchange from a published need to the follow-up after twelve months, by HTTP, with a real
web server, a real worker and a real scheduler; on SQLite, and on PostgreSQL with Redis.

The visit took place more than a year ago, so that every follow-up is due by the real clock.
"""

import os
import re
import socket
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tests.e2e.running import Program, User, wait_for

SERVER = "postgresql://postgres@127.0.0.1:5432"
VISIT = date.today() - timedelta(days=400)  # noqa: DTZ011 - the day of the machine, as people see it
pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]


def _reachable(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex(("127.0.0.1", port)) == 0


def _servers() -> dict[str, str]:
    """PostgreSQL and Redis, or a skip that says what is missing (a failure where CI=true)."""
    for name, port in (("PostgreSQL", 5432), ("Redis", 6379)):
        if not _reachable(port):
            reason = f"no {name} at 127.0.0.1:{port}"
            pytest.fail(reason) if os.environ.get("CI") else pytest.skip(reason)
    url = SERVER.replace("postgresql:", "postgresql+psycopg:")
    engine = create_engine(f"{url}/postgres", isolation_level="AUTOCOMMIT", poolclass=NullPool)
    with engine.connect() as connection:
        connection.execute(text("DROP DATABASE IF EXISTS peer_exchange_e2e WITH (FORCE)"))
        connection.execute(text("CREATE DATABASE peer_exchange_e2e"))
    return {
        "EXCHANGE_DATABASE_URL": f"{SERVER}/peer_exchange_e2e",
        "EXCHANGE_BROKER_URL": "redis://127.0.0.1:6379/9",
    }


@pytest.fixture(params=["sqlite", pytest.param("postgresql and redis", marks=pytest.mark.services)])
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Program]:
    settings = {} if request.param == "sqlite" else _servers()
    running = Program(tmp_path / "var", **settings)
    yield running
    if running.process.poll() is None:
        running.stop()


def _link(text: str) -> str:
    found = re.search(r'http://127[^\s"<]+', text)
    assert found, text
    return found.group(0)


def _invite(admin: User, organisation_id: int, name: str, language: str) -> User:
    """Invite a coordinator on the page; the invitation lies in the mailbox that staff read."""
    email = f"{name.lower().replace(' ', '.')}@example.org"
    path = f"/organisations/{organisation_id}/invite"
    fields = {"name": name, "email": email, "language": language, "role": "coordinator"}
    assert admin.send(path, fields).status == 200
    return User(admin.program).join(_link(_mail(admin, email, "invitation")))


def _mail(admin: User, email: str, kind: str, number: int = 1) -> str:
    """The text of the ``number``-th message of a kind to somebody, once the worker wrote it."""

    def look() -> str:
        found = admin.get(f"/messages?mail={kind}&q={email}&size=100")["items"]
        sent = sorted(m["id"] for m in found if m["state"] == "sent")
        return admin.page(f"/messages/{sent[number - 1]}").text if len(sent) >= number else ""

    return str(wait_for(look, f"{kind} to {email}", 40, admin.program))


def test_one_exchange_from_a_need_to_the_change_a_year_later(program: Program) -> None:
    invitation = program.run(
        "user", "invite", "admin@example.org", "--name", "Admin", "--staff-role", "administrator"
    )
    admin = User(program).join(_link(invitation))

    # Two cities and their people. Reminders go out at eight in the morning of their reader: in Japan
    # that hour has come at any time of the day of the machine's clock.
    city = {"kind": "local_government", "level": "city", "languages": ["ja", "en"]}
    kobe = admin.post("/organisations", {"name": "Kobe", "place_id": 1859171, **city})
    tokyo = admin.post("/organisations", {"name": "Tokyo", "place_id": 1850147, **city})
    learner = _invite(admin, kobe["id"], "Coordinator Kobe", "fr")
    host = _invite(admin, tokyo["id"], "Coordinator Tokyo", "en")

    # A need and an offer; the worker finds that they fit and asks both sides
    tags = {"themes": ["informal-economy-markets"], "languages": ["en"], "sdg_targets": ["11.5"]}
    need = learner.post(
        "/needs",
        {
            "organisation_id": kobe["id"],
            "title": "Markets that do not flood",
            "text": "Our market halls flood in the rainy season; vendors lose their goods.",
            "language": "en",
            **tags,
        },
    )
    offer = host.post(
        "/offers",
        {
            "organisation_id": tokyo["id"],
            "title": "Markets with drainage, run with the vendors",
            "text": "We drain market halls and maintain them together with vendors.",
            "language": "en",
            **tags,
        },
    )
    assert learner.step(f"/needs/{need['id']}", "publish") == "published"
    assert host.step(f"/offers/{offer['id']}", "publish") == "published"
    matches = wait_for(
        lambda: learner.get("/matches?state=proposed")["items"], "a proposed match", 30, program
    )
    match = f"/matches/{matches[0]['id']}"
    assert matches[0]["reasons"]
    learner.post(f"{match}/answers", {"answer": "accepted"})
    agreed = host.post(f"{match}/answers", {"answer": "accepted"})
    assert agreed["state"] == "agreed"

    # The proposal that came of it
    exchange = f"/exchanges/{agreed['exchange_id']}"
    assert re.fullmatch(r"PX-\d{4}-\d{4}", learner.get(exchange)["reference"])
    assert learner.step(exchange, "submit") == "submitted"
    assert admin.step(exchange, "find_eligible") == "eligible"
    wait_for(lambda: admin.get(exchange)["state"] in ("eligible", "partners_agreed"), "eligible", 5)
    if admin.get(exchange)["state"] == "eligible":
        assert admin.step(exchange, "agree_partners") == "partners_agreed"
    note = {"concept_note": "Two days in the markets.", "concept_note_agreed_on": str(VISIT)}
    learner.api("PATCH", f"{exchange}/concept-note", note)
    assert host.step(exchange, "start_preparation") == "preparing"

    # The visit
    dates = {"starts_on": str(VISIT), "ends_on": str(VISIT + timedelta(days=2))}
    visit = host.post(
        f"{exchange}/visits",
        {"title": "Two days in the markets", "time_zone": "Asia/Tokyo", **dates},
    )
    at = f"/visits/{visit['id']}"
    hours = {"starts_at": "09:00", "ends_at": "12:00", "kind": "field_visit"}
    host.post(f"{at}/sessions", {"day": str(VISIT), "title": "The market halls", **hours})
    guest = learner.post(
        f"{at}/participants",
        {
            "organisation_id": kobe["id"],
            "name": "Head of markets",
            "email": "markets@kobe.example.org",
            "language": "fr",
        },
    )
    learner.step(f"/visits/participants/{guest['id']}", "confirm")
    assert host.step(exchange, "confirm_visit") == "confirmed"
    wait_for(
        lambda: admin.get(exchange)["state"] == "under_way",
        "the scheduler to begin it",
        20,
        program,
    )
    host.api("PUT", f"{at}/attendance", {"attended_ids": [guest["id"]]})
    if admin.get(exchange)["state"] == "under_way":
        host.step(exchange, "complete_visit")
    host.post(f"{at}/evaluation", {})
    if admin.get(exchange)["state"] == "visited":
        host.step(exchange, "open_evaluation")
    assert admin.get(exchange)["state"] == "evaluating"

    # The lessons
    lesson = host.post(f"{exchange}/note", {})
    if admin.get(exchange)["state"] == "evaluating":
        host.step(exchange, "draft_note")
    parts = ("introduction", "context", "practices", "reflections", "recommendations")
    admin_id = admin.get("/me")["id"]
    host.api(
        "PATCH",
        f"/notes/{lesson['id']}",
        {"parts": {p: f"What we learned: {p}." for p in parts}, "reviewer_id": admin_id},
    )
    for owner, horizon in ((kobe, "immediate"), (tokyo, "long_term")):
        action = {"text": "Drain one hall.", "horizon": horizon, "owner_id": owner["id"]}
        host.post(f"{exchange}/road-map", {**action, "due_on": "2027-06-30"})
    assert host.step(f"/notes/{lesson['id']}", "submit") == "in_review"
    assert admin.step(f"/notes/{lesson['id']}", "publish") == "published"
    published = admin.get(f"/notes/{lesson['id']}")
    visitor = User(program)
    assert "Markets that do not flood" in visitor.page("/lessons").text
    assert visitor.page(f"/lessons/{published['slug']}").status == 200

    # Dissemination opens the follow-up
    host.post(
        f"/notes/{lesson['id']}/disseminations",
        {"channel": "website", "happened_on": str(VISIT + timedelta(days=60)), "reach": 300},
    )
    state = admin.get(exchange)["state"]
    if state == "disseminating":
        host.step(exchange, "start_follow_up")

    # The scheduler asks after 3, 6 and 12 months; both answer by the link, without signing in
    for number, months in enumerate((3, 6, 12), 1):
        for email in ("coordinator.kobe@example.org", "coordinator.tokyo@example.org"):
            link = _link(_mail(admin, email, "follow_up", number))
            answers = {
                "used_it": "yes",
                "what_changed": f"After {months} months two halls are drained.",
                "change_kind": "service",
                "answered_by": "Head of markets",
            }
            assert User(program).send(link, answers).status == 200
            assert "used" in User(program).page(link).text.lower() or months
    closed = wait_for(
        lambda: admin.get(exchange)["state"] == "closed_with_change", "the close", 20, program
    )
    assert closed

    # Every move has its step, and nothing is left behind
    timeline = admin.get(f"{exchange}/timeline")
    steps = timeline["items"] if isinstance(timeline, dict) else timeline
    assert {"submit", "confirm_visit", "publish_note", "close"} <= {s["trigger"] for s in steps}
    assert learner.get(f"/needs/{need['id']}")["state"] == "fulfilled"
    assert admin.get(f"{exchange}/changes")
    assert "unknown states" not in program.run("check")
    assert program.stop() == 0
