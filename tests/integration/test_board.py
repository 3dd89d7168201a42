"""The board and the way to move a card: by hand, by mouse, refused, too late, and taken back."""

from datetime import timedelta

import pytest

from exchange.clock import today
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.steps import steps_of
from tests import factories
from tests.integration.test_lists_cost_the_same import Reader, network_of
from workflows.exchange import ExchangeState as S


def proposal(**facts):
    cities = factories.organisation("Lyon"), factories.organisation("Quelimane")
    return factories.exchange(host=cities[0], learner=cities[1], **facts)


def state_of(exchange):
    db.session.expire_all()
    return db.session.get(Exchange, exchange.id).state


def column(text, title):
    """The part of the board under one heading."""
    return text.split(f">{title} <span")[1].split("</section>")[0]


def test_cards_stand_in_the_column_of_their_stage_the_overdue_first(browser):
    late = proposal(title="Late", state=S.submitted, due_on=today() - timedelta(days=3))
    proposal(title="Soon", state=S.submitted, due_on=today() + timedelta(days=2))
    proposal(title="Elsewhere", state=S.preparing, due_on=today())
    proposal(title="Over", state=S.declined)
    held = proposal(title="Resting", state=S.preparing)
    held.state = S.on_hold
    db.session.commit()
    text = browser.as_(factories.officer()).get("/board").text
    first = column(text, "Proposal")
    assert first.index("Late") < first.index("Soon")
    assert "1 overdue" in first
    assert "3 days overdue" in first
    assert "Due in 2 days" in first
    assert f"/exchanges/{late.id}/move?" in first
    assert {"Elsewhere", "Resting"} <= set(column(text, "Visit").replace("<", ">").split(">"))
    assert "No exchange in this stage." in column(text, "Matching")
    assert "Over<" not in text


def test_a_full_column_leads_to_the_list_that_it_counts(browser):
    for _ in range(23):
        proposal(state=S.submitted)
    client = browser.as_(factories.officer())
    text = column(client.get("/board").text, "Proposal")
    assert text.count("<article") == 20
    assert "All 23" in text
    address = text.split('href="/exchanges?')[1].split('"')[0].replace("&amp;", "&")
    assert "23 entries" in client.get(f"/exchanges?{address}").text


@pytest.mark.parametrize("grouping", ["phase", "owner", "region"])
def test_every_column_counts_what_its_list_shows(browser, grouping):
    officer = factories.officer(name="Lucía")
    africa = factories.organisation(sections=("AFRICA",))
    europe = factories.organisation(sections=("CEMR",))
    for owner in (officer, None):
        factories.exchange(host=africa, learner=europe, state=S.matching, owner=owner)
    client = browser.as_(officer)
    text = client.get(f"/board?grouping={grouping}").text
    counts = [int(part.split("<")[0]) for part in text.split('<span class="count">')[1:]]
    assert [n for n in counts if n] == {"phase": [2], "owner": [1, 1], "region": [2, 2]}[grouping]


def test_the_board_is_for_the_office(browser):
    city = factories.person(of=factories.organisation())
    assert browser.as_(city).get("/board").status_code == 403


def test_a_card_is_moved_by_its_page_and_the_move_taken_back(browser):
    exchange = proposal(state=S.submitted)
    client = browser.as_(factories.officer())
    page = client.get(f"/exchanges/{exchange.id}/move?back=/board").text
    assert "Find eligible" in page or "Eligible" in page
    sent = {"trigger": "hold", "expected_state": "submitted", "note": "Holidays", "back": "/board"}
    answer = client.post(f"/exchanges/{exchange.id}/move", data=sent)
    assert (answer.status_code, answer.location) == (302, "/board")
    text = client.get("/board").text
    assert f"{exchange.reference} moved to On hold." in text
    assert ">Undo<" in text
    assert "Undo" not in client.get("/board").text, "once is enough"
    back = {"trigger": "resume", "expected_state": "on_hold", "undo": "yes", "back": "/board"}
    client.post(f"/exchanges/{exchange.id}/move", data=back)
    assert state_of(exchange) == S.submitted
    assert ">Undo<" not in client.get("/board").text
    assert [step.trigger for step in steps_of("exchange", exchange.id)] == ["resume", "hold"]


