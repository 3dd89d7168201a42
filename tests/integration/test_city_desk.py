"""The desk of a city: its turn, what is suggested to it, what would help; and how it signs in."""

import contextvars
from datetime import date, timedelta

import pytest

from exchange.clock import today
from exchange.extensions import db
from exchange.lessons.models import FollowUp
from exchange.matching import actions
from exchange.matching.models import Match
from exchange.transaction import transaction
from exchange.visits.models import Visit
from tests import factories
from tests.factories.network import Network
from workflows.exchange import ExchangeState
from workflows.follow_up import FollowUpState


@pytest.fixture
def city(app):
    return factories.organisation("Quelimane")


@pytest.fixture
def desk(city, browser):
    return browser.as_(factories.person(of=city))


def test_an_empty_desk_says_what_it_is_for_and_what_to_do(desk):
    shown = desk.get("/city").text
    assert "Nothing waits for you." in shown
    assert "No suggestion yet" in shown
    assert "Suggestions come for needs that are published." in shown
    assert "How well others can find you: 0 of 5" in shown
    assert "/needs/new" in shown


def test_a_desk_shows_whose_turn_it_is(desk, city):
    host = factories.organisation("Lyon")
    need = factories.need(organisation=city, title="Sorting waste")
    factories.offer(organisation=host, title="Markets that sort")
    with transaction():
        actions.suggest_for_need(need.id)
    exchange = factories.exchange(
        host=host, learner=city, title="Compost", state=ExchangeState.preparing
    )
    soon = today() + timedelta(days=20)
    db.session.add(Visit(exchange=exchange, starts_on=soon, ends_on=soon))
    writing = factories.exchange(
        host=host, learner=city, title="Buses", state=ExchangeState.note_drafting
    )
    asked = FollowUp(exchange=writing, organisation=city, months=6, due_on=date(2026, 1, 1))
    asked.state = FollowUpState.asked
    db.session.add(asked)
    db.session.commit()
    shown = desk.get("/city").text
    assert f"/matches/{db.session.query(Match).one().id}" in shown
    assert "Answer the match with Lyon" in shown
    assert "Prepare the visit of" in shown
    assert "Write the lessons" in shown
    assert "Say what changed after 6 months" in shown
    assert "Stage " in shown


def test_suggestions_are_those_of_ones_own_needs(desk, city, browser):
    need = factories.need(organisation=city, title="Sorting waste")
    with transaction():
        actions.create_by_officer(need, factories.offer(title="Markets that sort"), actor=None)
        foreign = factories.need()
        actions.create_by_officer(foreign, factories.offer(title="Of another"), actor=None)
    shown = desk.get("/city").text
    assert "Markets that sort" in shown
    assert "Of another" not in shown
    assert "Review suggestion" in shown


def test_the_profile_says_what_is_missing(desk, city):
    city.population, city.terms = 350_000, [factories.term("language", "pt")]
    db.session.commit()
    shown = desk.get("/city").text
    assert "How well others can find you: 2 of 5" in shown
    assert f"/organisations/{city.id}/edit#contact_id" in shown


def test_a_desk_costs_the_same_with_three_rows_and_with_three_hundred(city, browser, statements):
    person = factories.person(of=city)
    network = Network(city, person)
    client = browser.as_(person)
    counted = {}
    for size in (3, 300):
        network.grow(size)
        with statements() as seen:
            status = contextvars.Context().run(lambda: client.get("/city").status_code)
        assert status == 200
        counted[size] = len(seen)
    assert counted[3] == counted[300]
    assert counted[300] <= 12
