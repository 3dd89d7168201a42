"""Messages and reminders on their pages and in the API: who sees what, and what a person may do."""

from datetime import timedelta

import pytest

from exchange.clock import now
from exchange.extensions import db
from exchange.messages import actions
from exchange.messages.deliver import deliver_due
from exchange.messages.models import Message, Preference
from exchange.reminders.models import Reminder
from exchange.reminders.send import plan_now, send_due
from exchange.transaction import transaction
from tests import factories
from tests.integration.mail_server import mail_server
from tests.integration.test_messages_delivery import MAILBOX, again, written
from workflows.exchange import ExchangeState
from workflows.message import MessageState


@pytest.fixture
def failed(app) -> Message:
    """A message that the server refused."""
    message = written(factories.person("Ana"), kind="partners_agreed")
    with mail_server() as (mails, post):
        mails.answers[message.to_email] = "550 No such user"
        deliver_due(post)
    return again(message)


def test_staff_see_why_a_message_failed_and_send_it_again(browser, failed):
    page = browser.as_(factories.officer())
    text = page.get("/messages?state=failed&q=buses&mail=partners_agreed").text
    assert "The mail server refused it: 550 No such user" in text
    text = page.get(f"/messages/{failed.id}").text
    assert "Send again" in text
    assert "The partners of “Buses” have agreed" in text
    step = {"trigger": "send_again", "expected_state": "failed"}
    answer = page.post(f"/messages/{failed.id}/move", data=step, follow_redirects=True)
    assert answer.status_code == 200
    assert again(failed).state == MessageState.queued
    assert failed.reason == ""


def test_staff_stop_a_message_that_waits(browser, app):
    message = written()
    page = browser.as_(factories.officer())
    step = {"trigger": "skip", "note": "Written by mistake"}
    assert page.post(f"/messages/{message.id}/move", data=step).status_code == 302
    text = page.get(f"/messages/{message.id}").text
    assert "Somebody decided so: Written by mistake" in text


def test_nobody_takes_a_worker_s_moves_by_hand(browser, failed):
    page = browser.as_(factories.administrator())
    answer = page.post(f"/messages/{failed.id}/move", data={"trigger": "deliver"})
    assert answer.status_code == 403


def test_a_link_that_is_a_key_is_shown_to_its_reader_only(browser, app):
    ana, officer = factories.person("Ana"), factories.officer()
    with transaction():
        message = actions.write("reset", ana, facts={}, link="/reset/s3cret")
    staff = browser.as_(officer)
    assert "s3cret" not in staff.get(f"/messages/{message.id}").text
    assert "s3cret" not in browser.api(officer).get(f"/api/v1/messages/{message.id}").text
    assert "s3cret" in browser.as_(ana).get(f"/my/messages/{message.id}").text
    assert staff.get(f"/my/messages/{message.id}").status_code == 403
    # Without a mail server the page is the only way to get it.
    deliver_due(MAILBOX)
    assert "s3cret" in staff.get(f"/messages/{message.id}").text


def test_a_stranger_knows_of_no_message(browser, failed):
    stranger = factories.person()
    page = browser.as_(stranger)
    assert page.get(f"/my/messages/{failed.id}").status_code == 404
    assert page.get(f"/messages/{failed.id}").status_code == 404
    for path in ("/messages", "/mailbox", "/reminders", "/reminders/kinds"):
        assert page.get(path).status_code == 403
    assert failed.subject not in page.get("/my/messages").text
    assert "Nothing has been written to you yet." in page.get("/my/messages").text


def test_everybody_reads_their_own_messages(browser, failed):
    page = browser.as_(failed.person)
    assert "The partners of “Buses” have agreed" in page.get("/my/messages").text
    text = page.get(f"/my/messages/{failed.id}").text
    assert "You receive this because you speak for Nampula." in text
    assert "Send again" not in text


def test_what_a_template_escaped_stays_harmless_on_the_page(browser, app):
    ana = factories.person("<script>alert(1)</script>")
    message = written(ana)
    text = browser.as_(ana).get(f"/my/messages/{message.id}").text
    assert "<script>alert" not in text


def test_the_mailbox_holds_what_would_have_been_sent(browser, app):
    page = browser.as_(factories.officer())
    assert "The mailbox is empty" in page.get("/mailbox").text
    message = written(factories.person("Ana"))
    deliver_due(MAILBOX)
    assert message.to_email in page.get("/mailbox").text


