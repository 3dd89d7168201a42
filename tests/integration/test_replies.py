"""Answers by mail: they become remarks, wait for staff, or tell that a mail of ours came back."""

from datetime import timedelta

import pytest

from exchange.clock import now
from exchange.directory.models import Role
from exchange.exchanges.remarks import Remark
from exchange.extensions import db
from exchange.messages import actions, claims
from exchange.messages.house import use
from exchange.messages.incoming import LARGEST
from exchange.messages.mailboxes import take_in
from exchange.messages.models import Reply
from exchange.messages.retention import purge
from exchange.steps import steps_of
from exchange.transaction import transaction
from tests import factories
from tests.integration.mails_that_come import address_of, answer, report, with_reply_address
from tests.integration.test_messages_delivery import again, written
from workflows.exchange import ExchangeState as S


@pytest.fixture(autouse=True)
def replies_are_read(app):
    before = with_reply_address(app)
    yield
    use(app, before)


@pytest.fixture
def ana(app):
    return factories.person("Ana", of=factories.organisation("Nampula"), language="pt")


@pytest.fixture
def markets(app, ana):
    city = ana.affiliations[0].organisation
    return factories.exchange(title="Markets", learner=city, state=S.preparing)


def remarks():
    return db.session.query(Remark).order_by(Remark.id).all()


def waiting():
    return db.session.query(Reply).filter_by(settled_at=None).all()


def test_an_answer_becomes_a_remark_of_its_sender_once(markets, ana):
    mail = answer(markets, ana, "Sim, em maio.\n\nEm 3/3/2026, PX escreveu:\n> Datas?")
    assert take_in(mail) == "remarked"
    assert take_in(mail) == "known"
    (row,) = remarks()
    assert (row.text, row.author.name, row.exchange_id) == ("Sim, em maio.", "Ana", markets.id)
    assert (row.language, row.audience) == ("pt", "insiders")
    assert db.session.query(Reply).one().text == "", "it is kept in one place"
    assert waiting() == []


def test_the_people_of_the_exchange_read_it_on_its_page(browser, markets, ana):
    take_in(answer(markets, ana))
    host = factories.person(of=markets.proposer, role=Role.member)
    assert "Yes, in May." in browser.as_(host).get(f"/exchanges/{markets.id}").text


@pytest.mark.parametrize("name", ["Delivered-To", "X-Original-To", "Cc"])
def test_the_exchange_is_found_wherever_the_address_stands(markets, ana, name):
    address = address_of(markets).upper()
    mail = answer(markets, ana, headers={"To": "somebody@px.test", name: address})
    assert take_in(mail) == "remarked", "mail servers fold the letters of an address"


def test_a_page_without_plain_text_is_read(markets, ana):
    take_in(answer(markets, ana, html="<p>Sim, em <b>maio</b>.</p><blockquote>Datas?</blockquote>"))
    assert remarks()[0].text == "Sim, em maio."


def test_what_is_attached_is_named_in_the_language_of_the_sender(markets, ana):
    take_in(answer(markets, ana, files=["programa.pdf", "lista.pdf"]))
    assert remarks()[0].text == (
        "Yes, in May.\n\nAnexado à mensagem, e não incorporado: programa.pdf, lista.pdf"
    )


def stranger(_exchange):
    return factories.person("Rui", email="rui@elsewhere.test"), {}


def nobody(exchange):
    person, _facts = stranger(exchange)
    return person, {"headers": {"From": "Rui <rui.private@elsewhere.test>"}}


def disabled(exchange):
    person = factories.person("Gone", of=exchange.proposer, disabled_at=now())
    return person, {}


def of_the_exchange(exchange, **facts):
    return factories.person("Ana", of=exchange.proposer), facts


UNPLACED = {
    "who is in no partner of it": (stranger, {}, "not_of_exchange"),
    "whom nobody knows": (nobody, {}, "unknown_sender"),
    "whose account is closed": (disabled, {}, "unknown_sender"),
    "after the end": (of_the_exchange, {"state": S.closed_with_change}, "exchange_over"),
    "with no word of their own": (
        lambda e: of_the_exchange(e, text="> Datas?\n"), {}, "nothing_new",
    ),
    "with a book": (lambda e: of_the_exchange(e, text="word " * 1500), {}, "too_long"),
    "to an address that is not ours": (
        lambda e: of_the_exchange(e, headers={"To": f"reply+{e.id}-aaaaaaaaaaaaaaaa@px.test"}),
        {}, "no_exchange",
    ),
    "to nobody": (lambda e: of_the_exchange(e, headers={"To": "px@px.test"}), {}, "no_exchange"),
}  # fmt: skip


@pytest.mark.parametrize(("sender", "facts", "reason"), UNPLACED.values(), ids=UNPLACED)
def test_what_cannot_be_placed_waits_for_staff(browser, markets, sender, facts, reason):
    for name, value in facts.items():
        setattr(markets, name, value)
    db.session.commit()
    person, parts = sender(markets)
    assert take_in(answer(markets, person, **parts)) == "waits"
    (row,) = waiting()
    assert row.reason == reason
    assert row.text
    assert remarks() == []
    assert "Re: Lyon: choose dates" in browser.as_(factories.officer()).get("/inbox").text


def test_a_draft_of_others_is_not_given_away(markets):
    markets.state = S.draft
    officer = factories.section_officer("ASPAC")
    db.session.commit()
    assert take_in(answer(markets, officer)) == "waits"
    assert waiting()[0].reason == "not_of_exchange"


