"""A participant without an account: confirms, prepares and evaluates on a personal page."""

from datetime import date

import pytest

from exchange.clock import today
from exchange.extensions import db
from exchange.visits import actions
from exchange.visits.models import Evaluation, PreparationSheet
from tests import factories
from tests.factories import visits
from workflows.participant import ParticipantState

ANSWERS = {"participant-goals-met": "4", "participant-expected-use": "Lanes"}


@pytest.fixture
def invited(app):
    """(participant, path): nominated for a visit, with a personal link."""
    told = visits.story()
    visit = visits.visit(told.exchange, starts_on=today(), ends_on=today())
    visits.session(visit)
    who = visits.participant(visit, told.learner, name="Amina", email="amina@example.org")
    secret = actions.make_participant_link(who)
    db.session.commit()
    return who, f"/p/{secret}"


def test_looking_answers_nothing_and_nobody_keeps_the_page(browser, invited):
    who, path = invited
    answer = browser.as_().get(path)
    assert "Welcome, Amina." in answer.text
    assert "Opening" in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers["X-Robots-Tag"] == "noindex"
    db.session.refresh(who)
    assert who.state == ParticipantState.nominated


def test_a_participant_confirms_and_later_declines_with_a_reason(browser, invited):
    who, path = invited
    page = browser.as_()
    answer = page.post(path, data={"trigger": "confirm"}, follow_redirects=True)
    assert "You have confirmed." in answer.text
    assert page.post(path, data={"trigger": "decline"}).status_code == 422
    answer = page.post(path, data={"trigger": "decline", "note": "Ill."}, follow_redirects=True)
    assert "You have said that you cannot come." in answer.text
    db.session.refresh(who)
    assert who.state == ParticipantState.declined
    assert page.post(path, data={"trigger": "confirm"}).status_code == 409
    assert page.post(path, data={"trigger": "nominate_again"}).status_code == 422
    assert page.post(path).status_code == 422


def test_a_participant_prepares(browser, invited):
    who, path = invited
    page = browser.as_()
    assert "What you bring" in page.get(f"{path}/preparation").text
    sheet = {
        "needs": "A ramp",
        "kind": "challenge",
        "title": "Floods",
        "problem": "Rain",
        "language": "pt",
    }
    answer = page.post(f"{path}/preparation", data=sheet, follow_redirects=True)
    assert "A ramp" in answer.text
    assert '<span lang="pt">Floods</span>' in answer.text
    assert 'value="Floods"' in page.get(f"{path}/preparation").text
    wrong = {**sheet, "kind": ""}
    answer = page.post(f"{path}/preparation", data=wrong)
    assert answer.status_code == 422
    assert "Say whether it is a practice or a challenge." in answer.text
    db.session.expire_all()
    assert db.session.query(PreparationSheet).one().participant == who


def test_a_participant_evaluates_and_corrects(browser, invited):
    who, path = invited
    page = browser.as_()
    assert page.post(f"{path}/evaluation", data=ANSWERS).status_code == 422
    who.visit.evaluation_opened_on = today()
    db.session.commit()
    assert "Answer the questions" in page.get(path).text
    assert "Did the exchange meet the goals" in page.get(f"{path}/evaluation").text
    answer = page.post(f"{path}/evaluation", data=ANSWERS, follow_redirects=True)
    assert "Correct your answers" in answer.text
    assert 'value="4" checked' in page.get(f"{path}/evaluation").text
    answer = page.post(f"{path}/evaluation", data={**ANSWERS, "participant-goals-met": "9"})
    assert answer.status_code == 422
    assert "Lanes" in answer.text
    page.post(f"{path}/evaluation", data={**ANSWERS, "participant-goals-met": "2"})
    db.session.expire_all()
    row = db.session.query(Evaluation).one()
    assert row.answers == {"participant-goals-met": 2, "participant-expected-use": "Lanes"}


def test_the_questions_are_asked_in_the_readers_language(browser, invited):
    who, path = invited
    who.visit.evaluation_opened_on = today()
    db.session.commit()
    text = browser.as_(language="fr").get(f"{path}/evaluation").text
    assert "L’échange a-t-il répondu aux objectifs" in text


def test_the_calendar_comes_with_the_link(browser, invited):
    _who, path = invited
    answer = browser.as_().get(f"{path}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    assert b"SUMMARY:Opening" in answer.data
    assert b"Amina" not in answer.data


def test_a_link_that_nobody_has_opens_nothing(browser, invited):
    _who, path = invited
    page = browser.as_()
    for wrong in (
        "/p/nobody",
        path[:-1],
        path + "x",
        "/p/nobody/evaluation",
        "/p/nobody/calendar.ics",
    ):
        assert page.get(wrong).status_code == 404


def test_a_link_ends_a_year_after_the_visit(browser, invited):
    who, path = invited
    who.visit.starts_on = who.visit.ends_on = date(2020, 1, 1)
    db.session.commit()
    assert browser.as_().get(path).status_code == 404


def test_whoever_nominated_makes_a_link_and_nobody_else(browser, invited):
    who, _path = invited
    host = who.visit.exchange.with_role("host")[0].organisation
    make = f"/visits/participants/{who.id}/link"
    answer = browser.as_(factories.person(of=who.organisation)).post(make)
    assert "A personal link for Amina" in answer.text
    address = answer.text.split('value="http://localhost')[1].split('"')[0]
    assert "Welcome, Amina." in browser.as_().get(address).text
    assert browser.as_(factories.person(of=host)).post(make).status_code == 403


def test_a_participant_with_an_account_goes_to_the_same_page(browser, invited):
    who, _path = invited
    amina = browser.as_(factories.person(email=who.email, of=who.organisation, role="member"))
    assert "Open your own page" in amina.get(f"/visits/{who.visit_id}").text
    answer = amina.post(f"/visits/{who.visit_id}/my-page", follow_redirects=True)
    assert "Welcome, Amina." in answer.text
    other = browser.as_(factories.person(of=who.organisation))
    assert other.post(f"/visits/{who.visit_id}/my-page").status_code == 404


def test_a_form_needs_its_token(shared_app, browser, invited):
    who, path = invited
    shared_app.config["WTF_CSRF_ENABLED"] = True
    try:
        assert browser.as_().post(path, data={"trigger": "confirm"}).status_code == 400
    finally:
        shared_app.config["WTF_CSRF_ENABLED"] = False
    db.session.refresh(who)
    assert who.state == ParticipantState.nominated
