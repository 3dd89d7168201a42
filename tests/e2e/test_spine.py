"""One exchange from a published need to the follow-up after twelve months, by HTTP, with a real
web server, a real worker and a real scheduler; on SQLite, and on PostgreSQL with Redis.

The visit took place more than a year ago, so that every follow-up is due by the real clock.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from tests.e2e.running import Program, User, servers, wait_for

VISIT = date.today() - timedelta(days=400)  # noqa: DTZ011 - the day of the machine, as people see it
TAGS = {"themes": ["informal-economy-markets"], "languages": ["en"], "sdg_targets": ["11.5"]}
NEED = {
    "title": "Markets that do not flood",
    "text": "Our market halls flood in the rainy season; vendors lose their goods.",
    "language": "en",
}
OFFER = {
    "title": "Markets with drainage, run with the vendors",
    "text": "We drain market halls and maintain them together with vendors.",
    "language": "en",
}
DELEGATE = {"name": "Head of markets", "email": "markets@kobe.example.org"}
PARTS = ("introduction", "context", "practices", "reflections", "recommendations")
FIRST_ADMINISTRATOR = ("--name", "Admin", "--staff-role", "administrator")
pytestmark = [pytest.mark.e2e, pytest.mark.slow, pytest.mark.timeout(300)]


@pytest.fixture(params=["sqlite", pytest.param("postgresql and redis", marks=pytest.mark.services)])
def program(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Program]:
    settings = {} if request.param == "sqlite" else servers("peer_exchange_e2e", redis=9)
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


class Story:
    """Three people and one exchange. Reminders go out at eight in the morning of their reader: in
    Japan that hour has come at any time of the day of the machine's clock."""

    def __init__(self, program: Program) -> None:
        self.program = program
        link = program.run("user", "invite", "admin@example.org", *FIRST_ADMINISTRATOR)
        self.admin = User(program).join(_link(link))
        city = {"kind": "local_government", "level": "city", "languages": ["ja", "en"]}
        self.kobe = self.admin.post("/organisations", {"name": "Kobe", "place_id": 1859171, **city})
        self.tokyo = self.admin.post(
            "/organisations", {"name": "Tokyo", "place_id": 1850147, **city}
        )
        self.learner = _invite(self.admin, self.kobe["id"], "Coordinator Kobe", "fr")
        self.host = _invite(self.admin, self.tokyo["id"], "Coordinator Tokyo", "en")
        self.exchange = self.need = self.note = ""

    @property
    def state(self) -> str:
        return str(self.admin.get(self.exchange)["state"])

    def come_to(self, state: str, trigger: str) -> None:
        """Some moves follow by themselves from what was recorded; the others are asked for."""
        if self.state != state:
            self.host.step(self.exchange, trigger)
        assert self.state == state

    def matched(self) -> None:
        """A need and an offer; the worker finds that they fit, and both sides say yes."""
        need = self.learner.post("/needs", {"organisation_id": self.kobe["id"], **NEED, **TAGS})
        offer = self.host.post("/offers", {"organisation_id": self.tokyo["id"], **OFFER, **TAGS})
        self.need = f"/needs/{need['id']}"
        assert self.learner.step(self.need, "publish") == "published"
        assert self.host.step(f"/offers/{offer['id']}", "publish") == "published"
        asked = "/matches?state=proposed"
        found = wait_for(lambda: self.learner.get(asked)["items"], "a match", 30, self.program)
        assert sum(reason["points"] for reason in found[0]["reasons"]) == found[0]["score"]
        match = f"/matches/{found[0]['id']}"
        self.learner.post(f"{match}/answers", {"answer": "accepted"})
        agreed = self.host.post(f"{match}/answers", {"answer": "accepted"})
        assert agreed["state"] == "agreed"
        self.exchange = f"/exchanges/{agreed['exchange_id']}"

    def proposed(self) -> None:
        """The proposal that came of it: sent, found eligible, its concept note agreed."""
        reference = self.learner.get(self.exchange)["reference"]
        assert re.fullmatch(r"PX-\d{4}-\d{4}", reference)
        assert self.learner.step(self.exchange, "submit") == "submitted"
        assert self.admin.step(self.exchange, "find_eligible") == "eligible"
        assert self.admin.step(self.exchange, "agree_partners") == "partners_agreed"
        note = {"concept_note": "Two days in the markets.", "concept_note_agreed_on": str(VISIT)}
        self.learner.api("PATCH", f"{self.exchange}/concept-note", note)
        assert self.host.step(self.exchange, "start_preparation") == "preparing"

    def visited(self) -> None:
        """Dates, programme, a guest who confirms; the scheduler begins it; who came is recorded."""
        dates = {"starts_on": str(VISIT), "ends_on": str(VISIT + timedelta(days=2))}
        facts = {"title": "Two days in the markets", "time_zone": "Asia/Tokyo", **dates}
        at = f"/visits/{self.host.post(f'{self.exchange}/visits', facts)['id']}"
        hours = {"starts_at": "09:00", "ends_at": "12:00", "kind": "field_visit"}
        self.host.post(f"{at}/sessions", {"day": str(VISIT), "title": "The market halls", **hours})
        delegate = {"organisation_id": self.kobe["id"], "language": "fr", **DELEGATE}
        guest = self.learner.post(f"{at}/participants", delegate)
        self.learner.step(f"/visits/participants/{guest['id']}", "confirm")
        assert self.host.step(self.exchange, "confirm_visit") == "confirmed"
        wait_for(lambda: self.state == "under_way", "the visit to begin", 20, self.program)
        self.host.api("PUT", f"{at}/attendance", {"attended_ids": [guest["id"]]})
        self.come_to("visited", "complete_visit")
        self.host.post(f"{at}/evaluation", {})
        self.come_to("evaluating", "open_evaluation")

    def published(self) -> None:
        """The note is written, reviewed, published and shared; anybody can read it."""
        lesson = self.host.post(f"{self.exchange}/note", {})
        self.note = f"/notes/{lesson['id']}"
        self.come_to("note_drafting", "draft_note")
        parts = {part: f"What we learned: {part}." for part in PARTS}
        reviewer = self.admin.get("/me")["id"]
        self.host.api("PATCH", self.note, {"parts": parts, "reviewer_id": reviewer})
        for owner, horizon in ((self.kobe, "immediate"), (self.tokyo, "long_term")):
            action = {"text": "Drain one hall.", "horizon": horizon, "owner_id": owner["id"]}
            self.host.post(f"{self.exchange}/road-map", {**action, "due_on": "2027-06-30"})
        assert self.host.step(self.note, "submit") == "in_review"
        assert self.admin.step(self.note, "publish") == "published"
        visitor = User(self.program)
        assert NEED["title"] in visitor.page("/lessons").text
        assert visitor.page(f"/lessons/{self.admin.get(self.note)['slug']}").status == 200
        shared = {"channel": "website", "happened_on": str(VISIT + timedelta(days=60))}
        self.host.post(f"{self.note}/disseminations", {**shared, "reach": 300})
        self.come_to("following_up_3", "start_follow_up")

    def followed_up(self) -> None:
        """The scheduler asks three times; both answer by the link, without signing in."""
        for number, months in enumerate((3, 6, 12), 1):
            for email in ("coordinator.kobe@example.org", "coordinator.tokyo@example.org"):
                link = _link(_mail(self.admin, email, "follow_up", number))
                change = f"After {months} months two halls are drained."
                answers = {"used_it": "yes", "what_changed": change, "change_kind": "service"}
                assert User(self.program).send(link, answers).status == 200
                assert 'name="used_it"' not in User(self.program).page(link).text  # once only
        wait_for(lambda: self.state == "closed_with_change", "the close", 20, self.program)


def test_one_exchange_from_a_need_to_the_change_a_year_later(program: Program) -> None:
    story = Story(program)
    story.matched()
    story.proposed()
    story.visited()
    story.published()
    story.followed_up()
    # Every move has its step, and nothing is left behind.
    timeline = story.admin.get(f"{story.exchange}/timeline")
    steps = timeline["items"] if isinstance(timeline, dict) else timeline
    assert {"submit", "confirm_visit", "publish_note", "close"} <= {s["trigger"] for s in steps}
    assert story.learner.get(story.need)["state"] == "fulfilled"
    assert story.admin.get(f"{story.exchange}/changes")
    assert "unknown states" not in program.run("check")
    assert program.stop() == 0
