"""Webhooks: another program is told what moved, signed, once, and as far as its maker may know."""

import hmac
import json
import socket
from datetime import timedelta
from hashlib import sha256

import pytest
import time_machine

from exchange import outgoing
from exchange.clock import now
from exchange.directory.models import Role
from exchange.exchanges import actions as exchanges
from exchange.extensions import db
from exchange.messages.models import Message
from exchange.webhooks import actions, sending, telling
from exchange.webhooks.models import Webhook, WebhookDelivery
from exchange.webhooks.sending import SIGNATURE, WAITS, Fate
from tests import factories
from tests.factories import visits
from tests.integration.strangers import stranger, trusted
from workflows.exchange import ExchangeState
from workflows.webhook_delivery import WebhookDeliveryState as S

URL = "https://hooks.example.org/px"


@pytest.fixture
def city(app):
    return factories.organisation("Nampula")


@pytest.fixture
def person(city):
    return factories.person("Ana", of=city)


@pytest.fixture
def there(monkeypatch):
    """A stranger whose name leads to this machine, which counts as public here."""

    def looked_up(_host, port, *_kinds, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]

    with stranger() as server:
        monkeypatch.setattr(outgoing.socket, "getaddrinfo", looked_up)
        monkeypatch.setattr(outgoing, "is_public", lambda _address: True)
        monkeypatch.setattr(outgoing, "tls", trusted)
        yield server


def webhook(person, url=URL, **told):
    told = told or {"exchanges": True, "matches": True, "visits": True}
    facts = {"url": url, "organisation_id": person.affiliations[0].organisation_id, **told}
    row, secret = actions.create(facts, actor=person)
    db.session.commit()
    return row, secret


def rows(**of):
    return db.session.query(WebhookDelivery).filter_by(**of).order_by(WebhookDelivery.id).all()


def is_signed(call, secret):
    """As the other side checks it, after docs/webhooks.md."""
    parts = [part.partition("=") for part in call.headers[SIGNATURE].split(",")]
    seconds = next(value for name, _equals, value in parts if name == "t")
    made = hmac.new(secret.encode(), f"{seconds}.".encode() + call.body, sha256).hexdigest()
    return any(hmac.compare_digest(made, value) for name, _e, value in parts if name == "v1")


def test_a_coordinator_sets_one_up_and_sees_its_secret_once(browser, city, person):
    page = browser.as_(person)
    data = {"url": URL, "organisation_id": city.id, "exchanges": "yes"}
    made = page.post("/webhooks/new", data=data)
    row = db.session.query(Webhook).one()
    assert (made.status_code, row.told) == (201, ["exchanges"])
    assert "whsec_" in made.text
    assert "whsec_" not in row.secret
    shown = page.get(f"/webhooks/{row.id}").text
    assert URL in shown
    assert "whsec_" not in shown
    assert URL in page.get("/webhooks").text


@pytest.mark.parametrize(
    "url",
    [
        "http://hooks.example.org/",
        "https://127.0.0.1/",
        "https://[::1]/",
        "https://169.254.169.254/latest",
        "https://10.1.2.3:8443/",
        "https://localhost/",
        "https://printer.local/",
        "https://ana:secret@hooks.example.org/",
        "https://[::ffff:10.0.0.1]/",
    ],
)
def test_an_address_of_our_own_house_is_refused_at_once(browser, city, person, url):
    data = {"url": url, "organisation_id": city.id, "exchanges": "yes"}
    answer = browser.as_(person).post("/webhooks/new", data=data)
    assert (answer.status_code, db.session.query(Webhook).count()) == (422, 0)


def test_nobody_sets_one_up_for_others_nor_sees_theirs(browser, city, person):
    other = factories.person("Rui", of=factories.organisation("Lyon"))
    data = {"url": URL, "organisation_id": city.id, "exchanges": "yes"}
    assert browser.as_(other).post("/webhooks/new", data=data).status_code == 422
    row, _secret = webhook(person)
    assert browser.as_(other).get(f"/webhooks/{row.id}").status_code == 404
    assert URL not in browser.as_(other).get("/webhooks").text
    assert browser.as_(factories.officer()).get(f"/webhooks/{row.id}").status_code == 200
    member = factories.person("Eva", of=city, role=Role.member)
    assert browser.as_(member).get("/webhooks").status_code == 403


