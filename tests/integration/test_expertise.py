"""The directory of expertise: people list themselves, are found, and withdraw."""

import pytest

from exchange.directory.expertise import Expertise
from exchange.extensions import db
from tests import factories

ENTRY = {
    "text": "Je connais la gestion des marchés.",
    "language": "fr",
    "themes": ["public_services"],
    "languages": ["fr"],
}


@pytest.fixture
def theme(app):
    made = factories.term("theme", "public_services")
    factories.term("language", "fr")
    db.session.commit()
    return made


@pytest.fixture
def ana(app):
    city = factories.organisation("Nampula", country_code="MZ")
    made = factories.person(of=city, name="Ana Machava")
    db.session.commit()
    return made


def test_whoever_lists_themselves_is_found_by_words_theme_and_country(browser, ana, theme):
    own = browser.as_(ana)
    assert "your consent" in own.get("/account/expertise").text
    assert own.post("/account/expertise", data=ENTRY).status_code == 302
    reader = browser.as_(factories.person(of=factories.organisation("Lyon")))
    for asked in ("q=marches", "q=machava", "theme=public_services", "country=mz", "language=fr"):
        shown = reader.get(f"/expertise?{asked}").text
        assert "Ana Machava" in shown, asked
        assert ana.email in shown
    for other in ("q=trains", "country=FR", "theme=none"):
        assert "Ana Machava" not in reader.get(f"/expertise?{other}").text, other


def test_whoever_withdraws_leaves_nothing(browser, ana, theme):
    own = browser.as_(ana)
    own.post("/account/expertise", data=ENTRY)
    own.post("/account/expertise", data={**ENTRY, "text": "Something else"})
    assert [row.text for row in db.session.query(Expertise)] == ["Something else"]
    own.post("/account/expertise/withdraw")
    assert db.session.query(Expertise).count() == 0


def test_an_empty_entry_is_refused_and_names_the_field(browser, ana):
    answer = browser.as_(ana).post("/account/expertise", data={"text": "", "language": "fr"})
    assert answer.status_code == 422
    assert 'href="#text"' in answer.text


def test_visitors_do_not_see_who_knows_what(browser):
    visitor = browser.as_(None)
    assert visitor.get("/expertise").status_code == 302
    assert visitor.get("/api/v1/expertise").status_code == 401


def test_who_cannot_sign_in_any_more_is_not_listed(browser, ana, theme):
    browser.as_(ana).post("/account/expertise", data=ENTRY)
    browser.as_(factories.administrator()).post(f"/people/{ana.id}/account/disable")
    reader = browser.as_(factories.person(of=factories.organisation("Lyon")))
    assert "Ana Machava" not in reader.get("/expertise").text


def test_the_api_lists_and_withdraws(browser, ana, theme):
    client = browser.api(ana)
    told = client.put("/api/v1/me/expertise", json=ENTRY).json
    assert (told["name"], told["themes"]) == ("Ana Machava", ["public_services"])
    assert (
        client.get("/api/v1/expertise?theme=public_services").json["items"][0]["id"] == told["id"]
    )
    assert client.delete("/api/v1/me/expertise").status_code == 204
    assert client.get("/api/v1/expertise").json["items"] == []
