"""A reminder is answered from the mail, without signing in: done, later, not me, stop."""

import re
from datetime import timedelta

import pytest

from exchange.clock import now, today
from exchange.exchanges.remarks import Remark
from exchange.extensions import db
from exchange.messages.deliver import deliver_due
from exchange.messages.models import Message, Preference
from exchange.reminders.models import Reminder, Word
from exchange.reminders.send import plan_now, send_due
from tests import factories
from tests.integration.mail_server import mail_server
from tests.integration.test_messages_delivery import written
from workflows.exchange import ExchangeState


@pytest.fixture
def mail(app):
    """The mail that asks for more information, as it arrives."""
    city = factories.organisation("Lyon")
    factories.person("Ana", of=city)
    since = now() - timedelta(days=1)
    row = factories.exchange(
        state=ExchangeState.more_information, state_since=since, proposer=city, title="Buses"
    )
    plan_now()
    send_due()
    with mail_server() as (mails, post):
        deliver_due(post)
    (arrived,) = [m for m in mails.arrived if "tell us more" in m["Subject"]]
    arrived.exchange_id = row.id
    return arrived


def path(mail, answer: str) -> str:
    """Where a link of the plain text leads."""
    text = mail.get_body(("plain",)).get_content()
    return re.search(rf"http\S+(/r/\S+answer={answer})", text).group(1)


def reminder() -> Reminder:
    db.session.expire_all()
    return db.session.query(Reminder).filter(Reminder.sent_at.is_not(None)).one()


def test_the_mail_stands_in_the_thread_of_its_exchange(mail):
    assert mail["Subject"].startswith("Lyon: tell us more about “Buses”")
    assert mail["References"] == f"<exchange-{mail.exchange_id}@127.0.0.1>"
    assert "List-Unsubscribe" not in mail


@pytest.mark.parametrize("answer", ["done", "later", "pass_on", "stop"])
def test_opening_a_link_changes_nothing(browser, mail, answer):
    page = browser.as_().get(path(mail, answer))
    assert page.status_code == 200
    assert "tell us more about" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert reminder().state == "sent"


def test_done_answers_it_and_leads_to_the_page(browser, mail):
    answer = browser.as_().post(path(mail, "done"))
    assert answer.status_code == 303
    assert f"{answer.location}?via=" in mail.get_body(("plain",)).get_content().replace("\r", "")
    assert reminder().state == "answered"
    assert "Answered already" in browser.as_().get(path(mail, "stop")).text


def test_more_time_puts_it_off_and_the_partners_see_who_asked(browser, mail):
    until = today() + timedelta(days=20)
    visitor = browser.as_()
    refused = visitor.post(path(mail, "later"), data={"until": "2020-01-01"})
    assert refused.status_code == 422
    assert "Choose a day within the next 45 days" in refused.text
    assert visitor.post(path(mail, "later"), data={"until": until.isoformat()}).status_code == 200
    plan_now()
    planned = db.session.query(Reminder).filter_by(state="planned", level="owner").all()
    dates = {r.due_on for r in planned if r.kind == "information_asked"}
    assert dates == {until}, "the seventh and the twelfth day are over, the chosen one is there"
    remark = db.session.query(Remark).one()
    assert remark.text.startswith("Ana asks for time until")


def test_not_me_sends_it_to_a_colleague_and_tells_staff(browser, mail):
    said = {"name": "Rui", "email": "rui@lyon.test"}
    assert browser.as_().post(path(mail, "pass_on"), data=said).status_code == 200
    with mail_server() as (mails, post):
        deliver_due(post)
    (passed,) = mails.arrived
    assert mails.recipients == ["rui@lyon.test"]
    assert "Dear Rui" in passed.get_body(("plain",)).get_content()
    word = db.session.query(Word).one()
    assert (word.kind, word.settled_at) == ("passed_on", None)
    assert "rui@lyon.test" in word.text


def test_stop_asks_staff_and_cancels_nothing(browser, mail):
    refused = browser.as_().post(path(mail, "stop"), data={"reason": ""})
    assert refused.status_code == 422
    browser.as_().post(path(mail, "stop"), data={"reason": "No budget this year"})
    word = db.session.query(Word).one()
    assert (word.kind, word.text, word.exchange_id) == (
        "stop",
        "No budget this year",
        mail.exchange_id,
    )
    assert word.exchange.state == ExchangeState.more_information


def test_a_key_opens_what_it_was_made_for_only(browser, mail):
    token = re.search(r"/r/([^?]+)", path(mail, "done")).group(1)
    for forged in (f"/m/{token}", f"/m/{token}/leave", f"/r/{token}x", "/r/none"):
        assert browser.as_().get(forged).status_code == 404


def test_the_mail_is_read_in_another_language(browser, mail):
    text = mail.get_body(("plain",)).get_content()
    link = re.search(r"http\S+(/m/\S+lang=fr)", text).group(1)
    page = browser.as_().get(link).text
    assert 'lang="fr"' in page
    assert "Bonjour Ana" in page


def test_one_click_leaves_a_kind_and_what_asks_to_act_cannot_be_left(browser, app):
    message = written(factories.person("Ana"), kind="partners_agreed")
    with mail_server() as (mails, post):
        deliver_due(post)
    link = re.search(r"http\S+?(/m/\S+/leave)>", mails.arrived[0]["List-Unsubscribe"]).group(1)
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        answer = browser.as_().post(link, data={"List-Unsubscribe": "One-Click"})
    finally:
        app.config["WTF_CSRF_ENABLED"] = False
    assert answer.status_code == 200
    (chosen,) = db.session.query(Preference).all()
    assert (chosen.kind, chosen.delivery, chosen.person_id) == (
        "partners_agreed",
        "never",
        message.person_id,
    )
    assert db.session.query(Message).count() == 1