def test_a_move_is_told_once_with_numbers_states_and_addresses(app, there):
    told = visits.story(state=ExchangeState.matching)
    row, secret = webhook(told.learning, there.url)
    step = exchanges.advance(
        told.exchange, "hold", actor=factories.officer(), note="Elections in June"
    )
    db.session.commit()
    sending.tell_and_send()
    sending.tell_and_send()
    (call,) = [call for call in there.calls if b"exchange.hold" in call.body]
    body = json.loads(call.body)
    assert body["id"] == f"step-{step.id}"
    assert body["subject"] == {"type": "exchange", "id": told.exchange.id}
    assert (body["from_state"], body["state"]) == ("matching", "on_hold")
    assert body["address"].endswith(f"/exchanges/{told.exchange.id}")
    assert "Elections" not in call.body.decode()
    assert is_signed(call, secret)
    assert not is_signed(call, "another secret")
    assert {one.state for one in rows()} == {S.delivered}
    assert len(there.calls) == len(rows(webhook_id=row.id))


def test_what_its_maker_may_not_know_of_is_not_told(app, there):
    told = visits.story(state=ExchangeState.matching)
    stranger_ = factories.person("Rui", of=factories.organisation("Quito"), role=Role.coordinator)
    row, _secret = webhook(stranger_, there.url)
    row.person.disabled_at = now()
    db.session.commit()
    exchanges.advance(told.exchange, "hold", actor=factories.officer(), note="x")
    db.session.commit()
    sending.tell_and_send()
    assert rows() == []
    assert there.calls == []


def test_a_visit_that_is_planned_or_changed_is_told(app, there):
    told = visits.story(state=ExchangeState.visited)
    visit = visits.visit(told.exchange)
    row, _secret = webhook(told.learning, there.url, visits=True)
    visit.updated_at = now() + timedelta(seconds=2)
    db.session.commit()
    with time_machine.travel(now() + timedelta(seconds=5), tick=True):
        sending.tell_and_send()
    (one,) = rows(webhook_id=row.id)
    assert (one.event, one.payload["subject"]["id"]) == ("visit.changed", visit.id)
    assert one.payload["exchange_id"] == told.exchange.id


def test_a_step_that_was_committed_late_is_told_all_the_same(app):
    told = visits.story(state=ExchangeState.matching)
    row, _secret = webhook(told.learning)
    row.created_at = now() - timedelta(hours=1)
    telling.tell(row, now() + timedelta(minutes=4))
    step = exchanges.advance(told.exchange, "hold", actor=factories.officer(), note="x")
    telling.tell(row, now() + timedelta(minutes=5))
    telling.tell(row, now() + timedelta(minutes=6))
    assert len(rows(key=f"step-{step.id}")) == 1


@pytest.mark.parametrize("status", [302, 404, 500])
def test_what_is_not_taken_is_tried_again_with_growing_gaps_then_given_up(
    app, browser, person, there, status
):
    row, _secret = webhook(person, there.url)
    one = actions.test(row)
    db.session.commit()
    there.status, there.headers = status, {"Location": "https://169.254.169.254/"}
    at = now()
    for wait in (*WAITS, None):
        with time_machine.travel(at, tick=False):
            sending.tell_and_send()
        db.session.refresh(one)
        if wait is not None:
            assert (one.state, one.status) == (S.waiting, status)
            assert one.next_try_at == at + wait
            at = one.next_try_at
    assert one.state == S.failed
    assert len(there.calls) == len(WAITS) + 1
    there.status = 204
    page = browser.as_(person)
    assert "Send again" in page.get(f"/webhooks/deliveries/{one.id}").text
    data = {"trigger": "send_again", "expected_state": "failed"}
    assert page.post(f"/webhooks/deliveries/{one.id}/move", data=data).status_code == 302
    sending.tell_and_send()
    db.session.refresh(one)
    assert (one.state, one.status) == (S.delivered, 204)


