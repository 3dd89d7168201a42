"""The REST faces of what people do inside an exchange and of what staff decide: as the pages."""

from datetime import timedelta

import pytest

from exchange.clock import now, today
from exchange.extensions import db
from exchange.messages.models import MailHold, Message
from exchange.reminders.models import ReminderRule
from exchange.visits.models import Visit
from tests import factories
from workflows.exchange import ExchangeState as S


@pytest.fixture
def cities(app):
    """A host and a learner with a visit to agree on, and somebody who speaks for each."""
    host, learner = factories.organisation("Lyon"), factories.organisation("Nampula")
    exchange = factories.exchange(host=host, learner=learner, state=S.preparing)
    exchange.visits.append(Visit(number=1))
    db.session.commit()
    people = {city: factories.person(city.name, of=city) for city in (host, learner)}
    return exchange, host, learner, people


def test_remarks_are_written_and_read_by_those_of_the_exchange(browser, cities):
    exchange, host, learner, people = cities
    address = f"/api/v1/exchanges/{exchange.id}/remarks"
    mine, staff = browser.api(people[host]), browser.api(factories.officer(name="Lucía"))
    key = {"Idempotency-Key": "r-1"}
    first = mine.post(address, json={"text": "In May?"}, headers=key)
    again = mine.post(address, json={"text": "In May?"}, headers=key)
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    told = staff.post(address, json={"text": "Call them.", "audience": "staff"})
    assert told.json["audience"] == "staff"
    assert [row["text"] for row in staff.get(address).json["items"]] == ["Call them.", "In May?"]
    seen = browser.api(people[learner]).get(address).json
    assert [(row["author"], row["text"]) for row in seen["items"]] == [("Lyon", "In May?")]
    assert seen["total"] == 1
    refused = mine.post(address, json={"text": "x", "audience": "staff"})
    assert refused.json["error"]["fields"].keys() == {"audience"}
    stranger = browser.api(factories.person(of=factories.organisation()))
    assert {
        stranger.get(address).status_code,
        stranger.post(address, json={"text": "x"}).status_code,
    } == {403}
    exchange.state = S.draft
    db.session.commit()
    assert stranger.get(address).status_code == 404


def test_dates_are_proposed_answered_and_agreed(browser, cities):
    exchange, host, learner, people = cities
    (visit,) = exchange.visits
    ours, theirs = browser.api(people[host]), browser.api(people[learner])
    day = today() + timedelta(days=60)
    asked = {"organisation_id": host.id, "starts_on": str(day), "ends_on": str(day + timedelta(3))}
    address = f"/api/v1/visits/{visit.id}/dates"
    assert theirs.post(address, json=asked).status_code == 403, "each side speaks for itself"
    proposed = ours.post(address, json=asked)
    assert proposed.status_code == 201
    of = f"/api/v1/visits/dates/{proposed.json['id']}"
    early = ours.post(f"{of}/agree")
    assert (early.status_code, early.json["error"]["code"]) == (409, "dates_not_agreed")
    said = theirs.put(f"{of}/answer", json={"organisation_id": learner.id, "answer": "fits"})
    assert {one["answer"] for one in said.json["answers"]} == {"fits"}
    assert theirs.get(address).json[0]["starts_on"] == str(day)
    assert ours.post(f"{of}/agree").json["starts_on"] == str(day)
    assert (
        ours.put(f"{of}/answer", json={"organisation_id": learner.id, "answer": "no"}).status_code
        == 403
    )
    stranger = browser.api(factories.person())
    assert stranger.get(address).status_code == 403
    assert stranger.post(f"{of}/agree").status_code == 404


def test_a_sheet_is_begun_written_signed_and_reopened(browser, cities):
    exchange, host, learner, people = cities
    exchange.state = S.visited
    db.session.commit()
    mine, theirs = browser.api(people[learner]), browser.api(people[host])
    address = f"/api/v1/exchanges/{exchange.id}/lesson-sheets"
    assert theirs.post(address, json={"organisation_id": learner.id}).status_code == 403
    begun = mine.post(address, json={"organisation_id": learner.id})
    assert begun.status_code == 201
    assert mine.post(address, json={"organisation_id": learner.id}).json["id"] == begun.json["id"]
    one = f"/api/v1/lesson-sheets/{begun.json['id']}"
    seen = begun.json["version_id"]
    unsigned = mine.put(f"{one}/signature")
    assert unsigned.status_code == 422
    first = mine.patch(one, json={"seen": "Drains.", "version_id": seen})
    assert first.json["answers"] == {"seen": "Drains."}
    late = mine.patch(one, json={"will_change": "Ours.", "version_id": seen})
    assert (late.status_code, late.json["error"]["code"]) == (409, "overtaken")
    whole = mine.patch(one, json={"will_change": "Ours.", "version_id": first.json["version_id"]})
    assert whole.json["answers"] == {"seen": "Drains.", "will_change": "Ours."}
    assert whole.json["missing"] == []
    assert mine.put(f"{one}/signature").json["signed_on"] == str(today())
    assert mine.patch(one, json={"seen": "More."}).status_code == 409
    assert theirs.get(one).json["signed_by_id"] == people[learner].id
    assert theirs.delete(f"{one}/signature").status_code == 403
    assert mine.delete(f"{one}/signature").json["signed_on"] is None
    assert len(theirs.get(address).json) == 1
    assert browser.api(factories.person()).get(one).status_code == 404


