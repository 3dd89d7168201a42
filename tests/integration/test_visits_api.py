"""Visits through the API: the same rules as on the pages."""

from datetime import UTC, datetime

import pytest
import time_machine

from exchange.exchanges import actions as exchanges
from exchange.extensions import db
from exchange.visits.models import ChecklistItem
from tests import factories
from tests.factories import visits
from workflows.exchange import ExchangeState

PLAN = {
    "title": "Durban",
    "starts_on": "2026-03-03",
    "ends_on": "2026-03-05",
    "time_zone": "Africa/Johannesburg",
}
SESSION = {"day": "2026-03-03", "starts_at": "09:00", "ends_at": "10:30", "title": "Welcome"}


@pytest.fixture
def told(app):
    return visits.story()


@pytest.fixture
def hosting(browser, told):
    return browser.api(told.hosting)


def test_a_visit_is_planned_shown_changed_and_listed(told, hosting):
    made = hosting.post(f"/api/v1/exchanges/{told.exchange.id}/visits", json=PLAN)
    assert made.status_code == 201
    assert (made.json["number"], made.json["exchange_state"]) == (1, "preparing")
    path = f"/api/v1/visits/{made.json['id']}"
    changed = hosting.patch(
        path, json={"place": "City Hall", "online_url": "https://meet.example.org/x"}
    )
    assert (changed.status_code, changed.json["title"]) == (200, "Durban")
    assert hosting.get(path).json["online_url"] == "https://meet.example.org/x"
    listed = hosting.get("/api/v1/visits?when=all").json
    assert [row["place"] for row in listed["items"]] == ["City Hall"]
    assert "online_url" not in listed["items"][0]
    of_exchange = hosting.get(f"/api/v1/exchanges/{told.exchange.id}/visits").json
    assert [row["id"] for row in of_exchange] == [made.json["id"]]


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"ends_on": "2026-03-01"}, "ends_on"),
        ({"starts_on": "2026-02-29"}, "starts_on"),
        ({"time_zone": "Nowhere"}, "time_zone"),
        ({"mode": "by post"}, "mode"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_a_wrong_plan_is_refused_at_its_field(told, hosting, wrong, field):
    answer = hosting.post(f"/api/v1/exchanges/{told.exchange.id}/visits", json={**PLAN, **wrong})
    assert answer.status_code == 422
    assert field in answer.json["error"]["fields"]


def test_the_programme_is_written_changed_and_shortened(told, hosting):
    visit = visits.visit(told.exchange)
    path = f"/api/v1/visits/{visit.id}/sessions"
    made = hosting.post(path, json={**SESSION, "speaker_id": told.host.id})
    assert made.status_code == 201
    assert (made.json["starts_at"], made.json["speaker"]["name"]) == ("09:00:00", "Durban")
    one = f"/api/v1/visits/sessions/{made.json['id']}"
    assert hosting.patch(one, json={"title": "Hello"}).json["title"] == "Hello"
    assert hosting.patch(one, json={"ends_at": "08:00"}).status_code == 422
    assert hosting.post(path, json={**SESSION, "starts_at": "09:00+02:00"}).status_code == 422
    assert [row["title"] for row in hosting.get(path).json] == ["Hello"]
    assert hosting.delete(one).status_code == 204
    assert hosting.get(path).json == []


def test_people_are_nominated_corrected_and_moved(told, hosting, browser):
    visit = visits.visit(told.exchange)
    path = f"/api/v1/visits/{visit.id}/participants"
    body = {
        "organisation_id": told.host.id,
        "name": "Sipho",
        "email": "sipho@example.org",
        "gender": "man",
    }
    made = hosting.post(path, json=body)
    assert (made.status_code, made.json["state"]) == (201, "nominated")
    assert hosting.post(path, json=body).status_code == 422
    one = f"/api/v1/visits/participants/{made.json['id']}"
    assert hosting.patch(one, json={"function": "Engineer"}).json["function"] == "Engineer"
    step = hosting.post(f"{one}/steps", json={"trigger": "confirm", "expected_state": "nominated"})
    assert (step.status_code, step.json["state"]) == (201, "confirmed")
    listed = hosting.get(path).json
    assert listed["items"][0]["email"] == "sipho@example.org"
    assert listed["balance"]["men"] == listed["balance"]["confirmed"] == 1
    reader = browser.api(factories.person(of=told.learner, role="member"))
    assert "email" not in reader.get(one).json
    assert "needs" not in reader.get(path).json["items"][0]
    stranger = browser.api(factories.person(of=factories.organisation()))
    assert stranger.get(path).status_code == 403
    assert stranger.get(one).status_code == 404
    assert "online_url" not in stranger.get(f"/api/v1/visits/{visit.id}").json


def test_the_checklist_is_read_ticked_added_to_and_shortened(told, hosting):
    made = hosting.post(f"/api/v1/exchanges/{told.exchange.id}/visits", json=PLAN).json
    path = f"/api/v1/visits/{made['id']}/checklist"
    first = hosting.get(path).json[0]
    assert (first["code"], first["due_on"], first["done_on"]) == ("venue", "2026-01-02", None)
    one = f"/api/v1/visits/checklist/{first['id']}"
    assert hosting.patch(one, json={"done": True}).json["done_by"] == "Thandi"
    assert hosting.patch(one, json={"done": False}).json["done_by"] is None
    assert hosting.patch(one, json={}).status_code == 422
    own = hosting.post(path, json={"label": "A bus"})
    assert (own.status_code, own.json["code"], own.json["label"]) == (201, None, "A bus")
    assert hosting.delete(one).status_code == 204
    db.session.expire_all()
    assert db.session.query(ChecklistItem).count() == 23


@time_machine.travel(datetime(2026, 3, 5, 12, tzinfo=UTC), tick=False)
def test_attendance_and_evaluation_move_the_exchange(browser):
    told, visit, who = visits.ready()
    exchanges.advance(told.exchange, "confirm_visit", actor=told.hosting)
    db.session.commit()
    hosting = browser.api(told.hosting)
    path = f"/api/v1/visits/{visit.id}"
    answer = hosting.put(f"{path}/attendance", json={"attended_ids": [who.id]})
    assert answer.json["exchange_state"] == "visited"
    assert hosting.post(f"{path}/evaluation").json["exchange_state"] == "evaluating"
    amina = browser.api(factories.person(email=who.email, of=told.learner, role="member"))
    own = f"/api/v1/visits/participants/{who.id}/evaluation"
    body = {"answers": {"participant-goals-met": 4, "participant-expected-use": "Lanes"}}
    assert hosting.put(own, json=body).status_code == 403
    assert amina.put(own, json=body).json["answers"]["participant-goals-met"] == 4
    found = hosting.get(f"{path}/evaluation").json["participant"]
    goals = next(row for row in found if row["question"] == "participant-goals-met")
    assert (goals["count"], goals["average"], goals["counts"]["4"]) == (1, 4.0, 1)
    use = next(row for row in found if row["question"] == "participant-expected-use")
    assert use["texts"] == [{"language": "en", "text": "Lanes"}]
    db.session.expire_all()
    assert told.exchange.state == ExchangeState.evaluating


def test_the_calendar_comes_with_a_token(told, hosting):
    visit = visits.visit(told.exchange)
    answer = hosting.get(f"/api/v1/visits/{visit.id}/calendar.ics")
    assert (answer.status_code, answer.mimetype) == (200, "text/calendar")


def test_nobody_without_a_token(app, browser, told):
    visit = visits.visit(told.exchange)
    assert app.test_client().get(f"/api/v1/visits/{visit.id}").status_code == 401