def test_after_many_failures_it_is_switched_off_and_its_maker_is_written_to(
    app, browser, person, there
):
    row, _secret = webhook(person, there.url)
    there.status = 500
    for _turn in range(actions.MOST_FAILURES):
        actions.test(row)
    db.session.commit()
    sending.tell_and_send()
    db.session.refresh(row)
    assert (row.disabled_why, row.failures) == ("failing", actions.MOST_FAILURES)
    (mail,) = db.session.query(Message).filter_by(kind="webhook_disabled").all()
    assert (mail.to_email, there.url in mail.text) == (person.email, True)
    called = len(there.calls)
    with time_machine.travel(now() + timedelta(days=1)):
        sending.tell_and_send()
    assert len(there.calls) == called
    page = browser.as_(person)
    assert "Switched off" in page.get(f"/webhooks/{row.id}").text
    assert page.post(f"/webhooks/{row.id}/test").status_code == 409
    there.status = 200
    page.post(f"/webhooks/{row.id}/enable")
    with time_machine.travel(now() + timedelta(days=1)):
        sending.tell_and_send()
    assert {one.state for one in rows()} == {S.delivered}


def test_one_that_answers_that_it_is_gone_is_switched_off_at_once(app, person, there):
    row, _secret = webhook(person, there.url)
    actions.test(row)
    db.session.commit()
    there.status = 410
    sending.tell_and_send()
    db.session.refresh(row)
    assert row.disabled_why == "gone"


def test_a_new_secret_signs_at_once_and_the_old_one_for_a_day(app, browser, person, there):
    row, old = webhook(person, there.url)
    answer = browser.api(person).post(f"/api/v1/webhooks/{row.id}/secret")
    new = answer.json["secret"]
    for later in (timedelta(), timedelta(days=2)):
        actions.test(db.session.get(Webhook, row.id))
        db.session.commit()
        with time_machine.travel(now() + later):
            sending.tell_and_send()
    first, second = there.calls
    assert (is_signed(first, old), is_signed(first, new)) == (True, True)
    assert (is_signed(second, old), is_signed(second, new)) == (False, True)


def test_a_worker_that_dies_in_the_middle_loses_nothing_and_settles_nothing_twice(
    app, person, there
):
    row, _secret = webhook(person, there.url)
    one = actions.test(row)
    db.session.commit()
    (dead,) = sending.claim(at=now(), limit=5)
    db.session.commit()
    assert sending.claim(at=now(), limit=5) == []
    with time_machine.travel(now() + sending.LEASE + timedelta(seconds=1)):
        sending.tell_and_send()
    sending.settle(dead, Fate(status=500), at=now())
    db.session.commit()
    db.session.refresh(one)
    assert (one.state, one.attempts, row.failures) == (S.delivered, 2, 0)


def test_a_host_that_leads_inside_by_then_is_not_called(app, person, monkeypatch):
    row, _secret = webhook(person)
    one = actions.test(row)
    db.session.commit()

    def looked_up(_host, port, *_kinds, **_options):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.8", port))]

    monkeypatch.setattr(outgoing.socket, "getaddrinfo", looked_up)
    sending.tell_and_send()
    db.session.refresh(one)
    assert (one.state, one.reason) == (S.waiting, "not_public")


def test_the_api_sets_up_changes_tries_and_removes(browser, city, person):
    client = browser.api(person)
    facts = {"url": URL, "organisation_id": city.id, "matches": True}
    made = client.post("/api/v1/webhooks", json=facts)
    assert (made.status_code, made.json["told"]) == (201, ["matches"])
    assert made.json["secret"].startswith("whsec_")
    address = f"/api/v1/webhooks/{made.json['id']}"
    assert "secret" not in client.get(address).json
    assert client.patch(address, json={"visits": True}).json["told"] == ["matches", "visits"]
    assert client.patch(address, json={"visits": False, "matches": False}).status_code == 422
    assert client.post(f"{address}/test").status_code == 201
    (one,) = client.get(f"{address}/deliveries").json["items"]
    steps = f"/api/v1/webhook-deliveries/{one['id']}/steps"
    assert client.post(steps, json={"trigger": "send_again"}).status_code == 409
    assert client.get("/api/v1/webhooks").json["items"][0]["url"] == URL
    assert client.delete(address).status_code == 204
    assert client.get(address).status_code == 404
    assert rows() == []


def test_what_is_done_is_forgotten_after_a_month(app, person):
    row, _secret = webhook(person)
    old, waiting = actions.test(row), actions.test(row)
    old.state, old.state_since = S.delivered, now() - timedelta(days=31)
    waiting.state_since = now() - timedelta(days=31)
    db.session.commit()
    telling.forget_old(now())
    db.session.commit()
    assert [one.id for one in rows()] == [waiting.id]
