"""Mails before they go: held in trial mode, looked at, changed, approved together; their words."""

from datetime import timedelta

import pytest

from exchange.clock import now, today
from exchange.extensions import db
from exchange.messages.deliver import deliver_due
from exchange.messages.examples import example
from exchange.messages.models import MailText, Message
from exchange.programmes.models import Programme
from exchange.reminders.send import plan_now, send_due
from exchange.steps import steps_of
from tests import factories
from tests.integration.mail_server import mail_server
from tests.integration.test_messages_delivery import again, written
from workflows.exchange import ExchangeState
from workflows.message import MessageState


def held(name: str = "Ana", **options) -> Message:
    return written(factories.person(name), kind="partners_agreed", hold=True, **options)


@pytest.fixture
def desk(browser):
    """The browser of an officer."""
    return browser.as_(factories.officer())


def test_a_programme_in_trial_mode_holds_all_its_mails(app, desk):
    trial = Programme(code="pilot", titles={"en": "Pilot"}, trial=True)
    db.session.add(trial)
    city = factories.organisation("Lyon")
    factories.person("Ana", of=city)
    need = factories.need(organisation=city, programme=trial)
    since = now() - timedelta(days=1)
    row = factories.exchange(state=ExchangeState.submitted, state_since=since, proposer=city)
    row.needs.append(need)
    db.session.commit()
    plan_now()
    send_due()
    message = db.session.query(Message).filter_by(kind="proposal_received").one()
    assert message.state == MessageState.held
    with mail_server() as (mails, post):
        deliver_due(post)
        assert mails.arrived == []
        desk.post("/messages/release", data={"id": message.id})
        deliver_due(post)
    assert len(mails.arrived) == 1


def test_sent_again_it_goes_to_the_present_address_and_says_so_before(app, desk):
    message = written(factories.person("Ana", email="old@px.test"), kind="reset")
    with mail_server() as (mails, post):
        mails.answers["old@px.test"] = "550 No such user"
        deliver_due(post)
        assert again(message).state == MessageState.failed
        message.person.email, message.person.name = "new@px.test", "Ana Maria"
        db.session.commit()
        page = desk.get(f"/messages/{message.id}").text
        assert "present address of this person: new@px.test" in page
        desk.post(f"/messages/{message.id}/move", data={"trigger": "send_again"})
        deliver_due(post)
        assert mails.recipients == ["new@px.test"]
    assert "Ana Maria · new@px.test" in desk.get(f"/messages/{message.id}").text


def test_each_kind_has_words_of_its_own_in_its_example(desk):
    shown = {kind: example(today(), kind) for kind in ("lesson_question", "road_map_action_due")}
    assert shown["lesson_question"]["text"] != shown["road_map_action_due"]["text"]
    kinds = ("information_asked", "note_returned", "proposal_declined", "on_hold")
    assert len({example(today(), kind)["note"] for kind in kinds}) == len(kinds)
    for kind, facts in shown.items():
        page = desk.get(f"/messages/templates/{kind}/en/html").text
        assert facts["text"] in page


def test_tabs_count_and_open_exactly_their_list(app, desk):
    held("Ana"), held("Rui"), written()
    text = desk.get("/messages?state=held").text
    assert "Held (2)" in text
    assert text.count('name="id"') == 2
    assert "Look at all 2 held mails" in text


def test_one_page_says_how_many_go_to_whom_and_sending_it_approves(app, desk):
    first, second, third = held("Ana"), held("Rui"), held("Eva")
    page = desk.get(f"/messages/release?id={first.id}&id={second.id}").text
    assert "2 mails will be sent:" in page
    assert first.to_email in page
    assert third.to_email not in page
    assert again(first).state == MessageState.held, "looking approves nothing"
    desk.post("/messages/release", data={"id": [first.id, second.id, "x"]})
    states = [again(message).state for message in (first, second, third)]
    assert states == [MessageState.queued, MessageState.queued, MessageState.held]
    assert [step.trigger for step in steps_of("message", first.id)] == ["release"]
    assert "3 mails" not in desk.get("/messages/release").text, "all that is held: one"
    put_back = {"trigger": "hold", "expected_state": "queued"}
    desk.post(f"/messages/{first.id}/move", data=put_back)
    assert again(first).state == MessageState.held


