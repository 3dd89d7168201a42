"""Both sides propose dates, answer, and agree; a clash is told and forbids nothing."""

from datetime import date

import pytest
import time_machine

from exchange.errors import Conflict, Invalid
from exchange.extensions import db
from exchange.visits import dates
from exchange.visits.models import DateAnswer, VisitDates
from tests import factories
from tests.factories import visits
from workflows.exchange import ExchangeState as S

MAY, JUNE = (date(2027, 5, 3), date(2027, 5, 7)), (date(2027, 6, 1), date(2027, 6, 4))


@pytest.fixture(autouse=True)
def in_january():
    with time_machine.travel("2027-01-11 10:00 +0000", tick=False):
        yield


@pytest.fixture
def told(app):
    return visits.story()


@pytest.fixture
def visit(told):
    return visits.visit(told.exchange, starts_on=None, ends_on=None)


def sent(city, window):
    return {"organisation_id": city.id, "starts_on": str(window[0]), "ends_on": str(window[1])}


def test_two_cities_agree_on_pages(browser, told, visit):
    host, learner = browser.as_(told.hosting), browser.as_(told.learning)
    assert "First, each side proposes dates" in host.get(f"/visits/{visit.id}").text
    for page, city, window in ((host, told.host, MAY), (learner, told.learner, JUNE)):
        answer = page.post(f"/visits/{visit.id}/dates/new", data=sent(city, window))
        assert answer.status_code == 302, answer.text
    may, june = dates.dates_of(visit)
    assert "no answer yet" in host.get(f"/visits/{visit.id}").text
    assert "Agree on these dates" not in host.get(f"/visits/{visit.id}").text
    said = {"organisation_id": told.learner.id}
    learner.post(f"/visits/dates/{may.id}/answer", data={**said, "answer": "no"})
    assert learner.post(f"/visits/dates/{may.id}/agree").status_code == 409
    host.post(
        f"/visits/dates/{june.id}/answer",
        data={"organisation_id": told.host.id, "answer": "if_needed"},
    )
    text = host.post(f"/visits/dates/{june.id}/agree", follow_redirects=True).text
    assert "Agreed: these are the dates of the visit." in text
    db.session.expire_all()
    assert (visit.starts_on, visit.ends_on) == JUNE


def test_nobody_answers_for_another_city(browser, told, visit):
    dates.propose(visit, told.host.id, *MAY)
    db.session.commit()
    proposal = db.session.query(VisitDates).one()
    page = browser.as_(told.hosting)
    foreign = {"organisation_id": told.learner.id, "answer": "fits"}
    assert page.post(f"/visits/dates/{proposal.id}/answer", data=foreign).status_code == 403
    assert page.post(
        f"/visits/{visit.id}/dates/new", data=sent(told.learner, JUNE)
    ).status_code in (
        403,
        422,
    )
    outsider = browser.as_(factories.person(of=factories.organisation("Lyon")))
    assert outsider.post(f"/visits/dates/{proposal.id}/agree").status_code == 404
    officer = browser.as_(factories.officer())
    assert officer.post(f"/visits/dates/{proposal.id}/answer", data=foreign).status_code == 302


def test_dates_are_days_to_come_in_their_order_and_each_is_there_once(told, visit):
    dates.propose(visit, told.host.id, *MAY)
    for window, code in (
        (MAY, "dates_there"),
        ((MAY[1], MAY[0]), "window"),
        ((date(2026, 1, 1), date(2026, 1, 2)), "dates_past"),
    ):
        with pytest.raises(Invalid) as refused:
            dates.propose(visit, told.learner.id, *window)
        assert refused.value.code == code


def test_a_later_answer_replaces_the_one_before(told, visit):
    proposal = dates.propose(visit, told.host.id, *MAY)
    for said in (DateAnswer.no, DateAnswer.if_needed):
        dates.answer(proposal, told.learner.id, said)
    assert [one.answer for one in proposal.answers] == [DateAnswer.fits, DateAnswer.if_needed]
    assert dates.waited_for(proposal, dates.sides(told.exchange)) == []


def test_a_no_waits_for_a_yes(told, visit):
    proposal = dates.propose(visit, told.host.id, *MAY)
    with pytest.raises(Conflict) as refused:
        dates.agree(proposal, actor=told.hosting)
    assert told.learner.name in refused.value.facts["names"]


def test_settled_dates_are_not_talked_about(told, visit):
    proposal = dates.propose(visit, told.host.id, *MAY)
    told.exchange.state = S.visited
    db.session.commit()
    with pytest.raises(Invalid):
        dates.answer(proposal, told.learner.id, DateAnswer.fits)


def test_a_double_booking_is_told(browser, told, visit):
    other = factories.exchange(
        host=told.host, learner=factories.organisation("Rabat"), state=S.preparing, title="Trams"
    )
    visits.visit(other, starts_on=MAY[1], ends_on=date(2027, 5, 9))
    dates.propose(visit, told.host.id, *MAY)
    db.session.commit()
    text = browser.as_(told.hosting).get(f"/visits/{visit.id}").text
    assert "Double booking" in text
    assert "Trams" in text
