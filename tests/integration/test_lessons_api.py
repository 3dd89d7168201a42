"""Lessons by the API: the public list, a note written part by part, road map, follow-ups."""

import pytest

from exchange.extensions import db
from exchange.lessons.models import FollowUp
from tests import factories
from tests.factories import lessons


def test_the_list_of_published_notes_is_public_and_drafts_are_not(browser, app):
    note = lessons.published()
    draft = lessons.written(lessons.evaluated())
    body = app.test_client().get("/api/v1/notes").json
    assert [one["number"] for one in body["items"]] == [34]
    assert body["items"][0]["slug"] == note.slug
    visitor = app.test_client()
    assert "reviewer_id" not in visitor.get(f"/api/v1/notes/{note.id}").json
    assert visitor.get(f"/api/v1/notes/{draft.id}").status_code == 404
    inside = browser.api(draft.author)
    assert inside.get("/api/v1/notes").json["total"] == 2
    shown = inside.get(f"/api/v1/notes/{draft.id}").json
    assert shown["author_id"] == draft.author_id
    assert shown["missing_parts"] == []


def test_a_note_from_its_beginning_to_its_first_channel(browser):
    story = lessons.evaluated()
    lessons.road_map(story)
    author, reviewer = browser.api(story.author), browser.api(story.officer)
    begun = author.post(f"/api/v1/exchanges/{story.exchange.id}/note")
    assert begun.status_code == 201
    path = f"/api/v1/notes/{begun.json['id']}"
    changed = author.patch(path, json={"parts": {"poem": "x"}})
    assert changed.status_code == 422
    parts = dict.fromkeys(begun.json["missing_parts"], "Text")
    changed = author.patch(path, json={"parts": parts, "reviewer_id": story.officer.id})
    assert changed.json["missing_parts"] == []
    assert changed.json["parts"]["context"] == begun.json["parts"]["context"]
    made = author.post(f"{path}/parts/road_map/assemble", json={"replace": True})
    assert "Clean the drains" in made.json["parts"]["road_map"]
    assert author.post(f"{path}/parts/poem/assemble", json={}).status_code == 404
    assert author.post(f"{path}/steps", json={"trigger": "submit"}).status_code == 201
    assert author.post(f"{path}/steps", json={"trigger": "publish"}).status_code == 403
    step = reviewer.post(f"{path}/steps", json={"trigger": "publish"})
    assert step.json["state"] == "published"
    channel = {"channel": "press", "happened_on": "2026-06-01"}
    assert author.post(f"{path}/disseminations", json=channel).status_code == 201
    assert author.get(f"{path}/disseminations").json[0]["channel"] == "press"


def test_a_road_map_by_the_api(browser):
    story = lessons.evaluated()
    api, base = browser.api(story.author), f"/api/v1/exchanges/{story.exchange.id}"
    sent = {"text": "Hire wardens", "horizon": "immediate"}
    added = api.post(f"{base}/road-map", json=sent)
    assert added.status_code == 201
    path = f"/api/v1/road-map/{added.json['id']}"
    refused = api.post(f"{path}/steps", json={"trigger": "begin"})
    assert refused.status_code == 409
    assert refused.json["error"]["reasons"][0]["code"] == "action_has_an_owner"
    api.patch(path, json={"owner_id": story.learner.id, "due_on": "2027-01-01"})
    assert api.post(f"{path}/steps", json={"trigger": "begin"}).json["state"] == "under_way"
    assert api.get(path).json["owner"]["name"] == "Nampula"
    assert len(api.get(f"{base}/road-map").json) == 1
    assert api.get("/api/v1/road-map?state=under_way&horizon=immediate").json["total"] == 1
    assert api.get("/api/v1/road-map?state=done").json["total"] == 0
    stranger = browser.api(factories.person(of=factories.organisation()))
    assert stranger.patch(path, json={"text": "Mine"}).status_code == 403


def test_transferability_and_changes_by_the_api(browser):
    story = lessons.evaluated()
    api, base = browser.api(story.author), f"/api/v1/exchanges/{story.exchange.id}"
    assert api.get(f"{base}/transferability").status_code == 404
    assert api.patch(f"{base}/transferability", json={"reuse": "Form"}).json["reuse"] == "Form"
    assert api.get(f"{base}/transferability").json["cost_order"] == "unknown"
    change = {
        "organisation_id": story.learner.id,
        "kind": "policy",
        "text": "A by-law",
        "recorded_on": "2026-08-01",
    }
    assert api.post(f"{base}/changes", json=change).status_code == 201
    assert api.get(f"{base}/changes").json[0]["organisation"]["name"] == "Nampula"


@pytest.fixture
def follow_up(app):
    story = lessons.evaluated()
    lessons.published(story)
    rows = [f for f in story.exchange.follow_ups if f.organisation is story.learner]
    return story, rows[0]


def test_follow_ups_by_the_api(browser, app, follow_up):
    story, row = follow_up
    api, staff = browser.api(story.author), browser.api(story.officer)
    path = f"/api/v1/follow-ups/{row.id}"
    assert api.get("/api/v1/follow-ups?mine=yes").json["total"] == 3
    assert api.get("/api/v1/follow-ups").json["total"] == 6
    assert api.post(f"{path}/link").status_code == 403
    link = staff.post(f"{path}/link").json["link"]
    assert app.test_client().get(link[link.index("/f/") :]).status_code == 200
    assert api.post(f"{path}/answers", json={"used_it": 1}).status_code == 422
    assert api.post(f"{path}/answers", json={"used_it": "yes"}).status_code == 201
    assert api.post(f"{path}/answers", json={"used_it": "no"}).status_code == 409
    assert api.get(path).json["answers"]["used_it"] == "yes"


def test_staff_count_silence_by_the_api(browser, follow_up):
    story, row = follow_up
    staff, path = browser.api(story.officer), f"/api/v1/follow-ups/{row.id}"
    assert staff.post(f"{path}/steps", json={"trigger": "count_unanswered"}).status_code == 409
    staff.post(f"{path}/link")
    counted = staff.post(f"{path}/steps", json={"trigger": "count_unanswered"})
    assert counted.json["state"] == "unanswered"
    db.session.expire_all()
    assert db.session.get(FollowUp, row.id).state == "unanswered"
