"""Mails on their way: through a real server, put off, refused, cut off, taken by two at once."""

import socket
import sqlite3
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy.exc import OperationalError

from exchange.clock import now
from exchange.config import MailServer
from exchange.extensions import db
from exchange.messages import actions, claims
from exchange.messages.deliver import BEGUN_WITHIN, Post, deliver_due, fate_of
from exchange.messages.models import Delivery, Message
from exchange.reminders.kinds import KINDS
from exchange.steps import steps_of
from exchange.transaction import transaction
from tests import factories
from tests.integration.mail_server import SENDER, mail_server
from workflows.message import MessageState

START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
MAILBOX = Post(MailServer(kind="mailbox"), SENDER, "https://px.test")


def written(person=None, kind="invitation", **options) -> Message:
    """A committed message."""
    person = person or factories.person()
    facts = {"title": "Buses", "organisation": "Nampula"}
    with transaction():
        return actions.write(kind, person, facts=facts, link="/x/1", **options)


def again(message: Message) -> Message:
    """The message as the database has it now."""
    db.session.expire_all()
    return db.session.get(Message, message.id)


def test_a_mail_arrives_in_both_forms_with_what_mail_programs_ask_for(app):
    ana = factories.person("Ana Müller, Ing.", language="fr")
    message = written(ana)
    with mail_server() as (mails, post):
        assert deliver_due(post) == 1
        assert deliver_due(post) == 0
    (mail,) = mails.arrived
    assert mails.recipients == [ana.email]
    assert mail["To"].addresses[0].display_name == "Ana Müller, Ing."
    assert mail["Message-ID"].startswith(f"<{message.id}.")
    assert mail["Message-ID"].endswith("@px.test>")
    assert mail["Content-Language"] == "fr"
    assert mail["Auto-Submitted"] == "auto-generated"
    assert mail["List-Unsubscribe"] is None
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n") == message.text
    assert '<html lang="fr">' in mail.get_body(("html",)).get_content()
    assert again(message).state == MessageState.sent
    assert message.sent_at is not None


def test_no_transaction_is_open_while_the_server_thinks(app):
    if not app.config["EXCHANGE"].uses_sqlite:
        pytest.skip("SQLite has one write lock, so it can tell")
    written()
    free = []

    def look():
        other = sqlite3.connect(app.config["EXCHANGE"].sqlite_file, timeout=0)
        other.execute("BEGIN IMMEDIATE")
        other.close()
        free.append(True)

    with mail_server() as (mails, post):
        mails.on_mail = look
        deliver_due(post)
    assert free == [True]


def test_without_a_server_a_mail_is_kept_for_the_mailbox_page(app):
    message = written()
    deliver_due(MAILBOX)
    assert (again(message).state, message.reason) == (MessageState.sent, "kept_in_mailbox")


@pytest.mark.parametrize(
    ("answer", "state", "reason"),
    [
        ("550 5.1.1 No such user", MessageState.failed, "refused: 550 5.1.1 No such user"),
        ("451 4.7.1 Come back later", MessageState.queued, "later: 451 4.7.1 Come back later"),
        ("421 4.3.2 Shutting down", MessageState.queued, "broken_off"),
    ],
)
def test_what_the_server_says_of_one_address_is_the_fate_of_that_mail(app, answer, state, reason):
    bad, good = written(), written()
    with mail_server() as (mails, post):
        mails.answers[bad.to_email] = answer
        deliver_due(post)
    assert again(bad).state == state
    assert bad.reason.startswith(reason)
    assert again(good).state == MessageState.sent
    steps = [step.trigger for step in steps_of("message", bad.id)]
    assert steps == (["fail"] if state == MessageState.failed else [])


