"""Matches on their pages and in the API: who sees them, answers, asks, and what staff may do."""

from datetime import date

import pytest

from exchange.clock import now
from exchange.extensions import db
from exchange.matching import actions, moves
from exchange.matching.models import Match, MatchQuestion
from exchange.messages.compose import compose
from exchange.programmes.models import MatchingMode
from exchange.reminders.audience import Guest
from exchange.reminders.facts import facts_for
from exchange.reminders.kinds import KINDS
from exchange.runs.models import Run, RunPair
from exchange.transaction import transaction
from tests import factories
from workflows.exchange import ExchangeState
from workflows.match import MatchState
from workflows.matching_run import RunState
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


def state_of(match):
    db.session.expire_all()
    return match.state


def test_both_sides_see_why_and_say_yes(pair, browser):
    match, asks, shows = pair
    page = browser.as_(asks)
    listed = page.get("/matches?waiting=yes")
    assert "Sorting waste" in listed.text
    shown = page.get(f"/matches/{match.id}").text
    assert "Every theme asked for is offered." in shown
    assert "Your turn" in shown
    assert "350,000 / 520,000" in shown
    assert 'lang="pt"' in shown
    assert shows.email not in shown
    assert "Points of 10,000" not in shown
    answer = {"side": "need", "answer": "accepted"}
    done = page.post(f"/matches/{match.id}/answer", data=answer, follow_redirects=True)
    assert "One side has said yes" in done.text
    assert "Nothing fits these filters" in page.get("/matches?waiting=yes").text
    other = browser.as_(shows)
    done = other.post(
        f"/matches/{match.id}/answer", data={"answer": "accepted"}, follow_redirects=True
    )
    assert asks.email in done.text
    assert "You learn together in exchange PX-" in done.text
    assert state_of(match) == MatchState.agreed


def test_a_page_says_why_in_a_sentence_a_mayor_understands(pair, browser):
    match, asks, _shows = pair
    shown = browser.as_(asks).get(f"/matches/{match.id}").text
    assert "Quelimane and Lyon work on “Urban mobility and transport" in shown
    assert "They can work together in English." in shown
    french = browser.as_(asks).get(f"/matches/{match.id}?lang=fr").text
    assert "Mobilité urbaine et transports" in french
    assert "anglais" in french


def test_the_mail_says_why_in_the_language_of_its_reader(pair, app):
    match, *_people = pair
    match.need.available_from, match.need.available_until = date(2027, 3, 1), date(2027, 5, 31)
    match.offer.available_from = date(2027, 4, 1)
    match.met = []
    db.session.commit()
    facts = {**facts_for(KINDS["match_to_answer"], match, at=now()), "organisation": "Quelimane"}
    for language, names, days in (
        ("en", "Urban mobility and transport", "April 1, 2027"),
        ("fr", "Mobilité urbaine et transports", "1 avril 2027"),
        ("es", "Movilidad urbana", "1 de abril de 2027"),
    ):
        reader = Guest("Ana", "ana@px.test", language, "UTC")
        mail = compose(KINDS["match_to_answer"].mail, reader, facts, f"/matches/{match.id}")
        for body in (mail.text, mail.html):
            assert names in body
            assert days in body


def test_a_suggestion_is_known_to_the_side_that_needs(browser):
    learner, host = factories.organisation(), factories.organisation()
    asks, shows = factories.person(of=learner), factories.person(of=host)
    need, offer = factories.need(organisation=learner), factories.offer(organisation=host)
    with transaction():
        match = actions.create_by_officer(need, offer, actor=None)
        match.waiting = 2
    path = f"/matches/{match.id}"
    shown = browser.as_(asks).get(path)
    assert "A suggestion: nobody is asked yet." in shown.text
    assert "It stands in line at place 2" in shown.text
    assert browser.api(asks).get(f"/api/v1{path}").json["waiting"] == 2
    assert browser.as_(shows).get(path).status_code == 404
    assert browser.api(shows).get(f"/api/v1{path}").status_code == 404
    assert path not in browser.as_(shows).get(f"/offers/{offer.id}").text
    listed = browser.as_(asks).get(f"/needs/{need.id}").text
    assert path in listed
    assert "place 2 in line" in listed
    with transaction():
        moves.drop(match)
    assert browser.as_(asks).get(path).status_code == 404, "nobody was ever asked about it"
    assert browser.as_(factories.officer()).get(path).status_code == 200


def test_a_pair_that_was_declined_before_says_so(pair, browser):
    match, asks, _shows = pair
    lost = {"code": "declined_before", "points": -500, "most": 0, "evidence": {}}
    match.reasons = [*match.reasons, lost]
    db.session.commit()
    shown = browser.as_(asks).get(f"/matches/{match.id}").text
    assert "counts against it" in shown
    assert "This pair was declined some time ago" in shown