def test_a_person_chooses_how_messages_come(browser, app):
    ana = factories.person()
    page = browser.as_(ana)
    text = page.get("/my/messages/preferences").text
    assert 'name="partners_agreed"' in text
    assert 'name="invitation"' not in text
    for delivery in ("digest", "never"):
        sent = {"partners_agreed": delivery, "information_asked": delivery, "unknown": "never"}
        answer = page.post("/my/messages/preferences", data=sent, follow_redirects=True)
        assert "Saved." in answer.text
    chosen = {p.kind: str(p.delivery) for p in db.session.query(Preference)}
    # What asks for an act may wait for the digest, but not be refused.
    assert chosen == {"partners_agreed": "never", "information_asked": "digest"}
    assert "selected>Never" in page.get("/my/messages/preferences").text
    answer = page.post("/my/messages/preferences", data={"partners_agreed": "weekly"})
    assert answer.status_code == 422


def test_a_message_is_shown_in_the_language_of_its_reader_on_a_page_in_one_s_own(browser, app):
    message = written(factories.person(language="es"))
    text = browser.as_(factories.officer()).get(f"/messages/{message.id}").text
    assert '<html lang="en">' in text
    assert 'class="mail" lang="es"' in text


@pytest.mark.parametrize("path", ["/messages", "/mailbox", "/my/messages", "/reminders"])
def test_lists_cost_the_same_however_many(browser, statements, path):
    officer, costs = factories.officer(), []
    for rows in (1, 3, 20):
        for _ in range(rows):
            written(officer)
            city = factories.organisation()
            factories.exchange(state=ExchangeState.submitted, proposer=city)
        deliver_due(MAILBOX)
        plan_now()
        page = browser.as_(officer)
        page.get(path)
        with statements() as seen:
            assert page.get(path).status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] == costs[2] <= 8


@pytest.fixture
def reminder(app) -> Reminder:
    """A reminder that was sent yesterday."""
    city = factories.organisation("Nampula")
    factories.person(of=city)
    since = now() - timedelta(days=1)
    factories.exchange(state=ExchangeState.more_information, state_since=since, proposer=city)
    plan_now()
    send_due()
    return db.session.query(Reminder).filter_by(state="sent").one()


def test_staff_see_what_a_reminder_wrote_and_what_it_did(browser, reminder):
    page = browser.as_(factories.officer())
    text = page.get("/reminders?state=sent&mail=information_asked&level=owner").text
    assert "More information is asked for a proposal" in text
    assert f'href="/exchanges/{reminder.subject_id}"' in text
    text = page.get(f"/reminders/{reminder.id}").text
    assert ": tell us more about" in text
    kinds = page.get("/reminders/kinds").text
    assert "(0 %)" in kinds
    assert "asks for nothing" in kinds


def test_staff_take_a_planned_reminder_back(browser, reminder):
    page = browser.as_(factories.officer())
    planned = db.session.query(Reminder).filter_by(state="planned").first()
    step = {"trigger": "skip", "note": "On holiday", "expected_state": "planned"}
    assert page.post(f"/reminders/{planned.id}/move", data=step).status_code == 302
    assert "Somebody decided so: On holiday" in page.get(f"/reminders/{planned.id}").text


def test_the_api_lists_and_moves_messages(browser, failed):
    staff, stranger = browser.api(factories.officer()), browser.api(factories.person())
    body = staff.get("/api/v1/messages?state=failed").json
    assert [item["id"] for item in body["items"]] == [failed.id]
    assert body["items"][0]["reason"] == "refused: 550 No such user"
    assert "text" not in body["items"][0]
    answer = staff.post(f"/api/v1/messages/{failed.id}/steps", json={"trigger": "send_again"})
    assert (answer.status_code, answer.json["state"]) == (201, "queued")
    assert stranger.get("/api/v1/messages").status_code == 403
    assert stranger.get(f"/api/v1/messages/{failed.id}").status_code == 404


def test_the_api_lists_and_moves_reminders(browser, reminder):
    staff, stranger = browser.api(factories.officer()), browser.api(factories.person())
    body = staff.get("/api/v1/reminders?state=sent").json
    assert [item["id"] for item in body["items"]] == [reminder.id]
    assert staff.get(f"/api/v1/reminders/{reminder.id}").json["kind"] == "information_asked"
    rates = {rate["kind"]: rate for rate in staff.get("/api/v1/reminders/kinds").json}
    assert (rates["information_asked"]["sent"], rates["information_asked"]["percent"]) == (1, 0)
    assert rates["agenda"]["percent"] is None
    planned = staff.get("/api/v1/reminders?state=planned").json["items"][0]["id"]
    step = {"trigger": "skip", "note": "On holiday"}
    answer = staff.post(f"/api/v1/reminders/{planned}/steps", json=step)
    assert (answer.status_code, answer.json["state"]) == (201, "skipped")
    assert stranger.get("/api/v1/reminders").status_code == 403
    assert stranger.get(f"/api/v1/reminders/{reminder.id}").status_code == 404