def test_later_is_asked_again_after_longer_and_longer_waits_then_given_up(app):
    with mail_server() as (mails, post), time_machine.travel(START, tick=False) as clock:
        message = written()
        mails.answers[message.to_email] = "450 busy"
        waits = []
        while again(message).state == MessageState.queued:
            before = now()
            clock.move_to(message.next_try_at)
            waits.append((now() - before) // timedelta(minutes=1))
            deliver_due(post)
        mails.answers.clear()
        assert waits == [0, 1, 5, 30, 120, 720]
        assert (message.state, message.reason) == (MessageState.failed, "gave_up: later: 450 busy")
        with transaction():
            step = actions.advance(message, "send_again", actor=factories.officer())
        assert (step.to_state, message.attempts) == ("queued", 0)
        deliver_due(post)
        assert again(message).state == MessageState.sent


def test_an_absent_server_puts_everything_off_after_one_try(app):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        server = MailServer(kind="smtp", host="127.0.0.1", port=taken.getsockname()[1])
        messages = [written() for _ in range(3)]
        deliver_due(Post(server, SENDER, "https://px.test", 2))
    for message in messages:
        assert again(message).state == MessageState.queued
        assert message.reason.startswith("unreachable: ")


def test_a_server_that_cannot_encrypt_or_sign_in_puts_off(app):
    message = written()
    with mail_server() as (_mails, post):
        for server in (
            replace(post.server, tls="starttls"),
            replace(post.server, user="px", password="secret"),
            replace(post.server, tls="implicit"),
        ):
            message.next_try_at = now()
            db.session.commit()
            deliver_due(replace(post, server=server))
            assert again(message).reason.startswith("unreachable: ")
            assert "secret" not in message.reason


def test_a_letter_that_cannot_be_addressed_fails_and_the_next_one_goes(app):
    bad, good = written(), written()
    bad.to_email = "not an address"
    foreign = written(factories.person(email="é@px.test"))
    db.session.commit()
    with mail_server() as (_mails, post):
        deliver_due(post)
    assert again(bad).state == MessageState.failed
    assert bad.reason.startswith("bad_address: ")
    assert again(good).state == MessageState.sent
    assert again(foreign).state in (MessageState.sent, MessageState.failed)


def test_a_worker_killed_after_its_claim_loses_nothing(app):
    with mail_server() as (mails, post), time_machine.travel(START, tick=False) as clock:
        message = written()
        with transaction():
            (letter,) = claims.claim(at=now(), limit=9, lease=post.lease, to_demo=True)
        # Here it dies. Until the claim runs out nobody else takes the message …
        assert deliver_due(post) == 0
        clock.shift(post.lease)
        # … then somebody does, and what the dead one would have written counts no more.
        assert deliver_due(post) == 1
        with transaction():
            claims.settle(letter, claims.Fate("fail", "too late"), at=now())
        assert again(message).state == MessageState.sent
        assert len(mails.arrived) == 1


def test_what_stood_behind_the_mail_that_a_killed_worker_had_begun_goes_soon(app):
    with mail_server() as (mails, post), time_machine.travel(START, tick=False) as clock:
        begun, *behind = (written() for _ in range(4))
        with transaction():
            letters = claims.claim(at=now(), limit=9, lease=BEGUN_WITHIN, to_demo=True)
            claims.hold(letters[0], at=now(), lease=post.lease)
        clock.shift(BEGUN_WITHIN)
        assert deliver_due(post) == len(behind)
        assert begun.to_email not in mails.recipients
        clock.shift(post.lease)
        assert deliver_due(post) == 1
        assert sorted(mails.recipients) == sorted(m.to_email for m in (begun, *behind))


def test_a_worker_that_slept_through_its_claim_does_not_send_what_another_sent(app):
    """A machine that was suspended in the middle of a batch."""
    with mail_server() as (mails, post), time_machine.travel(START, tick=False) as clock:
        first, second = written(), written()

        def suspend():
            clock.shift(post.lease)
            with app.app_context():
                assert deliver_due(MAILBOX) == 2  # by somebody else, meanwhile

        mails.on_mail = suspend
        deliver_due(post)
        assert {again(first).state, again(second).state} == {MessageState.sent}
        # The one that was being handed over went twice; the one that still waited did not.
        assert mails.recipients == [first.to_email]


def test_a_fate_waits_for_a_database_that_is_away(app, monkeypatch):
    settle, tries = claims.settle, []

    def away(*given, **named):
        tries.append(given)
        if len(tries) < 3:
            raise OperationalError("UPDATE message", {}, sqlite3.OperationalError("gone"))
        settle(*given, **named)

    monkeypatch.setattr("exchange.messages.claims.settle", away)
    monkeypatch.setattr("exchange.messages.deliver.time.sleep", lambda _seconds: None)
    message = written()
    with mail_server() as (mails, post):
        deliver_due(post)
        assert deliver_due(post) == 0
    assert again(message).state == MessageState.sent
    assert len(mails.arrived) == 1


def test_a_message_that_kills_every_worker_is_given_up(app):
    with time_machine.travel(START, tick=False) as clock:
        message = written()
        for _ in range(7):
            with transaction():
                for letter in claims.claim(at=now(), limit=9, lease=MAILBOX.lease, to_demo=True):
                    claims.hold(letter, at=now(), lease=MAILBOX.lease)
            clock.shift(MAILBOX.lease)
        assert (again(message).state, message.reason) == (MessageState.failed, "gave_up: cut_off")


def test_a_message_that_only_waits_behind_one_that_kills_every_worker_is_not_given_up(app):
    with mail_server() as (mails, post), time_machine.travel(START, tick=False) as clock:
        deadly, behind = written(), written()
        for _ in range(7):
            with transaction():
                letters = claims.claim(at=now(), limit=9, lease=post.lease, to_demo=True)
                for letter in letters:
                    if letter.id == deadly.id:
                        claims.hold(letter, at=now(), lease=post.lease)
            clock.shift(post.lease)
        assert deliver_due(post) == 1
        assert (again(deadly).state, again(behind).state) == ("failed", "sent")
        assert mails.recipients == [behind.to_email]


def test_two_workers_at_once_send_each_mail_once(app):
    people = [factories.person() for _ in range(30)]
    with transaction():
        for person in people:
            actions.write("invitation", person, facts={}, link="/x/1")
    with mail_server() as (mails, post):

        def work():
            with app.app_context():
                deliver_due(post)

        threads = [threading.Thread(target=work) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(mails.recipients) == sorted(person.email for person in people)
    assert db.session.query(Message).filter_by(state=MessageState.sent).count() == 30


def test_a_mail_to_nobody_is_skipped_and_says_why(app):
    gone = factories.person(disabled_at=now())
    assert (written(gone).state, written(gone).reason) == ("skipped", "person_disabled")
    leaving = factories.person()
    message = written(leaving)
    leaving.disabled_at = now()
    db.session.commit()
    deliver_due(MAILBOX)
    assert again(message).reason == "person_disabled"


def test_people_of_the_demonstration_get_no_real_mail(app):
    message = written(factories.person(demo=True))
    with mail_server() as (mails, post):
        deliver_due(post)
    assert (again(message).reason, mails.arrived) == ("demonstration", [])


def test_the_same_key_is_written_once(app):
    person = factories.person()
    first = written(person, dedupe_key="a:1")
    assert written(person, dedupe_key="a:1").id == first.id
    assert db.session.query(Message).count() == 1


def test_what_is_held_goes_out_in_one_digest_in_the_morning_of_its_reader(app, plain_mail):
    reader = factories.person(time_zone="America/Costa_Rica")
    gone = factories.person(time_zone="America/Costa_Rica")
    with transaction():
        for person in (reader, gone):
            actions.choose(person, {plain_mail: Delivery.digest})
    with mail_server() as (mails, post), time_machine.travel(START, tick=False) as clock:
        held = [written(reader, kind=plain_mail) for _ in range(2)]
        orphan = written(gone, kind=plain_mail)
        db.session.delete(gone)
        db.session.commit()
        deliver_due(post)
        assert mails.arrived == []
        # Seven in the morning in Costa Rica is thirteen o'clock UTC.
        clock.move_to(datetime(2026, 3, 2, 13, 0, tzinfo=UTC))
        deliver_due(post)
        deliver_due(post)
    (mail,) = mails.arrived
    assert "2 messages" in mail["Subject"]
    assert mail["List-Unsubscribe"].endswith("/leave>")
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    digest = db.session.query(Message).filter_by(kind="digest").one()
    assert {again(m).reason for m in held} == {f"in_digest: {digest.id}"}
    assert again(orphan).reason == "person_gone"


def test_a_choice_counts_for_what_is_written_after_it_and_frees_what_is_held(app, plain_mail):
    reader = factories.person()
    with transaction():
        actions.choose(reader, {plain_mail: Delivery.never, "invitation": Delivery.never, "x": "y"})
    assert written(reader, kind=plain_mail).reason == "opted_out"
    assert written(reader).state == MessageState.queued
    with transaction():
        actions.choose(reader, {plain_mail: Delivery.digest})
    held = written(reader, kind=plain_mail)
    assert held.bundled
    with transaction():
        actions.choose(reader, {plain_mail: Delivery.at_once})
    deliver_due(MAILBOX)
    assert again(held).state == MessageState.sent


def test_a_connection_that_breaks_is_no_verdict():
    assert fate_of(ConnectionResetError("reset")).trigger == "retry"


@pytest.fixture
def plain_mail() -> str:
    """A kind of mail that may wait or be refused."""
    return KINDS["partners_agreed"].name