def test_what_is_missing_is_said_where_the_note_still_stands(browser):
    exchange = proposal(state=S.partners_agreed)
    sent = {"trigger": "start_preparation", "note": "Let us go"}
    answer = browser.as_(factories.officer()).post(f"/exchanges/{exchange.id}/move", data=sent)
    assert answer.status_code == 422
    assert "Write the concept note and record the day it was agreed." in answer.text
    assert "Let us go" in answer.text


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"trigger": ""}, "Choose what happens next."),
        ({"trigger": "decline", "note": " "}, 'href="#note"'),
    ],
)
def test_a_move_without_what_it_asks_for_is_shown_again(browser, sent, words):
    exchange = proposal(state=S.submitted)
    answer = browser.as_(factories.officer()).post(f"/exchanges/{exchange.id}/move", data=sent)
    assert answer.status_code == 422
    assert words in answer.text
    assert state_of(exchange) == S.submitted


def test_who_was_faster_is_named_and_the_note_kept(browser):
    exchange = proposal(state=S.submitted)
    pierre = browser.as_(factories.officer(name="Pierre"))
    pierre.post(f"/exchanges/{exchange.id}/move", data={"trigger": "find_eligible"})
    late = {"trigger": "hold", "expected_state": "submitted", "note": "My long note"}
    answer = browser.as_(factories.officer()).post(f"/exchanges/{exchange.id}/move", data=late)
    assert answer.status_code == 409
    assert "Pierre moved it to Eligible at " in answer.text
    assert "My long note" in answer.text
    assert 'value="eligible"' in answer.text, "sent again, it is about what stands now"


def test_a_dropped_card_moves_when_nothing_has_to_be_said(browser):
    exchange = proposal(state=S.eligible)
    client = browser.as_(factories.officer())
    sent = {"phase": "matching", "expected_state": "eligible", "back": "/board"}
    answer = client.post(f"/exchanges/{exchange.id}/drop", data=sent)
    assert answer.status_code == 302
    # Two ways lead there while both sides have committed: then the page asks which.
    assert "/move?phase=matching" in answer.location
    assert state_of(exchange) == S.eligible
    for partner in exchange.partners:
        partner.committed_on = None
    db.session.commit()
    assert client.post(f"/exchanges/{exchange.id}/drop", data=sent).location == "/board"
    assert state_of(exchange) == S.matching


def test_a_card_dropped_where_no_way_leads_asks(browser):
    exchange = proposal(state=S.submitted)
    sent = {"phase": "lessons", "back": "https://elsewhere.example/"}
    answer = browser.as_(factories.officer()).post(f"/exchanges/{exchange.id}/drop", data=sent)
    assert answer.location == f"/exchanges/{exchange.id}/move?phase=lessons"


def test_the_draft_of_others_cannot_be_moved(browser):
    exchange = proposal(state=S.draft)
    stranger = browser.as_(factories.person(of=factories.organisation()))
    assert stranger.get(f"/exchanges/{exchange.id}/move").status_code == 404
    assert stranger.post(f"/exchanges/{exchange.id}/drop").status_code == 404


def test_the_board_costs_the_same_however_many(app, browser):
    officer = factories.officer()
    network, reader = network_of(officer), Reader(browser, officer)
    costs = []
    for size in (3, 300):
        network.grow(size)
        costs.append([reader.cost(f"/board?grouping={by}") for by in ("phase", "owner", "region")])
    assert costs[0] == costs[1]
    assert max(costs[0]) <= 10, costs


def test_each_option_of_the_filter_says_how_many(browser):
    proposal(state=S.submitted)
    proposal(state=S.matching)
    proposal(state=S.matching, due_on=today() - timedelta(days=1))
    text = browser.as_(factories.officer()).get("/exchanges?phase=matching").text
    assert "Proposal (1)" in text
    assert "Matching (2)" in text
    assert "Only overdue (1)" in text
    assert 'aria-sort="ascending"' in text
    assert "sort=-due" in text
