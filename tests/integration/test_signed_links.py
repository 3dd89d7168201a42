"""Every kind of link that opens something without a sign-in: one purpose, until a day, revoked when
what it was for is over. Those that may be used again say what makes that safe.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
import time_machine

from exchange.accounts import actions, passwords, people
from exchange.clock import now, today
from exchange.extensions import db
from exchange.forums import arrivals
from exchange.forums.models import Forum
from exchange.lessons import follow_ups
from exchange.lessons.models import FollowUp
from exchange.limits import limiter
from exchange.messages.models import Message
from exchange.messages.tokens import Purpose, make
from exchange.reminders.models import Reminder
from exchange.reminders.send import plan_now, send_due
from exchange.visits import actions as visits_actions
from exchange.visits.delegation import erase_participant
from tests import factories
from tests.factories import visits
from workflows.exchange import ExchangeState
from workflows.follow_up import FollowUpState
from workflows.reminder import ReminderState

NEW = {"new_password": "siete barcos azules lentos"}
GONE = (404, 410)


@pytest.fixture(autouse=True)
def no_limits(monkeypatch):
    monkeypatch.setattr(limiter, "enabled", False)


@dataclass(frozen=True)
class Given:
    """A link that works, and what makes it work no longer."""

    path: str
    lasts: timedelta
    over: Callable[[], Any]
    # What uses it up, and what the second time is answered; None: safe to repeat.
    once: dict[str, str] | None = None
    again: tuple[int, ...] = GONE
    # What it says when its matter is settled, where that is no error.
    says: str = field(default="")


def _of_account(door: str, make_secret: Callable[..., Any], lasts: timedelta, data: Any) -> Given:
    person = factories.person()
    secret = make_secret(person)
    return Given(
        f"{door}/{secret}",
        lasts,
        lambda: people.disable(person, actor=factories.administrator()),
        data,
    )


def invitation() -> Given:
    """Chooses a first password."""
    return _of_account("/invitation", actions.invite, timedelta(days=7), NEW)


def reset() -> Given:
    """Chooses a new password."""
    return _of_account("/new-password", actions.reset, timedelta(hours=1), NEW)


def sign_in() -> Given:
    """Signs in."""
    door, make_secret = "/sign-in/by-link", actions.sign_in_link_if_wanted
    return _of_account(door, make_secret, timedelta(minutes=15), {})


def follow_up() -> Given:
    """Answers a follow-up: the row holds one answer, whoever comes later reads thanks."""
    row = FollowUp(
        exchange=factories.exchange(state=ExchangeState.following_up_3),
        organisation=factories.organisation(),
        months=3,
        due_on=today(),
    )
    db.session.add(row)
    db.session.flush()
    secret = follow_ups.ask(row)

    def answered() -> None:
        row.state, row.answered_at = FollowUpState.answered, now()

    return Given(f"/f/{secret}", timedelta(days=61), answered, says="Thank you")


def participant() -> Given:
    """A personal page, used many times: each move asks the table again, and erasing ends it."""
    visit = visits.visit(starts_on=today(), ends_on=today())
    who = visits.participant(visit, factories.organisation())
    secret = visits_actions.make_participant_link(who)
    return Given(f"/p/{secret}", timedelta(days=366), lambda: erase_participant(who, actor=None))


def _message() -> Message:
    city = factories.organisation("Lyon")
    factories.person("Ana", of=city)
    factories.exchange(
        state=ExchangeState.more_information,
        state_since=now() - timedelta(days=1),
        proposer=city,
    )
    plan_now()
    send_due()
    return db.session.query(Message).filter_by(kind="information_asked").first()


def _of_mail(door: str, purpose: Purpose, over: Callable[[Message], Any], **facts: Any) -> Given:
    message = _message()
    path = door.format(make(purpose, message.key))
    return Given(path, timedelta(days=90, seconds=2), lambda: over(message), **facts)


def _delete(message: Message) -> None:
    db.session.delete(message)


def read() -> Given:
    """Reads a mail in another language: it shows what its holder has got already."""
    return _of_mail("/m/{}", Purpose.read, _delete)


def answer() -> Given:
    """Answers a reminder: settled by the reminder's state, so a second answer changes nothing."""

    def settled(_message: Message) -> None:
        for row in db.session.query(Reminder).filter(Reminder.sent_at.is_not(None)):
            row.state = ReminderState.answered

    return _of_mail("/r/{}", Purpose.answer, settled, says="Answered already")


