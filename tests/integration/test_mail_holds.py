"""Staff hold the mails of one exchange or of one step; the row says so, whoever writes."""

from datetime import timedelta

import pytest

from exchange.clock import now
from exchange.extensions import db
from exchange.messages.models import MailHold, Message
from exchange.reminders.send import plan_now, send_due
from exchange.steps import steps_of
from tests import factories
from tests.integration.test_messages_delivery import again, written
from workflows.exchange import ExchangeState as S


@pytest.fixture
def desk(browser):
    """The browser of an officer."""
    return browser.as_(factories.officer(name="Lucía"))


@pytest.fixture
def markets(app):
    """A proposal that waits for the secretariat; its city has somebody to write to."""
    city = factories.organisation("Quelimane")
    factories.person("Ana", of=city)
    return factories.exchange(learner=city, state=S.submitted, title="Markets")


def of(exchange, **options):
    person = factories.person()
    return written(person, kind="partners_agreed", exchange_id=exchange.id, **options)


def test_all_mails_of_an_exchange_are_held_also_those_that_wait(desk, markets):
    waits, other = of(markets), of(factories.exchange())
    begin = f"/exchanges/{markets.id}/hold-mails"
    assert desk.post(begin).status_code == 302
    assert desk.post(begin).status_code == 409
    assert again(waits).state == "held"
    assert steps_of("message", waits.id)[0].actor.name == "Lucía"
    assert of(markets).state == "held"
    assert again(other).state == "queued"
    assert of(other.exchange).state == "queued"
    page = desk.get(f"/exchanges/{markets.id}?tab=mails").text
    assert "Mails of this exchange are held" in page
    assert "Lucía" in page
    listed = desk.get(f"/messages?state=held&exchange={markets.id}").text
    assert listed.count('name="id"') == 2
    assert desk.get(f"/messages?state=held&exchange={other.exchange_id}").status_code == 200


def test_what_is_held_stays_so_when_the_hold_ends(desk, markets):
    desk.post(f"/exchanges/{markets.id}/hold-mails")
    held = of(markets)
    row = db.session.query(MailHold).one()
    assert desk.post(f"/mail-holds/{row.id}/end").status_code == 302
    assert desk.post(f"/mail-holds/{row.id}/end").status_code == 409
    assert of(markets).state == "queued"
    assert again(held).state == "held"
    assert "Hold all mails" in desk.get(f"/exchanges/{markets.id}?tab=mails").text


def move(desk, exchange, trigger, **sent):
    sent = {"trigger": trigger, "expected_state": exchange.state, **sent}
    assert desk.post(f"/exchanges/{exchange.id}/move", data=sent).status_code == 302
    db.session.expire_all()


def test_the_mails_of_one_step_wait_in_the_outbox_to_be_approved_or_dropped(desk, markets):
    assert "Hold the mails of this step" in desk.get(f"/exchanges/{markets.id}/move").text
    move(desk, markets, "ask_information", note="Who travels?", hold_mails="yes")
    markets.state_since = now() - timedelta(days=1)  # its mail goes at eight
    db.session.commit()
    plan_now()
    send_due()
    (mail,) = db.session.query(Message).filter_by(exchange_id=markets.id)
    assert (mail.kind, mail.state) == ("information_asked", "held")
    assert "Mails of this step are held" in desk.get(f"/exchanges/{markets.id}?tab=mails").text
    desk.post("/messages/release", data={"id": mail.id})
    assert again(mail).state == "queued"


def test_the_next_step_is_free_again_and_so_is_the_same_one_later(desk, markets):
    move(desk, markets, "ask_information", note="Who travels?", hold_mails="yes")
    assert of(markets).state == "held"
    move(desk, markets, "resubmit")
    assert of(markets).state == "queued"
    move(desk, markets, "ask_information", note="And when?")
    assert of(markets).state == "queued", "the hold was for the step, not for the state"


def test_a_refused_step_keeps_the_tick(desk, markets):
    sent = {"trigger": "ask_information", "expected_state": "submitted", "hold_mails": "yes"}
    answer = desk.post(f"/exchanges/{markets.id}/move", data=sent)
    assert answer.status_code == 422
    assert 'name="hold_mails" value="yes" aria-describedby="hold-help" checked' in answer.text
    assert db.session.query(MailHold).count() == 0


def test_only_staff_hold(browser, markets):
    markets.state, markets.state_since = S.more_information, now()
    db.session.commit()
    city = browser.as_(factories.person(of=markets.proposer))
    assert "Hold the mails" not in city.get(f"/exchanges/{markets.id}/move").text
    assert city.post(f"/exchanges/{markets.id}/hold-mails").status_code == 403
    sent = {"trigger": "resubmit", "expected_state": "more_information", "hold_mails": "yes"}
    assert city.post(f"/exchanges/{markets.id}/move", data=sent).status_code == 403
    db.session.expire_all()
    assert markets.state == "more_information"
    assert "Hold all mails" not in city.get(f"/exchanges/{markets.id}?tab=mails").text
