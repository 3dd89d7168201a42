"""What was typed survives a sign-in that has ended, a new one, and a colleague who saved first."""

import re
from datetime import timedelta

import pytest

from exchange.accounts.models import SignIn
from exchange.clock import now
from exchange.extensions import db
from exchange.keeping.kept import LONGEST, MOST
from exchange.keeping.models import KeptForm
from exchange.keeping.retention import purge
from tests import factories

WORDS = "How others drain their markets without closing them."


def signed_out_while_writing(browser, person):
    """A page of ``person`` whose sign-in has ended meanwhile."""
    page = browser.as_(person)
    page.get("/account")
    db.session.query(SignIn).update({SignIn.ended_at: now()})
    db.session.commit()
    return page


def sign_in_again(browser, page, person):
    """The same browser, signed in anew as the sign-in page does it."""
    fresh = browser.as_(person)
    with fresh.session_transaction() as theirs, page.session_transaction() as session:
        session.clear()
        session["sign_in"] = theirs["sign_in"]


def need(city, **more):
    """What the form of a need sends."""
    return {
        "organisation_id": city.id,
        "title": "Drainage",
        "text": WORDS,
        "language": "en",
        "themes": ["mobility"],
        "once": "token",
        **more,
    }


def test_a_form_sent_after_the_sign_in_had_ended_is_there_again(browser):
    city = factories.organisation("Nampula")
    person = factories.person(of=city)
    page = signed_out_while_writing(browser, person)
    answer = page.post("/needs/new", data=need(city))
    assert answer.status_code == 302
    assert answer.location.startswith("/sign-in?next=/needs/new?kept%3D")
    assert "what you typed is kept" in page.get(answer.location).text
    sign_in_again(browser, page, person)
    address = answer.location.split("next=")[1].replace("%3D", "=")
    text = page.get(address).text
    assert WORDS in text
    assert 'value="mobility" checked' in text
    kept = re.search(r'name="kept" value="(\d+)"', text).group(1)
    sent = page.post("/needs/new", data=need(city, kept=kept), follow_redirects=True)
    assert WORDS in sent.text
    assert db.session.query(KeptForm).count() == 0


def test_a_form_without_a_page_of_its_own_is_shown_to_be_sent(browser):
    city = factories.organisation()
    exchange = factories.exchange(learner=city, state="submitted")
    officer = factories.officer()
    page = signed_out_while_writing(browser, officer)
    sent = {"trigger": "ask_information", "expected_state": "submitted", "note": "Who would pay?"}
    answer = page.post(f"/exchanges/{exchange.id}/move", data=sent)
    assert "next=/kept/" in answer.location
    sign_in_again(browser, page, officer)
    address = answer.location.split("next=")[1]
    text = page.get(address).text
    assert "Who would pay?" in text
    assert f'action="/exchanges/{exchange.id}/move"' in text
    again = page.post(f"/exchanges/{exchange.id}/move", data={**sent, "kept": address[6:]})
    assert again.status_code == 302
    db.session.refresh(exchange)
    assert exchange.state == "more_information"
    assert page.get(address).status_code == 404


def test_nobody_else_finds_it(browser):
    city = factories.organisation()
    person = factories.person(of=city)
    page = signed_out_while_writing(browser, person)
    page.post("/needs/new", data=need(city))
    kept = db.session.query(KeptForm).one()
    colleague = browser.as_(factories.person(of=city))
    assert WORDS not in colleague.get(f"/needs/new?kept={kept.id}").text
    assert colleague.get(f"/kept/{kept.id}").status_code == 404
    assert colleague.post(f"/kept/{kept.id}/forget").status_code == 404
    mine = browser.as_(person)
    assert WORDS not in mine.get(f"/offers/new?kept={kept.id}").text  # another page
    assert mine.post(f"/kept/{kept.id}/forget").status_code == 302
    assert db.session.query(KeptForm).count() == 0


def test_a_visitor_leaves_nothing_behind(browser):
    city = factories.organisation()
    answer = browser.as_().post("/needs/new", data=need(city))
    assert answer.location == "/sign-in"
    assert db.session.query(KeptForm).count() == 0


