"""Why these offers and not others: on the page of a need, for one pair, and what would help."""

from datetime import date

import pytest

from tests import factories
from workflows.need import NeedState
from workflows.offer import OfferState


@pytest.fixture
def city(app):
    return factories.organisation("Quelimane", population=350_000)


@pytest.fixture
def need(city):
    """A need in Portuguese alone, for the spring."""
    return factories.need(
        organisation=city,
        title="Drenagem",
        languages=("pt",),
        available_from=date(2027, 3, 1),
        available_until=date(2027, 5, 31),
    )


@pytest.fixture
def page(city, browser):
    """The pages of the coordinator of the city."""
    return browser.as_(factories.person(of=city))


def test_a_need_without_a_match_says_what_removed_the_offers_and_what_would_help(need, page):
    for _ in range(3):
        factories.offer(languages=("es",))
    factories.offer(languages=("pt",), available_from=date(2027, 6, 10))
    assert f"/needs/{need.id}/why" in page.get(f"/needs/{need.id}").text
    shown = page.get(f"/needs/{need.id}/why").text
    assert "4 offers were looked at." in shown
    assert "0 fit." in shown
    assert "no common working language" in shown
    assert "other dates" in shown
    assert "Work in Spanish too" in shown
    assert "3 more offers" in shown
    assert f"/needs/{need.id}/edit#languages" in shown
    assert "Allow 2 more weeks before and after your dates" in shown
    french = page.get(f"/needs/{need.id}/why?lang=fr").text
    assert "espagnol" in french


def test_any_offer_can_be_looked_for_and_says_why_not(need, page):
    host = factories.organisation("Medellín", country_code="CO")
    offer = factories.offer(organisation=host, title="Cables", languages=("es",))
    found = page.get(f"/needs/{need.id}/why?q=cabl").text
    assert f"/needs/{need.id}/why?offer={offer.id}" in found
    assert "No offer fits." in page.get(f"/needs/{need.id}/why?q=nothing").text
    shown = page.get(f"/needs/{need.id}/why?offer={offer.id}").text
    assert "They share no working language, and neither can work through an interpreter." in shown
    assert "What would bring them together" in shown
    assert "Every theme asked for is offered." in shown
    assert "Points of 10,000" not in shown, "points are for staff"


def test_staff_see_the_points_and_may_pin(need, browser):
    offer = factories.offer(languages=("pt",))
    shown = browser.as_(factories.officer()).get(f"/needs/{need.id}/why?offer={offer.id}").text
    assert "They fit" in shown
    assert "Points of 10,000" in shown
    assert "/matching/wishes/new?need_id=" in shown


def test_why_is_told_to_the_side_that_needs_and_to_staff(need, browser):
    offer = factories.offer(languages=("es",))
    stranger = factories.person(of=offer.organisation)
    for path in (f"/needs/{need.id}/why", f"/needs/{need.id}/why?offer={offer.id}"):
        assert browser.as_(stranger).get(path).status_code == 403
        assert browser.as_().get(path).status_code == 302
    assert "/why" not in browser.as_(stranger).get(f"/needs/{need.id}").text
    draft = factories.need(state=NeedState.draft)
    assert browser.as_(stranger).get(f"/needs/{draft.id}/why").status_code == 404
    client = browser.api(stranger)
    assert client.get(f"/api/v1/needs/{need.id}/matching").status_code == 403
    assert client.get(f"/api/v1/needs/{need.id}/why/{offer.id}").status_code == 403


def test_a_foreign_draft_of_an_offer_does_not_exist(need, page):
    draft = factories.offer(state=OfferState.draft)
    assert page.get(f"/needs/{need.id}/why?offer={draft.id}").status_code == 404
    assert page.get(f"/needs/{need.id}/why?offer=x").status_code == 404


def test_the_api_tells_the_same(need, city, browser):
    client = browser.api(factories.person(of=city))
    offer = factories.offer(languages=("es",))
    body = client.get(f"/api/v1/needs/{need.id}/matching").json
    assert (body["looked_at"], body["fits"]) == (1, 0)
    assert body["removed"] == {"a_common_language": 1}
    best = next(change for change in body["changes"] if change["kind"] == "languages")
    assert best == {
        "kind": "languages",
        "value": "es",
        "gains": 1,
        "sentence": "Work in Spanish too",
    }
    why = client.get(f"/api/v1/needs/{need.id}/why/{offer.id}").json
    assert why["fits"] is False
    assert [rule["code"] for rule in why["broken"]] == ["a_common_language"]
    assert sum(reason["points"] for reason in why["reasons"]) == why["score"]
    assert {change["kind"] for change in why["changes"]} == {"interpretation", "languages"}


def test_every_change_has_words(need, city):
    from exchange.edge_why import helps
    from exchange.matching.core.why import HELP, Change

    kinds = ("languages", "formats", "themes", "interpretation", "visa_letter", "funding")
    for kind in (*kinds, "window", "published", "hosts_wanted"):
        value = 2 if kind in ("window", "hosts_wanted") else "mobility"
        (told,) = helps([Change(kind, value, 1)])
        assert told.words
        assert "%" not in told.words
    assert helps([Change("formats", "", 1)])[0].words == "Be open to any format"
    assert len(HELP) < len(kinds) + 3
