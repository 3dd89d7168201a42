"""A text suggests themes and SDG targets, and its author confirms them: nothing typed is lost."""

import pytest

from exchange.catalogue.models import Need, Offer
from exchange.extensions import db
from exchange.matching.tagging import suggest_tags
from tests import factories

TEXT = (
    "Notre ville veut améliorer la collecte des déchets dans les marchés, le tri et le compostage, "
    "pour une économie circulaire."
)


@pytest.fixture
def city(app):
    return factories.organisation("Dakar")


@pytest.fixture
def page(city, browser):
    return browser.as_(factories.person(of=city))


def typed(city, **more):
    """A need as somebody has written it, without tags."""
    base = {"organisation_id": city.id, "title": "Trier au marché", "text": TEXT, "language": "fr"}
    return {**base, "languages": ["fr"], **more}


def test_a_text_suggests_themes_with_the_words_that_do(app):
    found = suggest_tags("Trier au marché", TEXT, "fr")
    codes = [code for code, _words in found["themes"]]
    assert codes[0] == "waste-circular-economy"
    assert "déchets" in " ".join(found["themes"][0][1]).lower()
    targets = [code for code, _words in found["sdg_targets"]]
    assert {"11.6", "12.5"} <= set(targets), "of the goals that the theme serves"
    assert suggest_tags("", "", "fr") == {"themes": [], "sdg_targets": []}


def test_the_button_shows_them_and_saves_nothing(city, page):
    asked = page.post("/needs/new", data=typed(city, suggest="tags", guests="3"))
    assert asked.status_code == 200
    assert "What your text suggests" in asked.text
    assert "Waste and circular economy" in asked.text
    assert "because of:" in asked.text
    assert "Notre ville veut améliorer" in asked.text
    assert 'value="3"' in asked.text
    box = '<input type="checkbox" name="themes" value="waste-circular-economy">'
    assert box in asked.text, "never ticked for the author"
    assert db.session.query(Need).count() == 0


def test_what_is_ticked_is_saved_and_is_not_suggested_again(city, page):
    themes = ["waste-circular-economy"]
    page.post("/needs/new", data=typed(city, themes=themes))
    need = db.session.query(Need).one()
    assert [term.code for term in need.tagged("theme")] == themes
    again = page.post(f"/needs/{need.id}/edit", data=typed(city, suggest="tags", themes=themes))
    assert '<input type="checkbox" name="themes" value="waste-circular-economy">' not in again.text
    assert 'value="waste-circular-economy" checked' in again.text


def test_who_saves_without_any_tag_is_shown_some(city, page):
    saved = page.post("/needs/new", data=typed(city))
    need = db.session.query(Need).one()
    assert saved.location == f"/needs/{need.id}/edit?suggest=tags#suggestions"
    shown = page.get(f"/needs/{need.id}/edit?suggest=tags").text
    assert "What your text suggests" in shown
    assert "Suggest some from the text" in page.get(f"/needs/{need.id}").text


def test_offers_have_the_same_button(city, page):
    asked = page.post("/offers/new", data=typed(city, suggest="tags", title="Marchés propres"))
    assert "What your text suggests" in asked.text
    page.post("/offers/new", data=typed(city, themes=["waste-circular-economy"]))
    assert db.session.query(Offer).one().tagged("theme")


def test_the_api_suggests_too(browser):
    client = browser.api(factories.person(of=factories.organisation()))
    sent = {"title": "Trier au marché", "text": TEXT, "language": "fr"}
    told = client.post("/api/v1/tags/suggestions", json=sent).json
    assert told["themes"][0]["code"] == "waste-circular-economy"
    assert told["themes"][0]["label"] == "Waste and circular economy"
    assert told["themes"][0]["words"]
    visitor = browser.as_()
    assert visitor.post("/api/v1/tags/suggestions", json=sent).status_code == 401
