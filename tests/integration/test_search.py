"""Search: what one may see, accents forgiven, at the same cost however much there is."""

from datetime import date

import pytest

from exchange.commands.search import search as command
from exchange.congresses.models import Congress
from exchange.extensions import db
from exchange.methods.models import Method
from exchange.search.keeping import keep_all, keep_recent
from exchange.search.models import Document
from exchange.search.snippets import snippet
from tests import factories
from tests.factories import lessons
from tests.factories.network import Network
from workflows.exchange import ExchangeState
from workflows.need import NeedState


def test_accents_and_case_are_forgiven_and_a_beginning_is_enough(browser):
    city = factories.organisation("Maringá", country_code="BR")
    factories.need(organisation=city, title="Gestão de RESÍDUOS sólidos", language="pt")
    keep_recent()
    client = browser.as_(factories.person(of=city))
    for q in ("residuos solidos", "RESÍD", "gestao", "maringa residuos"):
        assert "<mark>" in client.get("/search", query_string={"q": q}).text, q
    assert "Nothing was found" in client.get("/search?q=residuos+agua").text
    page = client.get("/search?q=residuos").text
    assert 'lang="pt">Gestão de <mark>RESÍDUOS</mark> sólidos' in page
    assert "Maringá" in client.get("/search?q=brasil&noun=organisation").text


def test_what_others_have_not_published_is_not_found(browser):
    mine, other = factories.organisation(), factories.organisation()
    factories.need(organisation=other, title="Secret drainage", state=NeedState.draft)
    factories.exchange(learner=other, title="Secret twinning", state=ExchangeState.draft)
    lessons.written(lessons.evaluated(), title="Secret note")
    keep_recent()
    stranger = browser.as_(factories.person(of=mine))
    assert "Nothing was found" in stranger.get("/search?q=secret").text
    owner = browser.as_(factories.person(of=other))
    assert owner.get("/search?q=secret").text.count("<mark>Secret</mark>") == 2
    assert browser.as_().get("/search?q=secret", headers=JSON).json["groups"] == []


JSON = {"Accept": "application/json"}


def test_a_visitor_finds_published_lessons_alone(browser):
    note = lessons.published(lessons.evaluated(), title="Ville sans eau perdue")
    factories.need(title="Ville sans déchets")
    keep_recent()
    found = browser.as_().get("/search?q=ville", headers=JSON)
    assert [group["noun"] for group in found.json["groups"]] == ["note"]
    assert found.json["groups"][0]["total"] == 1
    assert note.slug in found.json["groups"][0]["hits"][0]["address"]
    assert "Accept" in found.headers["Vary"]


def test_the_rows_keep_it_true(browser):
    officer = browser.as_(factories.officer())
    exchange = factories.exchange(
        title="Buses", learner=factories.organisation(), state=ExchangeState.matching
    )
    partner = exchange.partners[0]
    partner.organisation.name = "Quelimane"
    db.session.commit()
    keep_recent()
    assert "Buses" in officer.get("/search?q=quelimane&noun=exchange").text
    assert keep_recent() == 0, "what is known is not read again"
    partner.organisation.name = "Xai-Xai"
    db.session.commit()
    keep_recent()
    assert "Nothing was found" in officer.get("/search?q=quelimane").text
    assert "Buses" in officer.get("/search?q=xai&noun=exchange").text
    need = factories.need(title="Trams")
    keep_recent()
    db.session.delete(need)
    db.session.commit()
    assert "Nothing was found" in officer.get("/search?q=trams").text, "before it is swept, too"
    keep_all()
    assert not db.session.query(Document).filter_by(noun="need", row_id=need.id).count()


def test_an_edition_of_the_congress_is_found_in_every_language(browser):
    day = date(2026, 6, 25)
    titles = {"en": "Congress of Tangier", "fr": "Congrès de Tanger"}
    row = Congress(code="2026", titles=titles, place="Tangier", starts_on=day, ends_on=day)
    db.session.add(row)
    db.session.commit()
    keep_recent()
    member = browser.as_(factories.person(of=factories.organisation()), "fr")
    page = member.get("/search?q=congres+tanger").text
    assert f"/congresses/{row.id}" in page
    assert "<mark>Congrès</mark>" in page
    assert browser.as_().get("/search?q=tanger", headers=JSON).json["groups"] == []


def test_a_page_of_one_noun_and_the_pages_of_the_menu(browser):
    client = browser.as_(factories.officer())
    for number in range(30):
        factories.need(title=f"Street lights {number}")
    keep_recent()
    assert "(30)" in client.get("/search?q=street").text
    first, second = (client.get(f"/search?q=street&noun=need&page={n}").text for n in (1, 2))
    assert first.count("<mark>Street</mark>") == 25
    assert second.count("<mark>Street</mark>") == 5
    pages = client.get("/search?q=dashb", headers=JSON).json["pages"]
    assert [page["label"] for page in pages] == ["Dashboard"]
    assert client.get("/search?q=street&noun=unknown").status_code == 200


