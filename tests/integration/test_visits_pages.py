"""Visits on their pages: planned, filled, held; who sees what; what a list costs."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from icalendar import Calendar

from exchange.exchanges import actions as exchanges
from exchange.extensions import db
from exchange.visits import actions
from exchange.visits.models import ChecklistItem, Participant, Visit, VisitSession
from tests import factories
from tests.factories import visits
from workflows.exchange import ExchangeState
from workflows.participant import ParticipantState

PLAN = {
    "title": "Three days in Durban",
    "mode": "hybrid",
    "starts_on": "2026-03-03",
    "ends_on": "2026-03-05",
    "time_zone": "Africa/Johannesburg",
    "place": "City Hall",
    "online_url": "https://meet.example.org/durban",
    "access_needs": "A lift",
}
SESSION = {
    "day": "2026-03-03",
    "starts_at": "09:00",
    "ends_at": "10:30",
    "title": "Welcome",
    "kind": "opening",
    "place": "Room A",
}


@pytest.fixture
def told(app):
    return visits.story()


@pytest.fixture
def hosting(browser, told):
    return browser.as_(told.hosting)


def test_a_host_plans_a_visit_with_programme_people_and_checklist(browser, told, hosting):
    answer = hosting.post(
        f"/exchanges/{told.exchange.id}/visits/new", data=PLAN, follow_redirects=True
    )
    assert "Three days in Durban" in answer.text
    assert "Tuesday, March 3, 2026" in answer.text
    visit = db.session.query(Visit).one()
    answer = hosting.post(f"/visits/{visit.id}/sessions/new", data=SESSION, follow_redirects=True)
    assert "Welcome" in answer.text
    assert "Africa/Johannesburg" in answer.text
    nominated = {
        "organisation_id": told.host.id,
        "name": "Sipho",
        "email": "Sipho@Example.org",
        "role": "host",
        "office": "political",
        "gender": "man",
        "language": "en",
    }
    answer = hosting.post(
        f"/visits/{visit.id}/participants/new", data=nominated, follow_redirects=True
    )
    assert "sipho@example.org" in answer.text
    assert "Nominated" in answer.text
    answer = hosting.get(f"/visits/{visit.id}")
    for words in ("1 person", "0 women, 1 man", "1 political", "No woman is on the list yet."):
        assert words in re.sub(r"\s+", " ", answer.text)
    assert "0 of 23 settled." in answer.text


def test_the_form_offers_the_hosts_time_zone_and_only_the_organisations_one_speaks_for(
    told, hosting
):
    text = hosting.get(f"/exchanges/{told.exchange.id}/visits/new").text
    assert 'value="UTC" id="time_zone" name="time_zone"' in text
    visit = visits.visit(told.exchange)
    text = hosting.get(f"/visits/{visit.id}/participants/new").text
    assert "Durban" in text
    assert "Nampula" not in text


def test_staff_may_nominate_for_every_partner(browser, told):
    visit = visits.visit(told.exchange)
    text = browser.as_(factories.officer()).get(f"/visits/{visit.id}/participants/new").text
    assert "Durban" in text
    assert "Nampula" in text


def test_a_wrong_plan_is_shown_again_with_what_was_typed(told, hosting):
    wrong = {**PLAN, "ends_on": "2026-03-01", "time_zone": "Mars/Olympus"}
    answer = hosting.post(f"/exchanges/{told.exchange.id}/visits/new", data=wrong)
    assert answer.status_code == 422
    assert "Three days in Durban" in answer.text
    assert "Choose a time zone" in answer.text
    assert db.session.query(Visit).count() == 0


def test_a_visit_is_not_planned_twice(told, hosting):
    visits.visit(told.exchange)
    answer = hosting.post(f"/exchanges/{told.exchange.id}/visits/new", data=PLAN)
    assert answer.status_code == 422
    assert "Visit 1 has not been held yet" in answer.text


def test_a_visit_is_changed_and_an_old_page_does_not_win(told, hosting):
    visit = visits.visit(told.exchange, title="Old")
    form = {**PLAN, "version_id": visit.version_id}
    assert hosting.post(f"/visits/{visit.id}/edit", data=form).status_code == 302
    other = {**form, "title": "Written on an old page"}
    assert hosting.post(f"/visits/{visit.id}/edit", data=other).status_code == 409
    assert 'value="Three days in Durban"' in hosting.get(f"/visits/{visit.id}/edit").text


def test_a_visit_without_a_time_zone_is_read_by_universal_time(told, hosting):
    visit = visits.visit(told.exchange)
    form = {**PLAN, "version_id": visit.version_id, "time_zone": ""}
    assert hosting.post(f"/visits/{visit.id}/edit", data=form).status_code == 302
    assert hosting.get(f"/visits/{visit.id}").status_code == 200


def test_sessions_are_changed_removed_and_marked_when_they_share_a_room(told, hosting):
    visit = visits.visit(told.exchange)
    first = visits.session(visit, place="Room A", speaker=told.host)
    second = visits.session(visit, place="room a", title="Also here")
    answer = hosting.get(f"/visits/{visit.id}")
    assert answer.text.count("Another session uses this room") == 2
    assert "Led by Durban" in answer.text
    late = {**SESSION, "starts_at": "11:00", "ends_at": "12:00", "title": "Later"}
    answer = hosting.post(f"/visits/sessions/{second.id}/edit", data=late, follow_redirects=True)
    assert "Later" in answer.text
    assert "Another session uses this room" not in answer.text
    hosting.post(f"/visits/sessions/{first.id}/delete")
    assert [s.title for s in db.session.query(VisitSession)] == ["Later"]


def test_a_session_outside_the_visit_is_refused_at_its_day(told, hosting):
    visit = visits.visit(told.exchange)
    wrong = {**SESSION, "day": "2026-03-06"}
    answer = hosting.post(f"/visits/{visit.id}/sessions/new", data=wrong)
    assert answer.status_code == 422
    assert "This is not a day of the visit." in answer.text


def test_the_checklist_is_ticked_opened_again_added_to_and_shortened(told, hosting):
    visit = actions.plan_visit(told.exchange, {"starts_on": date(2020, 1, 2)}, actor=told.hosting)
    db.session.commit()
    venue = next(i for i in visit.checklist if i.term.code == "venue")
    path = f"/visits/checklist/{venue.id}"
    assert "overdue" in hosting.get(f"/visits/{visit.id}").text
    answer = hosting.post(f"{path}/tick", follow_redirects=True)
    assert "1 of 23 settled." in answer.text
    assert "Thandi" in answer.text
    answer = hosting.post(f"{path}/untick", follow_redirects=True)
    assert "0 of 23 settled." in answer.text
    own = {"label": "A bus for twelve", "who": "learner", "due_on": "2020-01-01"}
    answer = hosting.post(f"/visits/{visit.id}/checklist/new", data=own, follow_redirects=True)
    assert "A bus for twelve" in answer.text
    hosting.post(f"{path}/delete")
    assert db.session.query(ChecklistItem).count() == 23
    assert db.session.get(ChecklistItem, venue.id) is None


@time_machine.travel(datetime(2026, 3, 5, 12, tzinfo=UTC), tick=False)
def test_who_came_is_recorded_and_the_evaluation_opened(browser):
    told, visit, who = visits.ready()
    exchanges.advance(told.exchange, "confirm_visit", actor=told.hosting)
    db.session.commit()
    hosting = browser.as_(told.hosting)
    path = f"/visits/{visit.id}/attendance"
    assert "checked" in hosting.get(path).text
    answer = hosting.post(path, data={"attended_ids": [999]})
    assert answer.status_code == 422
    answer = hosting.post(path, data={"attended_ids": [who.id]}, follow_redirects=True)
    assert "came" in answer.text
    answer = hosting.post(f"/visits/{visit.id}/evaluation/open", follow_redirects=True)
    assert "Open since Mar 5, 2026." in answer.text
    db.session.expire_all()
    assert told.exchange.state == ExchangeState.evaluating
    actions.submit_evaluation(
        who,
        {
            "participant-goals-met": 4,
            "participant-same-challenge": "yes",
            "participant-expected-use": "Lanes",
        },
        "en",
    )
    db.session.commit()
    text = hosting.get(f"/visits/{visit.id}/evaluation").text
    for words in ("1 answer, 4 of 5 on average", "Yes: 1", "Lanes"):
        assert words in text
    assert who.name not in text


def test_an_evaluation_without_answers_says_so(told, hosting):
    visit = visits.visit(told.exchange, evaluation_opened_on=visits.LAST)
    assert "Nobody has answered yet." in hosting.get(f"/visits/{visit.id}/evaluation").text


def test_people_confirm_through_their_coordinator(browser):
    told, _visit, _who = visits.ready()
    other = visits.participant(told.exchange.visits[0], told.learner)
    learning = browser.as_(told.learning)
    path = f"/visits/participants/{other.id}"
    step = {"trigger": "confirm", "expected_state": "nominated"}
    assert "Confirmed" in learning.post(f"{path}/move", data=step, follow_redirects=True).text
    correct = {"organisation_id": told.learner.id, "name": "Maria", "email": other.email}
    assert "Maria" in learning.post(f"{path}/edit", data=correct, follow_redirects=True).text
    wrong = {**correct, "email": "no address"}
    assert learning.post(f"{path}/edit", data=wrong).status_code == 422
    db.session.expire_all()
    assert other.state == ParticipantState.confirmed


def test_the_network_sees_the_programme_but_not_the_people(browser):
    told, visit, who = visits.ready()
    visit.online_url = "https://meet.example.org/secret"
    db.session.commit()
    page = browser.as_(factories.person(of=factories.organisation()))
    answer = page.get(f"/visits/{visit.id}")
    assert "Opening" in answer.text
    assert "meet.example.org" not in answer.text
    for words in ("Participants", "Checklist", who.name):
        assert words not in answer.text
    assert page.get(f"/visits/participants/{who.id}").status_code == 404
    assert page.get(f"/visits/{visit.id}/calendar.ics").status_code == 403
    assert page.get(f"/visits/{visit.id}/evaluation").status_code == 403
    assert page.get(f"/visits/{visit.id}/edit").status_code == 403
    assert page.get(f"/exchanges/{told.exchange.id}/visits/new").status_code == 403


def test_a_member_of_a_partner_reads_neither_addresses_nor_needs(browser):
    told, _visit, who = visits.ready()
    who.needs = "A diet"
    db.session.commit()
    reader = factories.person(of=told.host, role="member")
    text = browser.as_(reader).get(f"/visits/participants/{who.id}").text
    assert who.name in text
    assert who.email not in text
    assert "A diet" not in text
    text = browser.as_(told.hosting).get(f"/visits/participants/{who.id}").text
    assert who.email in text
    assert "A diet" in text


def test_a_visit_of_a_foreign_proposal_does_not_exist(browser):
    told = visits.story(state=ExchangeState.submitted)
    visit = visits.visit(told.exchange)
    stranger = browser.as_(factories.person(of=factories.organisation()))
    assert stranger.get(f"/visits/{visit.id}").status_code == 404


def test_the_calendar_file_is_for_those_who_take_part(told, hosting):
    visit = visits.visit(told.exchange)
    visits.session(visit)
    answer = hosting.get(f"/visits/{visit.id}/calendar.ics")
    assert answer.mimetype == "text/calendar"
    assert f"{told.exchange.reference}-1.ics" in answer.headers["Content-Disposition"]
    assert len(Calendar.from_ical(answer.data).walk("VEVENT")) == 2


def test_whoever_joins_online_reads_the_time_at_home(browser, told):
    visit = visits.visit(told.exchange, mode="online")
    visits.session(visit)
    told.learning.time_zone = "America/Bogota"
    db.session.commit()
    text = browser.as_(told.learning).get(f"/visits/{visit.id}").text
    assert re.search(r"in your time zone: Mar 3, 2026, 2:00\sAM", text)


@time_machine.travel(datetime(2026, 3, 10, 12, tzinfo=UTC), tick=False)
def test_the_list_holds_what_is_to_come_unless_asked(browser):
    past = visits.visit(title="Last week")
    coming = visits.visit(title="Next week", starts_on=date(2026, 3, 17), ends_on=date(2026, 3, 18))
    undated = visits.visit(title="Some day", starts_on=None, ends_on=None, mode="online")
    dropped = visits.story(state=ExchangeState.cancelled)
    visits.visit(
        dropped.exchange, title="Never", starts_on=date(2026, 4, 1), ends_on=date(2026, 4, 1)
    )
    page = browser.as_(factories.officer())

    def shown(query):
        text = page.get(f"/visits?{query}").text
        return [t for t in ("Last week", "Next week", "Some day", "Never") if t in text]

    assert shown("") == ["Next week", "Some day"]
    assert shown("when=past") == ["Last week"]
    assert shown("when=all") == ["Last week", "Next week", "Some day", "Never"]
    assert shown("when=all&q=next") == ["Next week"]
    assert shown(f"when=all&q={past.exchange.reference}") == ["Last week"]
    assert shown("when=all&q=durban") == ["Last week", "Next week", "Some day", "Never"]
    assert shown("mode=online") == ["Some day"]
    assert shown("country=mz&when=past") == ["Last week"]
    assert shown("country=fr") == []
    assert shown("theme=mobility&when=past") == ["Last week"]
    assert shown(f"exchange={undated.exchange_id}") == ["Some day"]
    assert shown("starts_from=2026-03-11") == ["Next week"]
    assert shown("when=all&starts_until=2026-03-11") == ["Last week"]
    assert shown("mine=yes&when=all") == []
    assert page.get("/visits?sort=colour").status_code == 422
    host = coming.exchange.with_role("host")[0].organisation
    mine = browser.as_(factories.person(of=host)).get("/visits?mine=yes").text
    assert "Next week" in mine
    assert "Some day" not in mine


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_list_costs_the_same_however_many(browser, statements, rows):
    for _ in range(rows):
        visits.visit()
    page = browser.as_(factories.officer())
    page.get("/visits?when=all")
    with statements() as seen:
        assert page.get("/visits?when=all&size=100").status_code == 200
    assert len(seen) <= 8


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_page_of_a_visit_costs_the_same_however_many(browser, statements, rows):
    told = visits.story()
    visit = actions.plan_visit(
        told.exchange, {"starts_on": visits.FIRST, "ends_on": visits.LAST}, actor=None
    )
    for number in range(rows):
        city = factories.organisation()
        visits.session(visit, speaker=city, title=f"S{number}")
        visits.participant(visit, told.learner)
        item = actions.add_item(visit, {"label": f"I{number}"}, actor=None)
        actions.tick(item, actor=factories.person(of=city))
    db.session.commit()
    page = browser.as_(told.hosting)
    page.get(f"/visits/{visit.id}")
    with statements() as seen:
        assert page.get(f"/visits/{visit.id}").status_code == 200
    assert len(seen) <= 22
    assert db.session.query(Participant).count() == rows


def test_the_page_of_an_exchange_links_to_its_visits(browser, told):
    visits.visit(told.exchange, title="Three days")
    text = browser.as_(told.hosting).get(f"/exchanges/{told.exchange.id}").text
    assert "Three days" in text


@time_machine.travel(datetime(2026, 3, 3, 12, tzinfo=UTC), tick=False)
def test_the_sweep_begins_what_is_due(app):
    from tasks.app import bind, task_modules
    from tasks.schedule import schedule
    from tasks.visits import sweep

    told, _visit, _who = visits.ready()
    exchanges.advance(told.exchange, "confirm_visit", actor=told.hosting)
    db.session.commit()
    bind(app)
    sweep()
    db.session.expire_all()
    assert told.exchange.state == ExchangeState.under_way
    assert schedule(60)["visits"]["task"] == sweep.name
    assert "tasks.visits" in task_modules()
