"""Rules of reminders: switched off, other days, held; asked before a change that mails at once."""

from datetime import UTC, datetime, timedelta

import pytest

from exchange.clock import now, today
from exchange.extensions import db
from exchange.forums.models import Attendance, Forum
from exchange.messages.models import Message
from exchange.reminders import letters
from exchange.reminders.models import Reminder, ReminderRule, Word, WordKind
from exchange.reminders.send import plan_now, send_due
from tests import factories
from workflows.exchange import ExchangeState


@pytest.fixture
def asked(app):
    """An exchange that was asked for more information three days ago."""
    city = factories.organisation("Lyon")
    factories.person("Ana", of=city)
    since = now() - timedelta(days=3)
    return factories.exchange(
        state=ExchangeState.more_information, state_since=since, proposer=city
    )


@pytest.fixture
def desk(browser):
    """The browser of an officer."""
    return browser.as_(factories.officer())


RULE = "/reminders/rules/information_asked"


def sweep() -> list[str]:
    before = db.session.query(Message).count()
    plan_now()
    send_due()
    return [m.kind for m in db.session.query(Message).order_by(Message.id).offset(before)]


def test_a_kind_that_is_switched_off_is_neither_planned_nor_sent(app, desk, asked):
    plan_now()
    assert "switched off" not in desk.get("/reminders/rules").text
    assert desk.post(RULE, data={"days": "0, 7, 12"}).status_code == 302
    assert "information_asked" not in sweep()
    planned = db.session.query(Reminder).filter_by(kind="information_asked", state="planned")
    assert planned.count() == 0
    assert "switched off" in desk.get("/reminders/rules").text


def test_other_days_hold_from_now_on_and_stay_in_the_history(app, desk, asked):
    said = {"active": "yes", "days": "9, 14", "seen_version": "0"}
    assert desk.post(RULE, data=said).status_code == 302
    assert "information_asked" not in sweep()
    days = {r.due_on for r in db.session.query(Reminder).filter_by(kind="information_asked")}
    since = asked.state_since.date()
    assert days == {since + timedelta(days=9), since + timedelta(days=14)}
    assert "9, 14" in desk.get(RULE).text
    stale = desk.post(RULE, data={"active": "yes", "days": "20", "seen_version": "0"})
    assert stale.status_code == 409


def test_a_change_that_mails_at_once_is_confirmed_first(app, desk, asked):
    sweep()
    said = {"active": "yes", "days": "0, 2, 7", "seen_version": "0"}
    page = desk.post(RULE, data=said)
    assert "This would mail 1 person now" in page.text
    assert db.session.query(ReminderRule).count() == 0
    assert desk.post(RULE, data={**said, "confirmed": "1"}).status_code == 302
    assert sweep() == ["information_asked"]


@pytest.mark.parametrize("days", ["soon", "1.5", "1,2,3,4,5,6,7", "9000", ""])
def test_days_are_few_whole_numbers(app, desk, days):
    answer = desk.post(RULE, data={"active": "yes", "days": days})
    assert answer.status_code == 422
    assert db.session.query(ReminderRule).count() == 0


def test_a_kind_can_be_held_for_approval(app, desk, asked):
    said = {"active": "yes", "days": "0, 3, 7", "held": "yes", "confirmed": "1"}
    desk.post(RULE, data=said)
    sweep()
    (message,) = db.session.query(Message).filter_by(kind="information_asked")
    assert message.state == "held"


def test_after_two_without_an_answer_staff_are_told_instead(app, desk, asked):
    asked.state_since = now() - timedelta(days=13)
    for day in (13, 6):
        due = (now() - timedelta(days=day)).date()
        row = Reminder(
            kind="information_asked",
            subject_type="exchange",
            subject_id=asked.id,
            wanted_state="more_information",
            due_on=due,
            due_at=now() - timedelta(days=day),
            sent_at=now() - timedelta(days=day),
            state="sent",
        )
        db.session.add(row)
    db.session.commit()
    assert "information_asked" not in sweep()
    third = db.session.query(Reminder).filter_by(kind="information_asked", state="skipped").one()
    assert third.reason == "two_unanswered"
    assert "More information is asked" in desk.get("/inbox").text


def test_an_answer_waits_for_staff_until_one_has_dealt_with_it(app, desk, asked):
    sweep()
    reminder = db.session.query(Reminder).filter_by(state="sent").first()
    word = Word(
        kind=WordKind.stop, reminder=reminder, exchange=asked, said_by="Ana", text="No money"
    )
    db.session.add(word)
    db.session.commit()
    assert "No money" in desk.get("/reminders/answers").text
    assert "No money" in desk.get("/inbox?waiting_for=answer").text
    desk.post(f"/reminders/answers/{word.id}/settle")
    assert "No answer waits for you" in desk.get("/reminders/answers").text


def test_only_staff_change_rules(browser, app):
    stranger = browser.as_(factories.person())
    assert stranger.get("/reminders/rules").status_code == 403
    assert stranger.post(RULE, data={"days": "1"}).status_code == 403


def test_the_page_costs_the_same_whatever_was_sent(app, desk, statements):
    desk.get("/reminders/rules")
    with statements() as seen:
        desk.get("/reminders/rules")
    assert len(seen) <= 8


def test_letters_stand_among_the_rules_and_can_be_switched_off_and_held(app, desk):
    text = desk.get("/reminders/rules").text
    assert "The week of the CGLU-UCLG team" in text
    assert "After a Learning Forum" in text
    page = desk.get("/reminders/rules/weekly").text
    assert 'name="days"' not in page, "it comes each Monday"
    monday = datetime(2026, 3, 2, 12, tzinfo=UTC)
    assert desk.post("/reminders/rules/weekly", data={"active": "no"}).status_code == 302
    assert letters.write_weekly(monday) == 0
    sent = {"active": "yes", "held": "yes", "seen_version": "1"}
    assert desk.post("/reminders/rules/weekly", data=sent).status_code == 302
    assert letters.write_weekly(monday) == 1
    assert db.session.query(Message).one().state == "held"


def test_the_days_after_a_forum_are_chosen_and_what_goes_at_once_is_asked(app, desk):
    city = factories.organisation("Lyon")
    factories.person("Ana", of=city)
    ended = today() - timedelta(days=20)
    forum = Forum(code="f", titles={"en": "Forum"}, place="x", starts_on=ended, ends_on=ended)
    db.session.add_all([forum, Attendance(forum=forum, organisation=city)])
    db.session.commit()
    assert letters.write_after_forums(now()) == 0
    rule = "/reminders/rules/forum_follow_up"
    sent = {"active": "yes", "days": "20, 60"}
    assert "This would mail 1 person now" in desk.post(rule, data=sent).text
    assert db.session.query(ReminderRule).count() == 0
    assert desk.post(rule, data={**sent, "confirmed": "1"}).status_code == 302
    assert letters.write_after_forums(now()) == 1
    assert letters.write_after_forums(now()) == 0
