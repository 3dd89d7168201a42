"""The page of an exchange: its tabs, its timeline, remarks, and what each city learned."""

from datetime import UTC, datetime, time

import pytest
import time_machine

from exchange.exchanges import actions as exchanges
from exchange.exchanges.remarks import Audience, remark
from exchange.extensions import db
from exchange.lessons import actions as lessons
from exchange.lessons import sheets
from exchange.lessons.sheets import LessonQuestion, LessonSheet
from tests import factories
from tests.factories import visits
from workflows.exchange import ExchangeState as S


@pytest.fixture
def told(app):
    return visits.story()


def test_each_part_has_an_address_and_one_tab_is_current(browser, told):
    page = browser.as_(told.hosting)
    for tab in ("plan", "visits", "lessons", "mails"):
        text = page.get(f"/exchanges/{told.exchange.id}?tab={tab}").text
        assert text.count('aria-current="page"') == 1
        assert f'tab={tab}" aria-current="page"' in text
    assert "Timeline" in page.get(f"/exchanges/{told.exchange.id}?tab=nonsense").text


def test_plan_and_mails_are_for_those_who_take_part(browser, told):
    page = browser.as_(factories.person(of=factories.organisation("Lyon")))
    text = page.get(f"/exchanges/{told.exchange.id}?tab=plan").text
    assert "Concept note" not in text
    assert "tab=plan" not in text
    assert "Write a remark" not in text


def test_whose_turn_it_is(browser, told):
    text = browser.as_(told.hosting).get(f"/exchanges/{told.exchange.id}").text
    assert "Your turn" in text
    text = browser.as_(told.learning).get(f"/exchanges/{told.exchange.id}").text
    assert "Your turn" not in text
    assert "Waiting for" in text


def test_a_remark_stands_on_the_timeline_for_its_readers(browser, told):
    address = f"/exchanges/{told.exchange.id}"
    page = browser.as_(told.hosting)
    assert page.post(f"{address}/remarks/new", data={"text": ""}).status_code == 422
    sent = {"text": "The mayor is away in May.", "audience": "staff"}
    assert page.post(f"{address}/remarks/new", data=sent).status_code in (302, 422)
    sent = {"text": "The mayor is away in May."}
    answer = page.post(f"{address}/remarks/new", data=sent, follow_redirects=True)
    assert "The mayor is away in May." in answer.text
    officer = browser.as_(factories.officer())
    officer.post(f"{address}/remarks/new", data={"text": "Call them.", "audience": "staff"})
    assert "Call them." in officer.get(address).text
    assert "Call them." not in page.get(address).text
    outsider = browser.as_(factories.person(of=factories.organisation("Lyon")))
    assert "The mayor is away" not in outsider.get(address).text


def test_why_it_was_moved_is_for_those_who_take_part(browser, told):
    officer, why = factories.officer(), "The mayor of the host has resigned."
    for trigger in ("hold", "resume"):  # nobody else sees an exchange while it is held
        exchanges.advance(told.exchange, trigger, actor=officer, note=why)
        db.session.commit()
    address = f"/exchanges/{told.exchange.id}"
    outsider = factories.person(of=factories.organisation("Lyon"))
    assert why in browser.as_(told.hosting).get(address).text
    page = browser.as_(outsider).get(address).text
    assert "Put on hold" in page
    assert why not in page
    called = f"/api/v1{address}/timeline"
    assert browser.api(told.hosting).get(called).json[0]["note"] == why
    (seen, *_older) = browser.api(outsider).get(called).json
    assert seen["trigger"] == "resume"
    assert "note" not in seen


def test_the_timeline_shows_twenty_and_then_the_older_ones(browser, told):
    for day in range(1, 24):
        with time_machine.travel(datetime(2026, 2, day, 9, tzinfo=UTC), tick=False):
            remark(told.exchange, f"Number {day:02}", actor=told.hosting)
            db.session.commit()
    page = browser.as_(told.hosting)
    first = page.get(f"/exchanges/{told.exchange.id}?happened=remarks").text
    assert "Number 23" in first
    assert "Number 04" in first
    assert "Number 03" not in first
    older = first.partition("before=")[2].partition('"')[0].replace("&amp;", "&")
    second = page.get(f"/exchanges/{told.exchange.id}?happened=remarks&before={older}").text
    assert "Number 03" in second
    assert "Number 04" not in second
    assert page.get(f"/exchanges/{told.exchange.id}?before=nonsense").status_code == 422


