"""What is sent twice is done once: two clicks, two processes, a client that tries again."""

import re
import threading
import time
from datetime import timedelta

import pytest

from exchange.accounts.models import SignIn
from exchange.catalogue.models import Need
from exchange.clock import now, today
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.keeping.models import Receipt
from exchange.keeping.retention import purge
from exchange.lessons.models import FollowUp
from tests import factories


def coordinator():
    """A city and its coordinator."""
    city = factories.organisation("Nampula")
    return city, factories.person(of=city)


def once(text):
    """The token that a page's form carries."""
    return re.search(r'name="once" value="([^"]+)"', text).group(1)


def test_two_clicks_make_one_draft_and_lead_to_the_same_page(browser):
    city, person = coordinator()
    page = browser.as_(person)
    token = once(page.get("/my/proposals/new").text)
    sent = {"proposer_id": city.id, "title": "Once", "once": token}
    first = page.post("/my/proposals/new", data=sent)
    second = page.post("/my/proposals/new", data=sent)
    assert first.location == second.location
    assert "It was done once." in page.get(second.location).text
    assert db.session.query(Exchange).count() == 1


def test_two_clicks_at_the_same_moment_make_one_draft(app, browser):
    city, person = coordinator()
    pages = [browser.as_(person) for _click in range(2)]
    sent = {"proposer_id": city.id, "title": "Once", "once": "same-token"}
    found, start = [], threading.Barrier(2)
    db.session.rollback()  # the test itself must not hold the database

    def click(page):
        start.wait()
        found.append(page.post("/my/proposals/new", data=sent))

    clicks = [threading.Thread(target=click, args=(page,)) for page in pages]
    for one in clicks:
        one.start()
    for one in clicks:
        one.join()
    db.session.rollback()
    assert [one.status_code for one in found] == [302, 302], found[0].text
    assert found[0].location == found[1].location
    assert db.session.query(Exchange).count() == 1


def test_a_form_that_was_open_for_long_is_taken_at_once(browser):
    """To note that somebody was here is part of what they send: SQLite has one writer at a time."""
    city, person = coordinator()
    page = browser.as_(person)
    sign_in = db.session.query(SignIn).one()
    long_ago = sign_in.seen_at = now() - timedelta(minutes=20)
    db.session.commit()
    begun = time.monotonic()
    sent = {"proposer_id": city.id, "title": "Once", "once": "token"}
    assert page.post("/my/proposals/new", data=sent).status_code == 302
    assert time.monotonic() - begun < 5, "it waited for itself"
    db.session.refresh(sign_in)
    assert sign_in.seen_at > long_ago + timedelta(minutes=10)


def test_what_was_refused_may_be_sent_again(browser):
    city, person = coordinator()
    page = browser.as_(person)
    sent = {"proposer_id": city.id, "title": "", "once": "token"}
    assert page.post("/my/proposals/new", data=sent).status_code == 422
    assert page.post("/my/proposals/new", data={**sent, "title": "Now"}).status_code == 302
    assert db.session.query(Exchange).count() == 1


def test_other_words_from_the_same_page_are_another_thing(browser):
    """Whoever goes back and writes another title loses nothing."""
    city, person = coordinator()
    page = browser.as_(person)
    for title in ("First", "Second"):
        page.post(
            "/my/proposals/new", data={"proposer_id": city.id, "title": title, "once": "token"}
        )
    assert db.session.query(Exchange).count() == 2


def test_what_fails_half_way_leaves_no_receipt(browser, monkeypatch):
    city, person = coordinator()
    page = browser.as_(person)

    def broken(*_arguments, **_options):
        raise RuntimeError

    sent = {"proposer_id": city.id, "title": "Once", "once": "token"}
    with monkeypatch.context() as patched:
        patched.setattr("exchange.exchanges.proposals.actions.create", broken)
        assert page.post("/my/proposals/new", data=sent).status_code == 500
    assert db.session.query(Receipt).count() == 0
    assert page.post("/my/proposals/new", data=sent).status_code == 302


