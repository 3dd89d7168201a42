"""The observatory: practices written, taken from notes and harvested; found in every language."""

import pytest

from exchange.extensions import db
from exchange.outgoing import Unreachable, public_address
from exchange.practices import actions, harvesting, queries
from exchange.practices.dublin_core import Unreadable, read
from exchange.practices.fetching import fetch, records_at
from exchange.practices.models import Observatory, Practice
from exchange.practices.words import singular
from exchange.reminders.send import plan_now
from exchange.transaction import transaction
from tests import factories
from tests.factories import lessons
from tests.factories.practices import OAI, practice, record
from workflows.practice import PracticeState

WRITTEN = {
    "title": "Marchés sans eau perdue",
    "summary": "Les marchands nettoient les caniveaux.",
    "text": "Chaque semaine, **avant** la pluie.",
    "language": "fr",
    "themes": ["mobility"],
    "sdg_goals": ["11"],
}


def test_a_practice_goes_from_a_draft_to_everybody(browser):
    city = factories.organisation("Nampula", population=700_000)
    writer, officer = factories.person(of=city), factories.officer()
    client, staff, visitor = browser.as_(writer), browser.as_(officer), browser.as_()
    sent = client.post("/practices/new", data={**WRITTEN, "organisation_id": city.id})
    assert sent.status_code == 302, sent.text
    row = db.session.query(Practice).one()
    page = f"/fr/practices/{row.id}"
    assert visitor.get(page).status_code == 404, "a draft is nobody else's"
    assert "Proposer" in client.get(page).text
    move(client, row, "propose")
    staff.post(f"/practices/{row.id}/move", data={"trigger": "return_to_author", "note": "Cost?"})
    assert db.session.get(Practice, row.id).state == PracticeState.draft
    client.post(f"/practices/{row.id}/edit", data={**WRITTEN, "text": "Ça coûte peu."})
    move(client, row, "propose")
    assert client.post(f"/practices/{row.id}/move", data={"trigger": "publish"}).status_code == 403
    move(staff, row, "publish")
    seen = visitor.get(page).text
    assert "Nampula" in seen
    assert "Ça coûte peu." in seen
    assert "Marchés sans eau perdue" in visitor.get("/fr/practices").text
    assert row.size == "intermediary"


def move(client, row, trigger):
    assert client.post(f"/practices/{row.id}/move", data={"trigger": trigger}).status_code == 302


def test_languages_stand_side_by_side(browser):
    row = practice("Clean markets", language="en")
    owner = browser.as_(factories.person(of=row.organisation))
    portuguese = {"title": "Mercados limpos", "summary": "Limpam-se as valas."}
    assert "Clean markets" in owner.get(f"/practices/{row.id}/texts/pt").text
    owner.post(f"/practices/{row.id}/texts/pt", data=portuguese)
    visitor = browser.as_()
    assert '<h1 lang="pt">Mercados limpos' in visitor.get(f"/pt/practices/{row.id}").text
    both = visitor.get(f"/pt/practices/{row.id}?beside=en").text
    assert "Mercados limpos" in both
    assert "Clean markets" in both
    assert owner.get(f"/practices/{row.id}/texts/xx").status_code == 404
    stranger = browser.as_(factories.person(of=factories.organisation()))
    assert stranger.get(f"/practices/{row.id}/texts/pt").status_code == 403


def test_a_published_note_becomes_a_practice_once_and_keeps_its_origin(browser):
    story = lessons.evaluated()
    note = lessons.published(story, title="Markets that do not flood")
    note.translations = {"fr": {"title": "Des marchés au sec", "summary": "On nettoie."}}
    db.session.commit()
    client = browser.as_(factories.person(of=story.host))
    assert "Make a practice of it" in client.get(f"/en/lessons/{note.slug}").text
    for _twice in range(2):
        client.post(f"/notes/{note.id}/practice")
    row = db.session.query(Practice).one()
    assert row.origin == note
    assert row.organisation == story.host
    assert {one.language for one in row.texts} == {"en", "fr"}
    assert "From the lesson" in client.get(f"/en/practices/{row.id}").text


