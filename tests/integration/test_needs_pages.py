"""A need on its pages: written, corrected, published, withdrawn; and who may not see it."""

import re

import pytest

from exchange.catalogue.models import Need
from exchange.extensions import db
from tests import factories
from workflows.need import NeedState


def test_a_coordinator_writes_and_publishes_a_need(browser):
    city = factories.organisation("Nampula")
    page = browser.as_(factories.person(of=city))
    sent = {
        "organisation_id": city.id,
        "title": "Drainage of markets",
        "text": "Our markets flood.",
        "language": "en",
        "themes": ["informal-economy-markets"],
        "languages": ["pt", "en"],
    }
    answer = page.post("/needs/new", data=sent, follow_redirects=True)
    assert answer.status_code == 200
    assert "Publish" in answer.text
    need = db.session.query(Need).one()
    step = {"trigger": "publish", "expected_state": "draft"}
    answer = page.post(f"/needs/{need.id}/move", data=step, follow_redirects=True)
    assert "Published" in answer.text
    db.session.expire_all()
    assert need.state == NeedState.published
    assert need.expires_on is not None


def test_a_need_about_a_way_that_is_new_says_so_and_is_found_by_it(browser):
    city = factories.organisation("Nampula")
    page = browser.as_(factories.person(of=city))
    sent = {"organisation_id": city.id, "title": "Sponge streets", "language": "en"}
    page.post("/needs/new", data={**sent, "innovative": "yes"})
    page.post("/needs/new", data={**sent, "title": "Archives"})
    need = db.session.query(Need).filter_by(innovative=True).one()
    assert need.title == "Sponge streets"
    assert "about a way that is new" in page.get(f"/needs/{need.id}").text
    found = page.get("/needs?innovative=yes").text
    assert "Sponge streets" in found
    assert "Archives" not in found
    api = browser.api(factories.person(of=city))
    told = api.get("/api/v1/needs?innovative=true").json["items"]
    assert [(one["title"], one["innovative"]) for one in told] == [("Sponge streets", True)]
    changed = {**sent, "title": need.title, "version_id": need.version_id}
    page.post(f"/needs/{need.id}/edit", data=changed)
    assert "Sponge streets" not in page.get("/needs?innovative=yes").text, "no longer ticked"


def test_a_form_with_errors_keeps_what_was_typed(browser):
    city = factories.organisation()
    page = browser.as_(factories.person(of=city))
    answer = page.post("/needs/new", data={"text": "Only a text", "language": "xx1"})
    assert answer.status_code == 422
    assert "Only a text" in answer.text
    assert "This is needed." in answer.text
    assert db.session.query(Need).count() == 0


def _sent(city, **more):
    base = {"organisation_id": city.id, "title": "Markets", "text": "They flood.", "language": "en"}
    return {**base, "themes": ["mobility"], "languages": ["en"], **more}


def test_a_need_says_what_it_cannot_do_without(browser):
    city = factories.organisation()
    page = browser.as_(factories.person(of=city))
    form = page.get("/needs/new").text
    assert "Our people must have an invitation letter for a visa" in form
    assert 'name="programme_id"' not in form, "nobody asks for a programme where there is none"
    sent = _sent(city, visa_letter="yes", funding="yes")
    shown = page.post("/needs/new", data=sent, follow_redirects=True).text
    assert "must have an invitation letter" in shown
    assert "to be borne by the host" in shown
    need = db.session.query(Need).one()
    assert (need.visa_letter, need.funding, need.programme_id) == (True, True, None)
    told = browser.api(factories.officer()).get(f"/api/v1/needs/{need.id}").json
    assert (told["visa_letter"], told["funding"]) == (True, True)


def test_a_need_is_written_for_an_open_programme_and_stays_in_it_when_it_closes(browser):
    city = factories.organisation()
    page = browser.as_(factories.person(of=city))
    call, closed = factories.programme("call-1"), factories.programme("call-0", open=False)
    form = page.get(f"/needs/new?programme_id={call.id}&lang=fr").text
    assert f'<option value="{call.id}" selected>' in form
    assert "Appel call-1" in form
    assert "call-0" not in form
    refused = page.post("/needs/new", data=_sent(city, programme_id=closed.id))
    assert refused.status_code == 422
    assert "They flood." in refused.text
    page.post("/needs/new", data=_sent(city, programme_id=call.id))
    need = db.session.query(Need).one()
    assert need.programme_id == call.id
    call.open = False
    db.session.commit()
    kept = _sent(city, programme_id=call.id, title="Renamed", version_id=need.version_id)
    shown = page.post(f"/needs/{need.id}/edit", data=kept, follow_redirects=True).text
    assert "Renamed" in shown
    assert "Call call-1" in shown
    listed = browser.api(factories.officer()).get(f"/api/v1/needs?programme_id={call.id}").json
    assert [row["programme_id"] for row in listed["items"]] == [call.id]


def test_a_foreign_draft_does_not_exist(browser):
    draft = factories.need(state=NeedState.draft)
    stranger = browser.as_(factories.person(of=factories.organisation()))
    assert stranger.get(f"/needs/{draft.id}").status_code == 404
    assert (
        browser.api(factories.person(of=factories.organisation()))
        .get(f"/api/v1/needs/{draft.id}")
        .status_code
        == 404
    )


def test_a_visitor_is_sent_to_the_sign_in_page(browser):
    need = factories.need()
    answer = browser.as_().get(f"/needs/{need.id}")
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_list_costs_the_same_however_many(browser, statements, rows):
    for _ in range(rows):
        factories.need()
    page = browser.as_(factories.person(of=factories.organisation()))
    page.get("/needs")
    with statements() as seen:
        assert page.get("/needs").status_code == 200
    assert len(seen) <= 12


def test_the_filters_say_how_many_needs_each_option_would_leave(browser):
    home, other = factories.organisation("Lyon"), factories.organisation("Kisumu")
    factories.need(organisation=home, state=NeedState.published, title="Buses")
    factories.need(organisation=other, state=NeedState.published, title="Waste")
    factories.need(organisation=home, state=NeedState.draft, title="Markets")
    page = browser.as_(factories.person(of=home))
    text = page.get("/needs").text
    assert re.search(r'value="published" >\s*Published \(2\)', text)
    assert re.search(r'value="draft" >\s*Draft \(1\)', text), "one's own draft is counted"
    assert "Only ours (2)" in text
    narrowed = page.get("/needs?mine=yes").text
    assert re.search(r'value="published" >\s*Published \(1\)', narrowed), "other filters hold"
    assert "Draft (1)" not in browser.as_(factories.person(of=other)).get("/needs").text


def test_the_headings_of_the_list_order_it(browser):
    for title in ("Waste", "Buses"):
        factories.need(state=NeedState.published, title=title)
    text = browser.as_(factories.officer()).get("/needs?sort=title").text
    assert 'aria-sort="ascending"' in text
    assert 'href="/needs?sort=-title"' in text
    assert text.index(">Buses<") < text.index(">Waste<")