def test_what_is_too_large_waits_with_its_head(markets, ana):
    mail = answer(markets, ana) + b"x" * LARGEST
    assert take_in(mail) == "waits"
    (row,) = waiting()
    assert (row.reason, row.from_email, row.exchange_id) == ("too_large", ana.email, markets.id)


@pytest.mark.parametrize(
    "headers",
    [
        {"Auto-Submitted": "auto-replied"},
        {"Auto-Submitted": "auto-generated; owner=x"},
        {"Precedence": "bulk"},
        {"X-Autoreply": "yes"},
        {"Return-Path": "<>"},
    ],
    ids=str,
)
def test_what_a_program_sent_by_itself_is_left(markets, ana, headers):
    assert take_in(answer(markets, ana, headers=headers)) == "ignored"
    assert remarks() == []
    assert waiting() == []


def test_who_says_that_no_program_sent_it_is_heard(markets, ana):
    headers = {"Auto-Submitted": "no", "Return-Path": "<ana@city.test>"}
    assert take_in(answer(markets, ana, headers=headers)) == "remarked"


def sent_to(person):
    message = written(person, kind="reset")
    with transaction():
        (letter,) = claims.claim(at=now(), limit=1, lease=timedelta(minutes=1), to_demo=True)
        claims.settle(letter, claims.Fate("deliver"), at=now())
    assert again(message).state == "sent"
    return message, f"<{letter.fingerprint}@px.test>"


@pytest.mark.parametrize("headers_only", [False, True])
def test_a_mail_that_came_back_has_failed(browser, ana, headers_only):
    message, name = sent_to(ana)
    assert take_in(report(name, headers_only=headers_only)) == "bounced"
    assert again(message).state == "failed"
    step = steps_of("message", message.id)[0]
    assert (step.trigger, step.actor) == ("bounce", None)
    page = browser.as_(factories.officer()).get(f"/messages/{message.id}").text
    assert "brought it back: 550 5.1.1 No such user here" in page
    assert waiting() == []
    with transaction():
        actions.advance(message, "send_again", actor=None)
    assert take_in(report(name, headers_only=headers_only)) == "known"
    assert again(message).state == "queued", "an old report says nothing of the new try"


def test_a_server_that_still_tries_has_not_failed(ana):
    message, name = sent_to(ana)
    assert take_in(report(name, action="delayed")) == "ignored"
    assert again(message).state == "sent"


def test_a_report_of_a_mail_that_is_not_ours_waits_for_staff(ana):
    message, name = sent_to(ana)
    forged = f"<{message.id}.{'0' * 20}@px.test>"
    assert take_in(report(forged)) == "waits"
    assert again(message).state == "sent"
    assert waiting()[0].reason == "bounce_unknown"
    assert take_in(report("<somebody@else.test>")) == "waits"
    assert name


def test_a_fault_of_ours_loses_nothing(markets, ana, monkeypatch):
    monkeypatch.setattr("exchange.messages.replies.remark", None)
    assert take_in(answer(markets, ana)) == "waits"
    (row,) = waiting()
    assert row.reason == "fault: TypeError"
    assert "Yes, in May." in row.text


def test_staff_place_what_waits_and_see_it_no_more(browser, markets):
    rui = factories.person("Rui", email="rui@elsewhere.test")
    take_in(answer(markets, rui, headers={"From": "Rui <rui.private@elsewhere.test>"}))
    (row,) = waiting()
    officer = factories.officer(name="Lucía")
    client = browser.as_(officer)
    page = client.get(f"/inbox/mails/{row.id}").text
    assert markets.reference in page
    assert "Nobody is known by this address" in page
    wrong = client.post(f"/inbox/mails/{row.id}", data={"reference": "PX-1", "remark": "Yes."})
    assert wrong.status_code == 422
    sent = {"reference": markets.reference.lower(), "remark": "Yes, in May."}
    assert client.post(f"/inbox/mails/{row.id}", data=sent).status_code == 302
    assert client.post(f"/inbox/mails/{row.id}/settle").status_code == 409
    (written_down,) = remarks()
    assert written_down.author.name == "Lucía"
    assert written_down.text == ("By mail from Rui (rui.private@elsewhere.test):\n\nYes, in May.")
    assert waiting() == []
    assert "Dealt with on" in client.get(f"/inbox/mails/{row.id}").text


def test_staff_deal_with_what_waits_in_another_way(browser, markets):
    take_in(answer(None, factories.person("Rui")))
    (row,) = waiting()
    assert browser.as_(factories.officer()).post(f"/inbox/mails/{row.id}/settle").status_code == 302
    assert waiting() == []
    assert remarks() == []


def test_mails_to_us_are_for_staff(browser, markets, ana):
    take_in(answer(None, ana))
    (row,) = waiting()
    assert browser.as_(ana).get(f"/inbox/mails/{row.id}").status_code in (403, 404)


def test_what_was_dealt_with_is_kept_for_three_months_what_waits_for_ever(markets, ana):
    take_in(answer(markets, ana))
    take_in(answer(None, ana, "To nobody."))
    assert purge(now=now() + timedelta(days=89)) == 0
    assert purge(now=now() + timedelta(days=91)) == 1
    assert len(waiting()) == 1


def test_who_is_forgotten_is_forgotten_here_too(markets, ana):
    guest = factories.person("Rui")
    take_in(answer(None, guest, headers={"From": "Guest <guest@elsewhere.test>"}))
    take_in(answer(None, ana, "Another."))
    with transaction():
        actions.forget("guest@elsewhere.test")
    assert [row.from_email for row in waiting()] == [ana.email]