def test_a_practice_that_was_new_is_found_by_it_and_follows_the_need_of_its_exchange(browser):
    practice("Plain")
    row = practice("Sponge streets", innovative=True)
    visitor = browser.as_()
    found = visitor.get("/en/practices?innovative=yes").text
    assert "Sponge streets" in found
    assert "Plain" not in found
    assert "a way that was new" in visitor.get(f"/en/practices/{row.id}").text
    story = lessons.evaluated()
    story.exchange.needs = [factories.need(innovative=True)]
    note = lessons.published(story)
    browser.as_(factories.officer()).post(f"/notes/{note.id}/practice")
    assert db.session.query(Practice).filter_by(origin_id=note.id).one().innovative
    told = visitor.get("/api/v1/practices?innovative=true").json["items"]
    assert {one["innovative"] for one in told} == {True}


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("marche pluie", "fr"),
        ("MARCHÉS pluies", "fr"),
        ("mercados", "es"),
        ("mercado LIMPIO", "es"),
        ("estacao", "pt"),
        ("estações", "pt"),
        ("city", "en"),
        ("Cities", "en"),
    ],
)
def test_accents_and_plurals_are_forgiven(app, words, language):
    texts = {
        "fr": "Le marché et la pluie",
        "es": "Mercado limpio",
        "pt": "A estação nova",
        "en": "A city of trees",
    }
    for code, title in texts.items():
        practice(title, language=code)
    query = db.select(Practice)
    found = queries.find(query, {"q": words}, language).page
    assert [row.title for row in found.items] == [texts[language]]


@pytest.mark.parametrize(
    ("language", "one", "many"),
    [
        ("fr", "reseau", "reseaux"),
        ("fr", "journal", "journaux"),
        ("es", "luz", "luces"),
        ("es", "ciudad", "ciudades"),
        ("es", "padre", "padres"),
        ("es", "pais", "paises"),
        ("pt", "cidade", "cidades"),
        ("pt", "municipal", "municipais"),
        ("pt", "homem", "homens"),
        ("en", "policy", "policies"),
        ("en", "branch", "branches"),
    ],
)
def test_one_and_many_are_compared_as_the_same_word(language, one, many):
    assert singular(one, language) == singular(many, language)


def test_the_readers_language_comes_first_and_facets_count_what_they_would_leave(app):
    french = practice("Transport propre", language="fr", themes=("mobility",), country="FR")
    practice("Transport", language="en", themes=("health",), country="ZA")
    query = db.select(Practice)
    found = queries.find(query, {"q": "transport"}, "fr")
    assert found.page.items[0] == french
    assert found.counts["theme"] == {"mobility": 1, "health": 1}
    narrowed = queries.find(query, {"q": "transport", "theme": "health"}, "fr")
    assert narrowed.page.total == 1
    assert narrowed.counts["country"] == {"ZA": 1}
    assert narrowed.counts["theme"] == {"mobility": 1, "health": 1}


def test_each_count_is_the_number_of_rows_that_it_opens(app):
    for number, theme in enumerate(("mobility", "mobility", "health")):
        practice(f"Trees {number}", themes=(theme,), language=("fr", "en", "en")[number])
    for chosen in ({}, {"q": "trees"}, {"language": "en"}, {"theme": "mobility"}):
        counts = queries.find(db.select(Practice), chosen, "en").counts
        for name, options in counts.items():
            for code, number in options.items():
                opened = queries.find(db.select(Practice), {**chosen, name: code}, "en")
                assert opened.page.total == number, (chosen, name, code)


def test_the_first_page_costs_the_same_however_much_is_found(browser, statements):
    client = browser.as_()
    costs = set()
    for size in (1, 3, 30):
        for number in range(size):
            practice(f"Water {size} {number}")
        client.get("/en/practices?q=water")
        with statements() as seen:
            client.get("/en/practices?q=water")
        costs.add(len(seen))
    assert len(costs) == 1
    assert costs.pop() <= 12


@pytest.mark.parametrize("q", ['"', "a*", "NEAR(", "x AND", "' OR 1", "&|!", "…", "a"])
def test_no_word_upsets_the_database(browser, q):
    assert browser.as_().get("/en/practices", query_string={"q": q}).status_code == 200


def observatory(**facts):
    row = Observatory(code="iopd", name="IOPD", **facts)
    db.session.add(row)
    db.session.commit()
    return row


def harvest(row, *records):
    with transaction():
        found = harvesting.records_of(OAI % "".join(records))
        return harvesting.take_in(row, found, actor=None)


def test_harvesting_again_updates_and_never_doubles(app):
    row = observatory(trusted=True)
    first = record("oai:1", "Presupuesto", "Los vecinos deciden.", subject="SDG 11", place="España")
    assert harvest(row, first, record("oai:2", "Plan", "…")).new == 2
    again = harvest(row, first, record("oai:2", "Plan 2", "…"))
    assert (again.new, again.changed, again.same) == (0, 1, 1)
    assert harvest(row, record("oai:2", deleted=True)).withdrawn == 1
    one, two = db.session.query(Practice).order_by(Practice.external_id)
    assert (one.state, two.state) == (PracticeState.published, PracticeState.withdrawn)
    assert one.country_code == "ES"
    assert [term.code for term in one.tagged("sdg_goal")] == ["11"]
    assert two.title == "Plan 2"
    assert harvest(row, record("oai:2", "Plan 3", "…")).left_out == 1