def test_a_better_offer_that_others_got_is_named_to_the_side_that_needs(pair, browser):
    match, asks, shows = pair
    better = factories.offer(title="Compost for all")
    run = Run(programme_code="network", mode=MatchingMode.automatic, state=RunState.draft)
    missed = {"offer": better.id, "score": 9000, "price": 9500, "because": "others_gain_more"}
    pair_of_run = RunPair(need=match.need, offer=match.offer, score=match.score, trade_off=missed)
    run.pairs.append(pair_of_run)
    db.session.add(run)
    db.session.commit()
    shown = browser.as_(asks).get(f"/matches/{match.id}").text
    assert "Another offer fits better, but others gain more from its last place" in shown
    assert "Compost for all" in shown
    assert "Compost for all" not in browser.as_(shows).get(f"/matches/{match.id}").text


def test_a_no_asks_for_its_reason_and_keeps_it_from_the_other_city(pair, browser):
    match, asks, shows = pair
    page = browser.as_(asks)
    empty = {"side": "need", "answer": "declined", "note": "Elections in May"}
    shown = page.post(f"/matches/{match.id}/answer", data=empty)
    assert shown.status_code == 422
    assert "Elections in May" in shown.text
    sent = {**empty, "reason_code": "timing"}
    page.post(f"/matches/{match.id}/answer", data=sent)
    assert state_of(match) == MatchState.declined
    assert "Elections in May" not in browser.as_(shows).get(f"/matches/{match.id}").text
    staff = browser.as_(factories.officer()).get(f"/matches/{match.id}").text
    assert "The dates do not suit us" in staff
    assert "Elections in May" in staff


def test_nobody_answers_for_the_other_side(pair, browser):
    match, asks, _shows = pair
    page = browser.as_(asks)
    sent = {"side": "offer", "answer": "accepted"}
    assert page.post(f"/matches/{match.id}/answer", data=sent).status_code == 403
    assert page.post(f"/matches/{match.id}/answer", data={"answer": "pending"}).status_code == 422
    assert page.post(f"/matches/{match.id}/answer", data={"answer": "maybe"}).status_code == 422
    assert state_of(match) == MatchState.proposed


def test_a_stranger_sees_no_match(pair, browser):
    match, *_people = pair
    stranger = factories.person(of=factories.organisation())
    assert browser.as_(stranger).get(f"/matches/{match.id}").status_code == 404
    assert browser.api(stranger).get(f"/api/v1/matches/{match.id}").status_code == 404
    assert browser.api(stranger).get("/api/v1/matches").json["total"] == 0
    assert browser.as_().get(f"/matches/{match.id}").status_code == 302


def test_questions_go_to_the_other_side(pair, browser):
    match, asks, shows = pair
    page, other = browser.as_(asks), browser.as_(shows)
    assert page.post(f"/matches/{match.id}/questions", data={"text": " "}).status_code == 422
    page.post(f"/matches/{match.id}/questions", data={"text": "Could three people come?"})
    question = db.session.query(MatchQuestion).one()
    path = f"/matches/{match.id}/questions/{question.id}"
    assert page.post(path, data={"text": "Yes"}).status_code == 403
    assert other.post(path, data={"text": ""}).status_code == 422
    assert "Could three people come?" in other.get(f"/matches/{match.id}").text
    done = other.post(path, data={"text": "Four even"}, follow_redirects=True)
    assert "Four even" in done.text
    assert other.post(f"/matches/{match.id}/questions/99", data={"text": "x"}).status_code == 404


def test_staff_look_for_offers_and_see_what_kept_others_away(browser):
    officer = browser.as_(factories.officer())
    need = factories.need()
    factories.offer()
    factories.offer(languages=("ja",))
    assert "Look for offers now" in officer.get(f"/needs/{need.id}").text
    found = officer.post(f"/matches/needs/{need.id}/look").text
    assert "2 offers were looked at." in found
    assert "no common working language" in found
    assert "Waiting for both sides" in officer.get(f"/needs/{need.id}").text
    draft = factories.need(state=NeedState.draft)
    looked = officer.post(f"/matches/needs/{draft.id}/look", follow_redirects=True)
    assert "Only a published need is matched." in looked.text