def test_views_are_saved_shared_by_staff_and_thrown_away(browser, app):
    ana, officer = factories.person("Ana"), factories.officer()
    mine, office = browser.api(ana), browser.api(officer)
    saved = {"list_name": "needs", "name": "Water", "query": "q=water"}
    one = mine.post("/api/v1/views", json=saved)
    assert one.status_code == 201
    assert (
        mine.post("/api/v1/views", json={**saved, "query": "q=rain"}).json["id"] == one.json["id"]
    )
    assert mine.post("/api/v1/views", json={**saved, "shared": True}).status_code == 422
    shared = office.post("/api/v1/views", json={**saved, "name": "All", "shared": True})
    assert [view["query"] for view in mine.get("/api/v1/views?list_name=needs").json] == ["q=rain"]
    other = browser.api(factories.officer())
    assert [view["name"] for view in other.get("/api/v1/views").json] == ["All"]
    address = f"/api/v1/views/{shared.json['id']}"
    assert other.delete(address).status_code == 403
    assert mine.delete(address).status_code == 404
    assert office.put(address, json={"name": "Everything"}).json["name"] == "Everything"
    assert office.delete(address).status_code == 204
    assert other.get("/api/v1/views").json == []


def test_each_reviewer_writes_a_review_and_reads_all(browser, app):
    exchange = factories.exchange(learner=factories.organisation(), state=S.submitted)
    first, second = (browser.api(factories.officer(name=name)) for name in ("Lucía", "Pierre"))
    address = f"/api/v1/exchanges/{exchange.id}/reviews"
    mine = first.put(f"{address}/mine", json={"need_is_clear": "yes", "note": "Who pays?"})
    assert (mine.status_code, mine.json["person"]) == (200, "Lucía")
    second.put(f"{address}/mine", json={"need_is_clear": "no"})
    assert [row["need_is_clear"] for row in second.get(address).json] == ["yes", "no"]
    changed = {"need_is_clear": "partly", "version_id": mine.json["version_id"]}
    assert first.put(f"{address}/mine", json=changed).status_code == 200
    late = first.put(f"{address}/mine", json=changed)
    assert (late.status_code, late.json["error"]["code"]) == (409, "overtaken")
    city = browser.api(factories.person(of=exchange.proposer))
    assert city.get(address).status_code == 403


def test_staff_read_the_log(browser, app):
    exchange = factories.exchange(learner=factories.organisation(), state=S.submitted)
    officer = factories.officer(name="Lucía")
    client = browser.api(officer)
    sent = {"trigger": "decline", "note": "Not this year"}
    client.post(f"/api/v1/exchanges/{exchange.id}/steps", json=sent)
    (row,) = client.get("/api/v1/log?noun=exchange&who=Luc").json["items"]
    assert (row["noun"], row["name"], row["to_state"]) == (
        "exchange",
        exchange.reference,
        "declined",
    )
    assert (row["actor"], row["note"]) == ("Lucía", "Not this year")
    assert client.get("/api/v1/log?noun=need").json["total"] == 0
    assert browser.api(factories.person()).get("/api/v1/log").status_code == 403


def test_staff_decide_about_reminders_and_confirm_what_goes_at_once(browser, app):
    client = browser.api(factories.officer())
    rules = {row["kind"]: row for row in client.get("/api/v1/reminders/rules").json}
    assert rules["weekly"]["days"] == []
    address = "/api/v1/reminders/rules/information_asked"
    sent = {"active": True, "days": "3", "held": True, "seen_version": 0}
    city = factories.organisation()
    factories.person(of=city)
    since = now() - timedelta(days=3)
    factories.exchange(state=S.more_information, state_since=since, proposer=city)
    asked = client.put(address, json=sent)
    assert (asked.status_code, asked.json["error"]["code"]) == (409, "would_mail")
    assert db.session.query(ReminderRule).count() == 0
    done = client.put(address, json={**sent, "confirmed": 1})
    assert (done.json["days"], done.json["held"], done.json["version"]) == ([3], True, 1)
    late = client.put(address, json={**sent, "confirmed": 1})
    assert (late.status_code, late.json["error"]["code"]) == (409, "overtaken")
    weekly = {"active": False, "seen_version": 0}
    assert client.put("/api/v1/reminders/rules/weekly", json=weekly).json["active"] is False
    assert client.put("/api/v1/reminders/rules/none", json=weekly).status_code == 404
    assert browser.api(factories.person()).put(address, json=sent).status_code == 403


def test_staff_hold_mails_and_let_them_go(browser, app):
    city = factories.organisation()
    exchange = factories.exchange(learner=city, state=S.submitted)
    client = browser.api(factories.officer())
    address = f"/api/v1/exchanges/{exchange.id}/mail-holds"
    one = client.post(address, json={})
    assert (one.status_code, one.json["state"]) == (201, "")
    assert client.post(address, json={}).json["error"]["code"] == "held_already"
    assert client.post(address, json={"last_step": True}).json["state"] == "submitted"
    assert len(client.get(address).json) == 2
    assert client.delete(f"/api/v1/mail-holds/{one.json['id']}").json["ended_at"] is not None
    assert client.delete(f"/api/v1/mail-holds/{one.json['id']}").status_code == 409
    assert db.session.query(MailHold).filter_by(ended_at=None).count() == 1
    assert db.session.query(Message).count() == 0
    mine = browser.api(factories.person(of=city))
    assert mine.post(address, json={}).status_code == 403
