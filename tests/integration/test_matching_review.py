"""Reviewing a match and the matching desk: what each side and staff read, and the ways out."""

import contextvars
from datetime import timedelta

import pytest

from exchange.clock import now, today
from exchange.extensions import db
from exchange.matching import actions
from exchange.matching.models import Match, MatchQuestion
from exchange.messages.models import Message
from exchange.transaction import transaction
from tests import factories
from tests.factories.network import Network
from workflows.match import MatchState
from workflows.need import NeedState


@pytest.fixture
def pair(app):
    """A proposed match with a coordinator on each side."""
    learner = factories.organisation("Quelimane", population=350_000)
    host = factories.organisation("Lyon", population=520_000, country_code="FR")
    asks, shows = factories.person(of=learner), factories.person(of=host)
    need = factories.need(organisation=learner, title="Sorting waste", contact=asks, language="pt")
    factories.offer(organisation=host, title="Markets that sort", contact=shows)
    with transaction():
        actions.suggest_for_need(need.id)
    return db.session.query(Match).one(), asks, shows


@pytest.fixture
def suggestion(app):
    """A pair that nobody is asked about yet."""
    need = factories.need(title="Sorting waste")
    with transaction():
        return actions.create_by_officer(need, factories.offer(title="Markets"), actor=None)


def state_of(match):
    db.session.expire_all()
    return match.state


def test_the_page_says_who_has_answered_and_until_when(pair, browser):
    match, asks, shows = pair
    page = browser.as_(asks)
    shown = page.get(f"/matches/{match.id}").text
    assert "7 days left" in shown
    assert shown.count("has not answered") == 2
    page.post(f"/matches/{match.id}/answer", data={"answer": "accepted"})
    other = browser.as_(shows).get(f"/matches/{match.id}").text
    assert "has said yes" in other
    assert other.count("has not answered") == 1


def test_the_page_says_what_is_not_known_and_what_the_host_has_done(pair, browser):
    match, asks, _shows = pair
    shown = browser.as_(asks).get(f"/matches/{match.id}").text
    assert "Not known of Lyon" in shown
    assert "number of people" in shown
    assert "Lyon has not hosted an exchange here yet." in shown
    factories.exchange(host=match.offer.organisation, state="closed_with_change")
    again = browser.as_(asks).get(f"/matches/{match.id}").text
    assert "Lyon has hosted 1 exchange." in again


def test_a_no_has_a_reason_of_the_list(pair, browser):
    match, asks, _shows = pair
    page = browser.as_(asks)
    shown = page.get(f"/matches/{match.id}").text
    assert 'type="radio" name="reason_code" value="timing"' in shown
    refused = page.post(f"/matches/{match.id}/answer", data={"answer": "declined", "note": "Hm."})
    assert refused.status_code == 422
    assert "Hm." in refused.text
    assert 'href="#reason_code"' in refused.text


def test_another_time_keeps_the_pair(pair, browser):
    match, asks, shows = pair
    assert "Suggest another time" in browser.as_(asks).get(f"/matches/{match.id}").text
    sent = {"text": "September suits us better."}
    browser.as_(asks).post(f"/matches/{match.id}/questions", data=sent)
    assert state_of(match) == MatchState.proposed
    assert "September suits us better." in browser.as_(shows).get(f"/matches/{match.id}").text
    assert db.session.query(MatchQuestion).count() == 1


def test_who_answers_too_late_is_told_in_words_and_loses_nothing(pair, browser):
    match, asks, shows = pair
    no = {"answer": "declined", "reason_code": "capacity"}
    browser.as_(shows).post(f"/matches/{match.id}/answer", data=no)
    sent = {"answer": "accepted", "note": "We look forward to it."}
    late = browser.as_(asks).post(f"/matches/{match.id}/answer", data=sent)
    assert late.status_code == 409
    assert "the match has changed since you opened this page" in late.text
    assert "We look forward to it." in late.text
    assert "Ask to reopen" in late.text


def test_a_side_asks_to_reopen_and_an_officer_asks_both_again(pair, browser):
    match, asks, _shows = pair
    match.answer_by = today() - timedelta(days=1)
    db.session.commit()
    with transaction():
        assert actions.lapse_overdue(today()) == 1
    page, staff = browser.as_(asks), browser.as_(factories.officer())
    shown = page.get(f"/matches/{match.id}").text
    assert "Nobody answered in time" in shown
    wish = {"note": "Our holidays came in between."}
    page.post(f"/matches/{match.id}/reopen-asked", data=wish)
    assert "Our holidays came in between." in staff.get("/matching").text
    assert page.post(f"/matches/{match.id}/reopen").status_code == 403
    answer = staff.post(f"/matches/{match.id}/reopen")
    assert answer.status_code == 302
    again = db.session.query(Match).filter(Match.id != match.id).one()
    assert again.state == MatchState.proposed
    assert state_of(match) == MatchState.lapsed, "what was said stays said"
    assert "Our holidays came in between." not in staff.get("/matching").text