def test_what_is_not_trusted_waits_and_asks_nobody_by_mail(app, browser):
    from exchange.reminders.models import Reminder

    harvest(observatory(), record("oai:1", "Plan", "Text"))
    written = practice("Written here", state=PracticeState.proposed)
    plan_now()
    asked = db.session.query(Reminder).filter_by(kind="practice_to_publish").all()
    assert {reminder.subject_id for reminder in asked} == {written.id}
    officer = browser.as_(factories.officer())
    assert "Plan" in officer.get("/en/practices?state=proposed").text
    assert "Plan" not in browser.as_().get("/en/practices?state=proposed").text


EVIL = '<!DOCTYPE x [<!ENTITY a "b"><!ENTITY c "&a;&a;">]><x>&c;</x>'


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (EVIL.encode(), "declares_a_type"),
        (b"<! DOCTYPE x SYSTEM 'file:///etc/passwd'><x/>", "declares_a_type"),
        (EVIL.encode("utf-16"), "declares_a_type"),
        (b"<x>&undeclared;</x>", "no_xml"),
        (b"<x>", "no_xml"),
        (b"<x/>", "no_records"),
        (b" " * 5_000_001, "too_big"),
    ],
)
def test_what_would_harm_is_refused_before_it_is_read(raw, why):
    with pytest.raises(Unreadable, match=why):
        read(raw)


@pytest.mark.parametrize("host", ["127.0.0.1", "10.0.0.8", "169.254.169.254", "::1"])
def test_no_address_of_our_own_house_is_fetched(host):
    with pytest.raises(Unreachable, match="not_public"):
        public_address(host, 443)


@pytest.mark.parametrize("url", ["http://a.org/x", "file:///etc/passwd", "https://u:p@a.org/"])
def test_https_alone_is_fetched(url):
    with pytest.raises(Unreachable, match="not_https"):
        fetch(url)


def test_answers_are_fetched_one_after_the_other(app):
    asked = []

    def get(url):
        asked.append(url)
        more = "" if "resumptionToken" in url else "<resumptionToken>t 1</resumptionToken>"
        return (OAI % (record(f"oai:{len(asked)}", "Plan", "Text") + more)).encode()

    row = observatory(harvest_url="https://oai.example.org/request")
    assert len(harvesting.download(row.harvest_url, get)) == 2
    assert asked == [
        records_at(row.harvest_url),
        "https://oai.example.org/request?verb=ListRecords&resumptionToken=t+1",
    ]


def test_staff_harvest_by_page_and_by_the_api(browser):
    officer = factories.officer()
    page, api = browser.as_(officer), browser.api(officer)
    page.post("/observatories/new", data={"code": "iopd", "name": "IOPD", "trusted": "yes"})
    row = db.session.query(Observatory).one()
    assert "no type" not in page.get("/observatories").text
    records = OAI % record("oai:1", "Plan", "Text")
    path = f"/observatories/{row.id}/harvest"
    assert page.post(path, data={"records": records}).status_code == 302
    assert page.post(path, data={"records": EVIL}).status_code == 422
    assert page.post(path, data={"records": ""}).status_code == 422, "it has no address"
    told = api.post(f"/api/v1{path}", json={"records": records}).json
    assert (told["new"], told["same"]) == (0, 1)
    assert "IOPD" in page.get("/en/practices").text
    city = factories.person(of=factories.organisation())
    assert browser.as_(city).get(path).status_code == 403


def test_the_api_writes_moves_and_finds(browser):
    city = factories.organisation()
    api, staff = browser.api(factories.person(of=city)), browser.api(factories.officer())
    made = api.post("/api/v1/practices", json={**WRITTEN, "organisation_id": city.id})
    assert made.status_code == 201
    path = f"/api/v1/practices/{made.json['id']}"
    assert api.patch(path, json={"themes": ["health"]}).json["themes"] == ["health"]
    text = {"title": "Clean markets", "summary": "Drains."}
    assert len(api.put(f"{path}/texts/en", json=text).json["texts"]) == 2
    assert api.post(f"{path}/steps", json={"trigger": "propose"}).status_code == 201
    assert staff.post(f"{path}/steps", json={"trigger": "publish"}).status_code == 201
    found = staff.get("/api/v1/practices?q=drain").json
    assert found["total"] == 1
    assert found["facets"]["language"] == {"fr": 1, "en": 1}
    other = factories.organisation()
    refused = api.post("/api/v1/practices", json={**WRITTEN, "organisation_id": other.id})
    assert refused.status_code == 422


def test_a_withdrawn_practice_is_changed_by_nobody(app):
    row = practice("Old", state=PracticeState.withdrawn)
    with pytest.raises(Exception, match="finished"):
        actions.edit(row, {"text": "new"}, actor=factories.officer())