def test_what_staff_change_is_what_is_previewed_and_sent(app, desk):
    message = held()
    page = desk.get(f"/messages/{message.id}/edit").text
    assert "The partners of “Buses” have agreed" in page
    said = {"subject": "Buses: good news", "opening": "All said yes.\n\nNext: <dates>."}
    assert desk.post(f"/messages/{message.id}/edit", data=said).status_code == 302
    preview = desk.get(f"/messages/{message.id}/html")
    assert "All said yes.</p><p>Next: &lt;dates&gt;." in preview.text
    assert "'none'" in preview.headers["Content-Security-Policy"]
    assert "frame-ancestors 'self'; sandbox" in preview.headers["Content-Security-Policy"]
    desk.post("/messages/release", data={"id": message.id})
    with mail_server() as (mails, post):
        deliver_due(post)
    (mail,) = mails.arrived
    assert mail["Subject"] == "Buses: good news"
    assert mail.get_body(("html",)).get_content().replace("\r\n", "\n") == preview.text
    assert "Next: <dates>." in mail.get_body(("plain",)).get_content()
    late = desk.post(f"/messages/{message.id}/edit", data=said)
    assert late.status_code == 409, "what is gone is not changed"


def test_a_mail_is_looked_at_in_every_language(app, desk):
    message = held()
    page = desk.get(f"/messages/{message.id}?read=fr").text
    assert f"/messages/{message.id}/html?read=fr" in page
    assert 'lang="fr"' in desk.get(f"/messages/{message.id}/html?read=fr").text
    assert "exactly what is sent" in desk.get(f"/messages/{message.id}").text


def test_only_staff_see_the_outbox(app, browser):
    message, stranger = held(), browser.as_(factories.person())
    for path in ("/messages", "/messages/release", "/messages/templates"):
        assert stranger.get(path).status_code == 403
    assert stranger.get(f"/messages/{message.id}/html").status_code == 404
    assert stranger.post("/messages/release", data={"id": message.id}).status_code == 403


def test_the_page_costs_the_same_for_many_mails(app, desk, statements):
    counts = []
    for more in (2, 20):
        for number in range(more):
            held(f"Reader {number}")
        desk.get("/messages?state=held")
        with statements() as seen:
            desk.get("/messages?state=held")
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 8


WORDS = "/messages/templates/partners_agreed/en"


def test_staff_write_their_own_words_with_placeholders(app, desk):
    said = {"subject": "Yes for {{ title }}!", "opening": "Dear friends of {{ organisation }}."}
    assert desk.post(WORDS, data=said).status_code == 302
    message = written(kind="partners_agreed")
    assert message.subject == "Yes for Buses!"
    assert "Dear friends of Nampula." in message.text
    assert "Dear friends of Nampula." in message.html
    french = written(factories.person(language="fr"), kind="partners_agreed")
    assert "Buses!" not in french.subject, "another language keeps its words"
    page = desk.get("/messages/templates").text
    assert "Your words, version 1" in page
    assert "Missing: still the words of the house" in page


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("Hello {{ budget }}", "There is no placeholder “budget” here"),
        ("{{ title.__class__ }}", "Braces are for placeholders only"),
        ("{% for x in y %}{% endfor %}", "Braces are for placeholders only"),
        ("{{ title", "Braces are for placeholders only"),
        ("{{ title|upper }}", "Braces are for placeholders only"),
    ],
)
def test_what_is_no_placeholder_is_refused_by_name(app, desk, text, says):
    answer = desk.post(WORDS, data={"subject": text, "opening": ""})
    assert answer.status_code == 422
    assert says in answer.text
    assert db.session.query(MailText).count() == 0


def test_versions_stay_and_empty_words_bring_the_house_back(app, desk):
    desk.post(WORDS, data={"subject": "First", "opening": ""})
    desk.post(WORDS, data={"subject": "", "opening": "", "seen_version": "1"})
    assert "have agreed" in written(kind="partners_agreed").subject
    assert "First" in desk.get(WORDS).text
    stale = desk.post(WORDS, data={"subject": "Third", "opening": "", "seen_version": "1"})
    assert stale.status_code == 409


def test_a_test_goes_to_whoever_asks(app, browser):
    officer = factories.officer()
    browser.as_(officer).post("/messages/templates/partners_agreed/fr/test")
    with mail_server() as (mails, post):
        deliver_due(post)
    (mail,) = mails.arrived
    assert mails.recipients == [officer.email]
    assert mail["Content-Language"] == "fr"
    assert browser.as_(officer).get("/messages/templates/nothing/fr").status_code == 404