def test_staff_read_both_mails_before_anybody_is_asked(suggestion, browser):
    factories.person("Ana", of=suggestion.need.organisation, language="pt")
    factories.person("Paul", of=suggestion.offer.organisation, language="fr")
    staff = browser.as_(factories.officer())
    shown = staff.get(f"/matches/{suggestion.id}/publish").text
    assert "Read by: Ana" in shown
    assert "Read by: Paul" in shown
    assert 'lang="fr"' in shown
    assert db.session.query(Message).count() == 0
    move = {"trigger": "propose", "expected_state": "suggested"}
    staff.post(f"/matches/{suggestion.id}/move", data=move)
    assert state_of(suggestion) == MatchState.proposed
    assert staff.get(f"/matches/{suggestion.id}/publish").status_code == 302
    member = browser.as_(factories.person(of=suggestion.need.organisation))
    assert member.get(f"/matches/{suggestion.id}/publish").status_code == 403


def test_an_officer_edits_the_reasons_until_somebody_is_asked(suggestion, browser):
    staff = browser.as_(factories.officer(name="Lucía"))
    path = f"/matches/{suggestion.id}/why"
    staff.post(path, data={"note": "Both mayors met in Rabat."})
    assert "Both mayors met in Rabat." in staff.get(f"/matches/{suggestion.id}").text
    staff.post(path, data={"note": "They met in Fez."})
    db.session.expire_all()
    own = [one for one in suggestion.reasons if one["code"] == "by_officer"]
    assert [one["evidence"]["note"] for one in own] == ["They met in Fez."]
    assert sum(one["points"] for one in suggestion.reasons) == suggestion.score
    with transaction():
        actions.propose(suggestion, actor=None)
    assert staff.post(path, data={"note": "Too late."}).status_code == 409


def test_the_next_best_offers_stand_below_with_the_dismissed_at_the_end(suggestion, browser):
    need = suggestion.need
    with transaction():
        for title in ("Dismissed", "Next in line"):
            other = actions.create_by_officer(need, factories.offer(title=title), actor=None)
            if title == "Dismissed":
                actions.withdraw(other, actor=None)
    shown = browser.as_(factories.officer()).get(f"/matches/{suggestion.id}").text
    assert shown.index("Next in line") < shown.index("Dismissed")
    own = browser.as_(factories.person(of=need.organisation)).get(f"/matches/{suggestion.id}").text
    assert "Next in line" in own
    assert "Dismissed" not in own, "nobody was ever asked about it"


def test_a_match_of_others_does_not_exist(suggestion, browser):
    stranger = browser.as_(factories.person(of=factories.organisation()))
    for path in ("", "/publish", "/why"):
        assert stranger.get(f"/matches/{suggestion.id}{path}").status_code == 404
    assert stranger.post(f"/matches/{suggestion.id}/reopen-asked").status_code == 404


def test_the_page_of_a_match_costs_at_most_twelve_statements(pair, browser, statements):
    match, asks, _shows = pair
    match.questions = [MatchQuestion(side="need", text="When?", person=asks) for _ in range(3)]
    db.session.commit()
    path = f"/matches/{match.id}"
    for client in (browser.as_(asks), browser.as_(factories.officer())):
        client.get(path)  # the first look of a day is written down
        with statements() as seen:
            status = contextvars.Context().run(lambda c=client: c.get(path).status_code)
        assert status == 200
        assert len(seen) <= 12, seen.all


# The desk


def test_the_desk_shows_the_offers_of_the_chosen_need(suggestion, browser):
    suggestion.need.published_at = now() - timedelta(days=70)
    full = factories.offer(title="Taken by others")
    with transaction():
        actions.create_by_officer(suggestion.need, full, actor=None)
        full.places_taken = 1
    paused = factories.offer(title="Away in summer")
    with transaction():
        actions.create_by_officer(suggestion.need, paused, actor=None)
        paused.paused_until = today() + timedelta(days=30)
    other = factories.need(title="Another need")
    staff = browser.as_(factories.officer())
    shown = staff.get(f"/matching?need={suggestion.need_id}").text
    assert "70 days old" in shown
    assert f"/matches/{suggestion.id}/publish" in shown
    assert "the offer is full" in shown
    assert "paused until" in shown
    empty = staff.get(f"/matching?need={other.id}").text
    assert "No offer fits yet" in empty
    narrowed = staff.get("/matching?q=Another").text
    assert "Sorting waste" not in narrowed


def test_a_desk_without_work_says_so(browser):
    factories.need(state=NeedState.draft)
    shown = browser.as_(factories.officer()).get("/matching").text
    assert "Every need has an offer" in shown


def test_the_desk_costs_the_same_with_three_rows_and_with_three_hundred(browser, statements):
    home, staff = factories.organisation(), factories.officer()
    network = Network(home, staff)
    client = browser.as_(staff)
    counted = {}
    for size in (3, 300):
        network.grow(size)
        with statements() as seen:
            path = "/matching?size=100"
            status = contextvars.Context().run(lambda p=path: client.get(p).status_code)
        assert status == 200
        counted[size] = len(seen)
    assert counted[3] == counted[300]
    assert counted[300] <= 12