def test_every_tab_costs_the_same_however_much_has_happened(browser, told, statements):
    page = browser.as_(factories.officer())
    tabs = ("overview", "plan", "visits", "lessons", "mails")

    def costs() -> list[int]:
        found = []
        for tab in tabs:
            page.get(f"/exchanges/{told.exchange.id}?tab={tab}")
            with statements() as seen:
                page.get(f"/exchanges/{told.exchange.id}?tab={tab}")
            found.append(len(seen))
        return found

    before = costs()
    for number in range(30):
        remark(told.exchange, f"{number}", actor=told.hosting, audience=Audience.insiders)
    db.session.commit()
    assert costs() == before
    assert max(before) <= 20


def test_both_cities_write_and_sign_and_the_note_is_made_of_it(browser, told):
    told.exchange.state = S.visited
    visit = visits.visit(told.exchange)
    visits.session(visit, title="Mechitas market", kind="field_visit", ends_at=time(12))
    visits.session(visit, title="Welcome", kind="opening")
    address = f"/exchanges/{told.exchange.id}/lessons"
    for person, city, change in (
        (told.learning, told.learner, "We separate organic waste from June."),
        (told.hosting, told.host, "We pay the sorters by weight."),
    ):
        page = browser.as_(person)
        shown = page.post(f"{address}/{city.id}", follow_redirects=True)
        assert "Mechitas market" in shown.text
        assert "Welcome" not in shown.text
        sheet = db.session.query(LessonSheet).filter_by(organisation_id=city.id).one()
        at = f"/lessons/sheets/{sheet.id}"
        refused = page.post(at, data={"seen": "The market.", "language": "en", "sign": "yes"})
        assert refused.status_code == 422
        assert "Answer this before you sign." in refused.text
        sent = {"seen": "The market.", "will_change": change, "language": "en", "sign": "yes"}
        assert "Signed" in page.post(at, data=sent, follow_redirects=True).text
        assert page.post(at, data=sent).status_code == 409
    told.exchange.state = S.evaluating
    db.session.commit()
    note = lessons.begin_note(told.exchange, actor=told.hosting)
    assert "We separate organic waste from June." in note.parts["reflections"]
    assert "We pay the sorters by weight." in note.parts["reflections"]


def test_a_city_writes_for_itself_alone(browser, told):
    told.exchange.state = S.visited
    db.session.commit()
    address = f"/exchanges/{told.exchange.id}/lessons"
    assert browser.as_(told.hosting).post(f"{address}/{told.learner.id}").status_code == 403
    outsider = factories.person(of=factories.organisation("Lyon"))
    assert browser.as_(outsider).post(f"{address}/{told.host.id}").status_code == 403
    assert browser.as_(factories.officer()).post(f"{address}/{told.host.id}").status_code == 302
    stranger = factories.organisation("Rabat")
    assert browser.as_(factories.officer()).post(f"{address}/{stranger.id}").status_code == 404


def test_what_is_signed_is_opened_again_before_it_is_changed(app, told):
    told.exchange.state = S.visited
    sheet = sheets.sheet_for(told.exchange, told.learner, language="pt")
    answers = {LessonQuestion.seen: "Visto", LessonQuestion.will_change: "Mudar"}
    sheets.sign(sheets.write(sheet, answers), actor=told.learning)
    assert sheet.signed_on
    assert sheets.reopen(sheet).signed_on is None
    assert sheets.write(sheet, {"seen": "Revisto"}).answers["will_change"] == "Mudar"


def test_lessons_are_written_after_the_visit_only(browser, told):
    page = browser.as_(told.learning)
    assert (
        "Write what we learned" not in page.get(f"/exchanges/{told.exchange.id}?tab=lessons").text
    )
    address = f"/exchanges/{told.exchange.id}/lessons/{told.learner.id}"
    assert page.post(address).status_code == 422
