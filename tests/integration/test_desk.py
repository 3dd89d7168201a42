"""The desk: one's turn first, then what runs, then what is over; and the needs that wait."""

import pytest

from exchange.clock import today
from exchange.extensions import db
from tests import factories


def desk(browser, person, language="en"):
    """The desk of somebody, as text."""
    answer = browser.as_(person, language).get("/my")
    assert answer.status_code == 200
    return answer.text


def test_a_new_association_is_told_how_to_begin(browser):
    body = factories.association("ANAMM")
    text = desk(browser, factories.person(of=body))
    assert "You have no exchange yet" in text
    assert "It takes about 15 minutes; you can stop any time." in text
    assert text.count('href="/my/proposals/new"') == 1
    assert f'href="/organisations/{body.id}/people"' in text


def test_a_member_who_coordinates_nothing_reads_lessons_meanwhile(browser):
    city = factories.organisation()
    text = desk(browser, factories.person(of=city, role="member"))
    assert "/my/proposals/new" not in text
    assert "Read lessons" in text


def test_my_turn_comes_first_then_what_runs_then_what_is_over(browser):
    city, host = factories.organisation(), factories.organisation("Lyon")
    states = {
        "Over": "closed_with_change",
        "Runs": "preparing",
        "Mine": "draft",
        "Asked": "more_information",
    }
    for title, state in states.items():
        factories.exchange(learner=city, host=host, title=title, state=state, due_on=today())
    text = desk(browser, factories.person(of=city))
    for words in ("Your turn (2)", "Running (1)", "Finished (1)"):
        assert words in text
    assert text.index(">Mine<") < text.index(">Runs<") < text.index(">Over<")
    assert "Waiting for Lyon" in text
    assert "Stage 3 of 6: <strong>Visit</strong>" in text
    assert text.count("Continue the proposal") == 2


def test_needs_of_members_wait_until_an_exchange_answers_them(browser):
    city, other = factories.organisation("Nampula"), factories.organisation("Beira")
    body = factories.association("ANAMM", members=(city, other))
    waits = factories.need(organisation=city, title="Drainage")
    taken = factories.need(organisation=other, title="Buses")
    factories.need(title="Of a stranger")
    exchange = factories.exchange(learner=other)
    exchange.needs = [taken]
    db.session.commit()
    person = factories.person(of=body)
    text = desk(browser, person)
    assert "Nampula: " in text
    assert f'name="need_ids" value="{waits.id}"' in text
    assert f'name="need_ids" value="{taken.id}"' not in text
    assert "Of a stranger" not in text
    start = browser.as_(person).get(f"/my/proposals/new?need_ids={waits.id}").text
    assert 'value="Drainage"' in start


def test_strangers_and_visitors_see_nothing_of_it(browser):
    factories.exchange(learner=factories.organisation(), title="Not yours")
    assert "Not yours" not in desk(browser, factories.person(of=factories.organisation()))
    assert browser.as_().get("/my").status_code == 302


@pytest.mark.parametrize("language", ["fr", "es"])
def test_it_answers_in_every_language(browser, language):
    desk(browser, factories.person(of=factories.organisation()), language)


def test_it_costs_the_same_for_one_exchange_and_for_thirty(browser, statements):
    cities = [factories.organisation() for _city in range(3)]
    body = factories.association("ANAMM", members=tuple(cities))
    page, costs = browser.as_(factories.person(of=body)), []
    for more in (1, 2, 27):
        for number in range(more):
            state = ("draft", "preparing", "closed_with_change")[number % 3]
            host = factories.organisation()
            row = factories.exchange(learner=cities[number % 3], host=host, state=state)
            row.needs = [factories.need(organisation=cities[0])]
            factories.need(organisation=cities[1])
        db.session.commit()
        page.get("/my")
        with statements() as seen:
            assert page.get("/my").status_code == 200
        costs.append(len(seen))
    assert costs[1] == costs[2] <= 12, costs