def test_staff_suggest_propose_overrule_and_withdraw(browser):
    officer = browser.as_(factories.officer())
    need, offer = factories.need(), factories.offer(languages=("ja",))
    assert offer.title in officer.get(f"/matches/new?need_id={need.id}").text
    assert officer.get("/matches/new?need_id=x").status_code == 404
    bad = officer.post("/matches/new", data={"need_id": need.id})
    assert bad.status_code == 422
    sent = {"need_id": need.id, "offer_id": offer.id, "note": "They met in Durban"}
    made = officer.post("/matches/new", data=sent, follow_redirects=True)
    assert "They met in Durban" in made.text
    assert "Points of 10,000" in made.text
    match = db.session.query(Match).one()
    for trigger, state, note in (
        ("propose", MatchState.proposed, ""),
        ("overrule", MatchState.agreed, "Both mayors called"),
        ("withdraw", MatchState.withdrawn, "The mayors called again"),
    ):
        officer.post(f"/matches/{match.id}/move", data={"trigger": trigger, "note": note})
        assert state_of(match) == state
    assert "Withdrawn by an officer" in officer.get(f"/matches/{match.id}").text
    again = officer.post(f"/matches/{match.id}/move", data={"trigger": "propose"})
    assert again.status_code == 409
    assert offer.title in officer.get(f"/offers/{offer.id}").text


def test_members_may_not_do_what_staff_do(pair, browser):
    match, asks, _shows = pair
    page = browser.as_(asks)
    assert page.post(f"/matches/{match.id}/move", data={"trigger": "withdraw"}).status_code == 403
    assert page.get(f"/matches/new?need_id={match.need_id}").status_code == 403
    assert "For staff" not in page.get(f"/matches/{match.id}").text


def test_staff_answer_for_a_side_that_they_name(pair, browser):
    match, *_people = pair
    staff = browser.api(factories.officer())
    path = f"/api/v1/matches/{match.id}/answers"
    assert staff.post(path, json={"answer": "accepted"}).status_code == 422
    answer = staff.post(path, json={"answer": "accepted", "side": "offer"})
    assert answer.status_code == 201
    assert answer.json["offer_answer"] == "accepted"


def test_the_api_tells_and_takes_the_same(pair, browser):
    match, asks, shows = pair
    client, other = browser.api(asks), browser.api(shows)
    body = client.get("/api/v1/matches?mine=true").json
    assert body["total"] == 1
    shown = client.get(f"/api/v1/matches/{match.id}").json
    assert sum(reason["points"] for reason in shown["reasons"]) == shown["score"]
    assert "decline_code" not in shown
    assert shown["summary"][0].startswith("Quelimane and Lyon work on")
    assert shown["conditions"][0]["code"] == "a_common_language"
    path = f"/api/v1/matches/{match.id}"
    asked = client.post(f"{path}/questions", json={"text": "Three people?"})
    assert asked.status_code == 201
    answer = f"{path}/questions/{asked.json['id']}/answer"
    assert client.post(answer, json={"text": "Yes"}).status_code == 403
    assert other.post(answer, json={"text": "Yes"}).json["answer"] == "Yes"
    assert other.post(f"{path}/questions/99/answer", json={"text": "Yes"}).status_code == 404
    no = {"answer": "declined", "reason_code": "capacity"}
    assert other.post(f"{path}/answers", json=no).json["state"] == "declined"
    late = client.post(f"{path}/answers", json={"answer": "accepted"})
    assert late.status_code == 409
    assert late.json["error"]["code"] == "transition_refused"


def test_an_officer_uses_the_api(browser):
    staff = browser.api(factories.officer())
    need, offer = factories.need(), factories.offer()
    sent = {"need_id": need.id, "offer_id": offer.id}
    made = staff.post("/api/v1/matches", json=sent)
    assert made.status_code == 201
    assert staff.post("/api/v1/matches", json=sent).status_code == 422
    path = f"/api/v1/matches/{made.json['id']}/steps"
    assert staff.post(path, json={"trigger": "accept"}).status_code == 422
    step = staff.post(path, json={"trigger": "propose", "expected_state": "suggested"})
    assert step.status_code == 201
    assert step.json["state"] == "proposed"
    listed = staff.get(f"/api/v1/matches?state=proposed&need={need.id}&offer={offer.id}&q=need")
    assert listed.json["total"] == 1


def test_the_page_of_an_exchange_names_its_matches_to_those_concerned(pair, browser):
    match, asks, _shows = pair
    exchange = factories.exchange(proposer=match.need.organisation, state=ExchangeState.matching)
    match.exchange = exchange
    db.session.commit()
    path = f"/exchanges/{exchange.id}"
    link = f"/matches/{match.id}"
    assert link in browser.as_(asks).get(path).text
    assert link in browser.as_(factories.officer()).get(path).text
    stranger = factories.person(of=factories.organisation())
    assert link not in browser.as_(stranger).get(path).text


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_list_costs_the_same_however_many(browser, statements, rows):
    for _ in range(rows):
        with transaction():
            actions.create_by_officer(factories.need(), factories.offer(), actor=None)
    page = browser.as_(factories.officer())
    page.get("/matches?size=50")
    with statements() as seen:
        assert page.get("/matches?size=50").status_code == 200
    assert len(seen) <= 8