def test_passwords_and_endless_texts_are_not_kept(browser):
    person = factories.person(of=factories.organisation())
    page = signed_out_while_writing(browser, person)
    page.post("/account/password", data={"current_password": "a", "new_password": "b"})
    page = signed_out_while_writing(browser, person)
    page.post("/needs/new", data={"text": "x" * LONGEST})
    assert db.session.query(KeptForm).count() == 0


def test_of_many_only_the_newest_are_kept_and_for_a_day(browser):
    city = factories.organisation()
    person = factories.person(of=city)
    for number in range(MOST + 2):
        page = signed_out_while_writing(browser, person)
        page.post("/needs/new", data=need(city, title=f"Need {number}"))
    assert db.session.query(KeptForm).count() == MOST
    newest = db.session.query(KeptForm).order_by(KeptForm.id.desc()).first()
    assert ["title", f"Need {MOST + 1}"] in newest.fields
    assert purge(now=now() + timedelta(days=2)) == MOST
    db.session.commit()


def test_a_form_opened_before_signing_in_anew_is_there_again(app, browser):
    """Signing in gives a new token: the forms of other tabs carry the old one."""
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        city = factories.organisation()
        page = browser.as_(factories.person(of=city))
        answer = page.post("/needs/new", data=need(city, csrf_token="of another sign-in"))
        assert answer.status_code == 302
        text = page.get(answer.location).text
        assert WORDS in text
        assert "You have signed in anew" in text
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def hidden(text, *names):
    """The hidden fields of a page."""
    return {n: re.search(rf'name="{n}" value="([^"]*)"', text).group(1) for n in names}


@pytest.fixture
def two_writers(browser):
    """An open concept note on two screens: that of the host and that of the learner."""
    host, learner = factories.organisation(), factories.organisation()
    exchange = factories.exchange(host=host, learner=learner, state="partners_agreed")
    pages = [
        browser.as_(factories.person(name, of=of)) for name, of in (("Ana", host), ("Rui", learner))
    ]
    address = f"/exchanges/{exchange.id}/concept-note"
    return exchange, address, *pages, hidden(pages[0].get(address).text, "version_id", "shown")


def test_what_only_the_other_changed_stays_without_a_question(two_writers):
    exchange, address, ana, rui, seen = two_writers
    rui.post(address, data={**seen, "concept_note_agreed_on": "2026-01-05"})
    answer = ana.post(address, data={**seen, "concept_note": "Three days."})
    assert answer.status_code == 302, answer.text
    db.session.refresh(exchange)
    assert exchange.concept_note == "Three days."
    assert str(exchange.concept_note_agreed_on) == "2026-01-05"


def test_a_move_meanwhile_is_no_quarrel(browser, two_writers):
    exchange, address, ana, _rui, seen = two_writers
    exchange.title = "Another title"
    db.session.commit()
    assert ana.post(address, data={**seen, "concept_note": "Three days."}).status_code == 302


def test_what_both_changed_is_shown_side_by_side_and_chosen(two_writers):
    exchange, address, ana, rui, seen = two_writers
    rui.post(address, data={**seen, "concept_note": "Rui: two days."})
    answer = ana.post(address, data={**seen, "concept_note": "Ana: three days."})
    assert answer.status_code == 409
    for words in ("Rui saved this on", "Rui: two days.", "Ana: three days."):
        assert words in answer.text
    db.session.refresh(exchange)
    assert exchange.concept_note == "Rui: two days."
    fresh = hidden(answer.text, "version_id", "shown")
    mine = {**fresh, "concept_note": "Ana and Rui: three days.", "choose-concept_note": "mine"}
    assert ana.post(address, data=mine).status_code == 302
    db.session.refresh(exchange)
    assert exchange.concept_note == "Ana and Rui: three days."


def test_choosing_what_is_saved_keeps_it(two_writers):
    exchange, address, ana, rui, seen = two_writers
    rui.post(address, data={**seen, "concept_note": "Rui: two days."})
    answer = ana.post(address, data={**seen, "concept_note": "Ana: three days."})
    fresh = hidden(answer.text, "version_id", "shown")
    theirs = {**fresh, "concept_note": "Ana: three days.", "choose-concept_note": "theirs"}
    assert ana.post(address, data=theirs).status_code == 302
    db.session.refresh(exchange)
    assert exchange.concept_note == "Rui: two days."
