"""One thing done with several exchanges: said first, done row by row, told afterwards."""

import sqlite3
from datetime import timedelta

import pytest
from sqlalchemy.exc import OperationalError

from exchange import steps
from exchange.clock import today
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.messages.models import Message
from tests import factories
from workflows.exchange import ExchangeState as S


def proposals(*states, **facts):
    city = factories.organisation("Lyon")
    return [factories.exchange(host=city, learner=city, state=one, **facts) for one in states]


def sent_for(rows, deed, **more):
    states = {f"state-{row.id}": str(row.state) for row in rows}
    return {"deed": deed, "id": [row.id for row in rows], **states, **more}


def address(rows, deed, **more):
    return {"deed": deed, "id": [row.id for row in rows], **more}


def states_of(rows):
    db.session.expire_all()
    return [db.session.get(Exchange, row.id).state for row in rows]


def test_the_list_offers_staff_what_can_be_done_with_several(browser):
    rows = proposals(S.submitted)
    assert (
        f'name="id" value="{rows[0].id}"' in browser.as_(factories.officer()).get("/exchanges").text
    )
    city = browser.as_(factories.person(of=rows[0].proposer))
    assert 'name="deed"' not in city.get("/exchanges").text
    assert city.get("/exchanges/bulk?deed=remind").status_code == 403


def test_a_move_is_said_row_by_row_and_done_where_it_can_be(browser):
    rows = proposals(S.submitted, S.submitted, S.preparing)
    client = browser.as_(factories.officer())
    page = client.get(
        "/exchanges/bulk", query_string=address(rows, "move", trigger="find_eligible")
    )
    assert page.text.count("Moves to Eligible.") == 2
    assert page.text.count("Not possible") == 1
    assert "Do it for 2 exchanges" in page.text
    sent = sent_for(rows, "move", trigger="find_eligible")
    answer = client.post("/exchanges/bulk", data=sent, follow_redirects=True)
    assert "Moved (2)" in answer.text.replace("Moved\n", "Moved")
    assert "Not done (1)" in answer.text
    assert states_of(rows) == [S.eligible, S.eligible, S.preparing]


def test_what_somebody_moved_meanwhile_stays_as_it_is(browser):
    rows = proposals(S.submitted, S.submitted)
    client, sent = (
        browser.as_(factories.officer()),
        sent_for(rows, "move", trigger="hold", note="x"),
    )
    pierre = browser.as_(factories.officer(name="Pierre"))
    pierre.post(f"/exchanges/{rows[0].id}/move", data={"trigger": "find_eligible"})
    answer = client.post("/exchanges/bulk", data=sent, follow_redirects=True)
    assert "Pierre moved it to Eligible at " in answer.text
    assert states_of(rows) == [S.eligible, S.on_hold]


@pytest.mark.parametrize(
    ("says", "told"),
    [
        ("database is locked", "Many are writing at this moment"),
        ("disk I/O error", "The database did not take it."),
    ],
)
def test_one_that_the_database_refuses_is_told_and_the_others_are_done(
    browser, monkeypatch, says, told
):
    rows = proposals(S.submitted, S.submitted)
    lock = steps.lock

    def the_first_cannot_be_written(row):
        if row.id == rows[0].id:
            raise OperationalError("SELECT", {}, sqlite3.OperationalError(says))
        return lock(row)

    monkeypatch.setattr("exchange.web.bulk.steps.lock", the_first_cannot_be_written)
    sent = sent_for(rows, "move", trigger="find_eligible")
    client = browser.as_(factories.officer())
    answer = client.post("/exchanges/bulk", data=sent, follow_redirects=True)
    assert told in answer.text
    assert states_of(rows) == [S.submitted, S.eligible]


def test_sent_twice_it_is_done_once(browser):
    rows = proposals(S.submitted)
    client = browser.as_(factories.officer())
    sent = sent_for(rows, "move", trigger="find_eligible", once="token-1")
    first = client.post("/exchanges/bulk", data=sent)
    second = client.post("/exchanges/bulk", data=sent)
    assert first.location == second.location
    assert f"done={rows[0].id}" in first.location


def test_an_officer_is_named_for_all(browser):
    rows = proposals(S.submitted, S.matching)
    lucia = factories.officer(name="Lucía")
    client = browser.as_(factories.officer())
    page = client.get("/exchanges/bulk", query_string=address(rows, "assign", owner=lucia.id))
    assert page.text.count("Followed by Lucía instead of nobody.") == 2
    client.post("/exchanges/bulk", data=sent_for(rows, "assign", owner=lucia.id))
    db.session.expire_all()
    assert {db.session.get(Exchange, row.id).owner_id for row in rows} == {lucia.id}


def test_those_whose_turn_it_is_are_reminded_once_a_day(browser):
    late = proposals(S.preparing, due_on=today() - timedelta(days=3))
    soon = proposals(S.preparing, due_on=today() + timedelta(days=3))
    host = factories.person("Amélia", of=late[0].partners[0].organisation)
    client = browser.as_(factories.officer())
    page = client.get("/exchanges/bulk", query_string=address(late + soon, "remind"))
    assert "Amélia" in page.text
    assert "It is not late yet." in page.text
    for _again in range(2):
        answer = client.post("/exchanges/bulk", data=sent_for(late + soon, "remind"))
        assert answer.status_code == 302
    written = db.session.query(Message).filter_by(kind="exchange_overdue").all()
    assert [message.person_id for message in written] == [host.id]


def test_without_a_reason_nothing_is_declined(browser):
    rows = proposals(S.submitted)
    sent = sent_for(rows, "move", trigger="decline")
    answer = browser.as_(factories.officer()).post("/exchanges/bulk", data=sent)
    assert f"undone={rows[0].id}-reason_required" in answer.location
    assert states_of(rows) == [S.submitted]