@pytest.mark.parametrize("q", ['"', "a*", "NEAR(", "x AND", "' OR 1", "&|!", "…", "a"])
def test_no_word_upsets_the_database(browser, q):
    assert browser.as_(factories.officer()).get("/search", query_string={"q": q}).status_code == 200


def test_it_costs_the_same_however_much_is_found(browser, statements):
    city = factories.organisation()
    association = factories.association(members=(city,))
    client = browser.as_(factories.person(of=association))
    counts = []
    for rows in (1, 3, 40):
        for number in range(rows):
            factories.need(title=f"Water {number}")
            factories.offer(title=f"Water {number}")
            factories.exchange(title=f"Water {number}", state=ExchangeState.matching)
        keep_recent()
        client.get("/search?q=water")
        with statements() as seen:
            client.get("/search?q=water")
        counts.append(len(seen))
    assert len(set(counts)) == 1
    assert counts[0] <= 10


def test_what_a_forum_set_going_is_found_by_its_members(browser):
    city = factories.organisation("Nampula")
    factories.forum_note("Our drains overflow in Lumbo", organisation=city)
    Network(city, factories.person(of=city)).grow(1)
    db.session.commit()
    keep_recent()
    member = browser.as_(factories.person(of=city))
    for q, noun in LEARNING.items():
        found = member.get("/search", query_string={"q": q, "noun": noun}, headers=JSON).json
        assert found["groups"], (q, noun)
        assert member.get(found["groups"][0]["hits"][0]["address"]).status_code == 200, noun
    assert browser.as_().get("/search?q=lumbo", headers=JSON).json["groups"] == []


# words → the noun that they are found in
LEARNING = {
    "lumbo": "forum_item",
    "nampula drains": "forum_item",
    "learn 1": "recommendation",
    "axis": "strategy",
    "buses 1": "challenge",
    "topic 1": "module_topic",
    "module 1": "module",
    "method 1": "method",
    "clinic": "mechanism",
    "port 1": "partnership",
}


def test_what_has_a_title_in_several_languages_is_shown_in_that_of_the_reader(browser):
    titles = {"en": "Peer review", "fr": "Revue par les pairs", "es": "Revisión entre pares"}
    db.session.add(Method(titles=titles, state="in_library"))
    db.session.commit()
    keep_recent()
    reader = browser.as_(factories.person(of=factories.organisation(), language="fr"))
    for q in ("revue", "peer", "revision"):
        page = reader.get("/search", query_string={"q": q, "lang": "fr"}).text
        shown = page.replace("<mark>", "").replace("</mark>", "")
        assert 'lang="fr">Revue par les pairs</a>' in shown, q


def test_a_method_that_was_not_taken_up_is_found_by_those_who_proposed_it(browser):
    mine, other = factories.organisation(), factories.organisation()
    db.session.add(Method(titles={"en": "Walking seminar"}, organisation=mine))
    db.session.commit()
    keep_recent()
    asked = "/search?q=walking"
    assert "<mark>Walking</mark>" in browser.as_(factories.person(of=mine)).get(asked).text
    assert "Nothing was found" in browser.as_(factories.person(of=other)).get(asked).text


def test_the_command_makes_it_anew(app):
    factories.need(title="Lamps")
    keep_recent()
    db.session.query(Document).update({"title": "spoilt"})
    db.session.commit()
    assert app.test_cli_runner().invoke(command, ["--help"]).exit_code == 0
    from exchange.search.keeping import rebuild

    assert rebuild() == db.session.query(Document).count()
    assert db.session.query(Document).filter_by(noun="need").one().title == "Lamps"


def test_the_api_finds_too(browser):
    factories.offer(title="Mercados seguros", language="pt")
    keep_recent()
    found = browser.api(factories.officer()).get("/api/v1/search?q=mercados").json
    assert found[0]["noun"] == "offer"
    assert found[0]["hits"][0]["title"] == "Mercados seguros"


def test_a_snippet_stands_around_the_word():
    text = "Um texto. " * 30 + "A água chega às casas. " + "Outro texto. " * 30
    pieces = snippet(text, ["agua"])
    assert [piece.text for piece in pieces if piece.found] == ["água"]
    whole = "".join(piece.text for piece in pieces)
    assert whole.startswith("… ")
    assert whole.endswith(" …")
    assert len(whole) < 220
