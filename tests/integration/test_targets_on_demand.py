"""The 169 SDG targets come when they are asked for: what was typed stays, and nothing is saved."""

import re

import pytest

from exchange.catalogue.models import Need
from exchange.exchanges.proposals import ProposalStep
from exchange.extensions import db
from tests import factories

BOX = re.compile(r'name="sdg_targets" value="([^"]+)"( checked)?')


@pytest.fixture
def city(app):
    return factories.organisation()


@pytest.fixture
def page(browser, city):
    """Somebody who speaks for the city."""
    return browser.as_(factories.person(of=city))


def test_a_page_comes_without_the_list_and_shows_it_by_goal_when_asked(page):
    first = page.get("/needs/new").text
    assert BOX.findall(first) == []
    assert 'name="show" value="sdg_targets"' in first
    sent = {"show": "sdg_targets", "title": "Waste", "sdg_targets": "11.6"}
    asked = page.post("/needs/new", data=sent)
    assert asked.status_code == 200
    assert 'value="Waste"' in asked.text
    known = dict(BOX.findall(asked.text))
    assert known["11.6"] == " checked"
    assert known["13.1"] == ""
    assert len(re.findall(r"<details open><summary>11 ", asked.text)) == 1
    assert db.session.query(Need).count() == 0


def test_what_was_chosen_is_shown_without_the_list(page, city):
    need = factories.need(organisation=city, state="draft")
    need.terms.append(factories.term("sdg_target", "11.6"))
    db.session.commit()
    assert BOX.findall(page.get(f"/needs/{need.id}/edit").text) == [("11.6", " checked")]


def test_enter_in_a_text_saves_and_does_not_ask_for_the_list(page):
    form = page.get("/needs/new").text
    main = form[form.index("<main") :]
    buttons = re.findall(r"<button[^>]*>", main)
    assert "name" not in buttons[0], "the first button of a form is the one that Enter presses"


def test_the_proposal_asks_for_them_in_the_same_way(page, city):
    draft = factories.exchange(proposer=city)
    db.session.commit()
    address = f"/my/proposals/{draft.id}/{ProposalStep.learn}"
    assert BOX.findall(page.get(address).text) == []
    asked = page.post(address, data={"show": "sdg_targets", "title": "Another"})
    assert asked.status_code == 200
    assert "13.1" in dict(BOX.findall(asked.text))
    db.session.refresh(draft)
    assert draft.title != "Another"