def test_another_person_may_have_the_same_token(browser):
    city, person = coordinator()
    colleague = factories.person(of=city)
    sent = {"proposer_id": city.id, "title": "Once", "once": "token"}
    for somebody in (person, colleague):
        browser.as_(somebody).post("/my/proposals/new", data=sent)
    assert db.session.query(Exchange).count() == 2


def test_a_move_pressed_twice_is_one_move(browser):
    city, person = coordinator()
    exchange = factories.exchange(learner=city)
    page = browser.as_(person)
    text = page.get(f"/exchanges/{exchange.id}").text
    sent = {"trigger": "submit", "expected_state": "draft", "once": once(text)}
    for _click in (1, 2):
        answer = page.post(f"/exchanges/{exchange.id}/move", data=sent)
        assert answer.status_code == 302
    db.session.refresh(exchange)
    assert exchange.state == "submitted"


NEED = {"title": "Drainage", "text": "How?", "language": "en", "themes": ["mobility"]}


def test_a_client_that_tries_again_gets_the_same_answer(browser):
    city, person = coordinator()
    api = browser.api(person)
    sent = {**NEED, "organisation_id": city.id}
    key = {"Idempotency-Key": "import-7"}
    first = api.post("/api/v1/needs", json=sent, headers=key)
    again = api.post("/api/v1/needs", json=sent, headers=key)
    assert first.status_code == again.status_code == 201, first.json
    assert first.json == again.json
    assert again.headers["Idempotent-Replayed"] == "true"
    assert db.session.query(Need).count() == 1
    other = api.post("/api/v1/needs", json={**sent, "title": "Other"}, headers=key)
    assert other.status_code == 422
    assert other.json["error"]["code"] == "key_reused"
    new = api.post("/api/v1/needs", json=sent, headers={"Idempotency-Key": "import-8"})
    assert new.status_code == 201
    assert db.session.query(Need).count() == 2


@pytest.mark.parametrize("key", ["", "x" * 256])
def test_a_key_has_a_length(browser, key):
    city, person = coordinator()
    answer = browser.api(person).post(
        "/api/v1/needs", json={**NEED, "organisation_id": city.id}, headers={"Idempotency-Key": key}
    )
    assert answer.status_code == 422
    assert db.session.query(Need).count() == 0


def test_what_is_refused_by_the_api_may_be_tried_again_with_the_same_key(browser):
    city, person = coordinator()
    api, key = browser.api(person), {"Idempotency-Key": "one"}
    sent = {**NEED, "organisation_id": city.id}
    refused = api.post("/api/v1/needs", json={**sent, "themes": ["nowhere"]}, headers=key)
    assert refused.status_code == 422
    assert api.post("/api/v1/needs", json=sent, headers=key).status_code == 201


def test_an_answer_that_holds_a_secret_is_not_kept(browser):
    exchange = factories.exchange(learner=factories.organisation())
    follow_up = FollowUp(exchange=exchange, organisation=exchange.proposer, months=3)
    follow_up.due_on = today()
    db.session.add(follow_up)
    db.session.commit()
    api, key = browser.api(factories.officer()), {"Idempotency-Key": "one"}
    address = f"/api/v1/follow-ups/{follow_up.id}/link"
    assert api.post(address, headers=key).status_code == 201
    again = api.post(address, headers=key)
    assert again.status_code == 409
    assert again.json["error"]["code"] == "sent_twice"
    assert db.session.query(Receipt).one().body == ""


def test_receipts_go_after_two_days(browser):
    city, person = coordinator()
    sent = {"proposer_id": city.id, "title": "Once", "once": "token"}
    browser.as_(person).post("/my/proposals/new", data=sent)
    assert purge(now=now()) == 0
    assert purge(now=now() + timedelta(days=3)) == 1
    db.session.commit()
    assert db.session.query(Receipt).count() == 0