def room() -> Given:
    """The code of a room: many guests use it, while the edition lasts and until it is renewed."""
    forum = Forum(code="day", titles={"en": "A day"}, place="Lyon", starts_on=today())
    forum.ends_on = today()
    db.session.add(forum)
    db.session.flush()
    path = f"/room/{forum.room_code}"
    return Given(path, timedelta(days=4), lambda: arrivals.renew_code(forum))


KINDS = (invitation, reset, sign_in, follow_up, participant, read, answer, room)


@pytest.fixture(params=KINDS, ids=lambda kind: kind.__name__)
def given(request, app):
    made = request.param()
    db.session.commit()
    return made


def test_a_link_works_and_looking_at_it_uses_nothing_up(browser, given):
    for _time in range(2):
        assert browser.as_().get(given.path).status_code == 200


def test_a_link_ends_with_its_day(browser, given):
    with time_machine.travel(now() + given.lasts, tick=False):
        assert browser.as_().get(given.path).status_code in GONE
        assert browser.as_().post(given.path, data=given.once or {}).status_code in (*GONE, 405)


def test_a_link_that_was_used_opens_nothing_again(browser, given):
    if given.once is None:
        assert browser.as_().get(given.path).status_code == 200, "safe to repeat: see its sentence"
        return
    assert browser.as_().post(given.path, data=given.once).status_code == 302
    for answered in (
        browser.as_().get(given.path),
        browser.as_().post(given.path, data=given.once),
    ):
        assert answered.status_code in given.again


def test_a_letter_changed_and_it_opens_nothing(browser, given):
    letter = "B" if given.path[-5] != "B" else "C"
    changed = given.path[:-5] + letter + given.path[-4:]
    for path in (changed, given.path[:-1], given.path + "A"):
        assert browser.as_().get(path).status_code in GONE


def test_a_link_opens_no_other_door(browser, given):
    secret = given.path.rsplit("/", 1)[1]
    doors = ("/invitation/{}", "/new-password/{}", "/sign-in/by-link/{}", "/f/{}", "/p/{}")
    doors += ("/m/{}", "/m/{}/leave", "/r/{}", "/room/{}")
    for door in doors:
        path = door.format(secret)
        if path != given.path:
            assert browser.as_().get(path).status_code in GONE, door


def test_a_link_ends_when_what_it_was_for_is_over(browser, given):
    given.over()
    db.session.commit()
    shown = browser.as_().get(given.path)
    if given.says:
        assert given.says in shown.text
    else:
        assert shown.status_code in GONE


def test_a_new_password_ends_every_link_that_was_mailed_before(browser):
    person = factories.person(password_hash=passwords.hashed("tigre verde lluvia nueve"))
    paths = [f"/new-password/{actions.reset(person)}", f"/invitation/{actions.invite(person)}"]
    paths.append(f"/sign-in/by-link/{actions.sign_in_link_if_wanted(person)}")
    db.session.commit()
    assert browser.as_().post(paths[0], data=NEW).status_code == 302
    for path in paths:
        assert browser.as_().get(path).status_code == 410


def test_another_address_ends_every_link_that_was_mailed_to_the_old(browser):
    person = factories.person()
    path = f"/invitation/{actions.invite(person)}"
    people.edit_person(person, {"email": "new@city.example"}, actor=factories.administrator())
    db.session.commit()
    assert browser.as_().get(path).status_code == 410


def test_leaving_a_kind_of_mail_may_be_sent_twice_and_is_for_that_kind_alone(browser):
    person = factories.person()
    from exchange.messages import actions as messages

    row = messages.write(
        "lesson_question",
        person,
        facts={"asker": "Rosa", "asker_email": "rosa@px.test", "asker_place": "", "title": "Buses"}
        | {"text": "How?"},
        link="/my",
    )
    db.session.commit()
    path = f"/m/{make(Purpose.leave, row.key)}/leave"
    for _time in range(2):
        assert browser.as_().post(path).status_code == 200
    with time_machine.travel(now() + timedelta(days=90, seconds=2), tick=False):
        assert browser.as_().post(path).status_code == 404
    assert browser.as_().get(f"/m/{make(Purpose.read, row.key)}/leave").status_code == 404
