"""When a mail comes: not at night, once a day, on Mondays, after a forum; links to sign in."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta

import pytest
import time_machine

from exchange.accounts.models import Link, SignIn
from exchange.extensions import db
from exchange.forums.models import Attendance, Forum
from exchange.messages.deliver import deliver_due
from exchange.messages.models import Message, QuietHours
from exchange.reminders import letters
from exchange.transaction import transaction
from tests import factories
from tests.integration.mail_server import mail_server
from tests.integration.test_messages_delivery import again, written

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def clock():
    """Nine o'clock on a Monday, until it is moved."""
    with time_machine.travel(MONDAY, tick=False) as travelling:
        yield travelling


def test_the_first_of_a_day_comes_at_once_the_others_together_the_next_morning(app, clock):
    ana = factories.person("Ana", time_zone="UTC")
    with mail_server() as (mails, post):
        written(ana, kind="partners_agreed")
        deliver_due(post)
        later = [written(ana, kind="proposal_eligible") for _ in range(2)]
        urgent = written(ana, kind="reset")
        deliver_due(post)
        assert len(mails.arrived) == 2, "the first, and the one that cannot wait"
        assert again(urgent).state == "sent"
        clock.move_to(datetime(2026, 3, 3, 7, 0, tzinfo=UTC))
        deliver_due(post)
        deliver_due(post)
    assert len(mails.arrived) == 3
    assert "2 messages" in mails.arrived[2]["Subject"]
    assert {again(message).state for message in later} == {"skipped"}


def test_what_can_wait_waits_for_the_morning_of_its_reader(app, clock):
    ana = factories.person("Ana", time_zone="Asia/Tokyo")  # 18 o'clock there
    db.session.add(QuietHours(person_id=ana.id, begins_at=time(17), ends_at=time(8)))
    db.session.commit()
    message = written(ana, kind="partners_agreed")
    assert message.next_try_at == datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
    assert written(ana, kind="reset").next_try_at == MONDAY


def test_people_choose_their_quiet_hours(browser, app):
    ana = factories.person("Ana")
    page = browser.as_(ana)
    said = {"begins_at": "19:30", "ends_at": "07:00", "weekends": "yes"}
    assert page.post("/my/messages/preferences", data=said).status_code == 302
    row = db.session.query(QuietHours).one()
    assert (row.begins_at, row.ends_at, row.weekends) == (time(19, 30), time(7), True)
    assert 'value="19:30"' in page.get("/my/messages/preferences").text
    wrong = page.post("/my/messages/preferences", data={**said, "begins_at": "late"})
    assert wrong.status_code == 422


def test_staff_get_their_week_once_on_monday_at_eight_by_their_clock(app, clock):
    here, west = (
        factories.officer(time_zone="Europe/Madrid"),
        factories.officer(time_zone="America/Costa_Rica"),
    )
    for _ in range(2):
        with transaction():
            letters.write_weekly(MONDAY)
    (message,) = db.session.query(Message).filter_by(kind="weekly")
    assert message.person_id == here.id
    assert message.link == "/dashboard"
    with transaction():
        assert letters.write_weekly(MONDAY + timedelta(hours=5)) == 1
        assert letters.write_weekly(MONDAY + timedelta(days=1)) == 0
    assert db.session.query(Message).filter_by(kind="weekly", person_id=west.id).count() == 1


def test_after_a_forum_those_are_asked_who_said_nothing_yet(app, clock):
    silent, spoke = factories.organisation("Lyon"), factories.organisation("Nampula")
    for city in (silent, spoke):
        factories.person(of=city)
    forum = Forum(
        code="lf",
        titles={"en": "Learning Forum"},
        place="Lyon",
        starts_on=date(2026, 2, 21),
        ends_on=date(2026, 2, 23),
    )
    forum.attendances = [Attendance(organisation=city) for city in (silent, spoke)]
    db.session.add(forum)
    factories.need(organisation=spoke)
    db.session.commit()
    for _ in range(2):
        with transaction():
            letters.write_after_forums(MONDAY)
    (message,) = db.session.query(Message).filter_by(kind="forum_follow_up")
    assert message.subject == "Lyon after Learning Forum: what would you like to learn?"


def _link() -> str:
    message = db.session.query(Message).filter_by(kind="sign_in").one()
    return re.search(r"https?://[^/]+(/sign-in/by-link/\S+)", message.text)[1]


def test_a_link_signs_in_once_and_only_by_its_button(browser, app):
    factories.person("Ana", email="ana@px.test")
    asked = browser.as_().post("/sign-in/link?next=/account", data={"email": "ana@px.test"})
    unknown = browser.as_().post("/sign-in/link?next=/account", data={"email": "nobody@px.test"})
    assert asked.text.replace("ana@", "nobody@") == unknown.text, "the same answer for both"
    page = browser.as_()
    assert page.get(_link()).status_code == 200
    assert db.session.query(SignIn).count() == 0, "looking signs nobody in"
    assert page.post(_link()).location == "/account"
    assert page.get("/account").status_code == 200
    assert browser.as_().post(_link()).status_code == 410


def test_a_link_to_sign_in_ends_after_a_quarter_of_an_hour(browser, app, clock):
    factories.person("Ana", email="ana@px.test")
    browser.as_().post("/sign-in/link", data={"email": "ana@px.test"})
    clock.shift(timedelta(minutes=16))
    gone = browser.as_().get(_link())
    assert gone.status_code == 410
    assert "Send me a new link to sign in" in gone.text


def test_nobody_fills_a_box_with_links(browser, app):
    factories.person("Ana", email="ana@px.test")
    for _ in range(5):
        browser.as_().post("/sign-in/link", data={"email": "ana@px.test"})
    assert db.session.query(Link).count() == 3


def test_mails_of_one_moment_go_together_even_when_a_worker_is_quick(app, clock, monkeypatch):
    slow = replace(app.extensions["house"], gather=timedelta(minutes=1))
    monkeypatch.setitem(app.extensions, "house", slow)
    ana = factories.person("Ana", time_zone="UTC")
    with mail_server() as (mails, post):
        for _ in range(3):
            written(ana, kind="partners_agreed")
            deliver_due(post)
        assert mails.arrived == []
        clock.shift(timedelta(minutes=1))
        deliver_due(post)
        deliver_due(post)
    assert ["3 messages" in mail["Subject"] for mail in mails.arrived] == [True]
