"""That a link of a mail was followed is noted once, for people, on our own pages alone."""

import re
from datetime import timedelta

import pytest

from exchange.clock import now
from exchange.extensions import db
from exchange.messages import actions, claims
from exchange.messages.models import Message
from exchange.transaction import transaction
from tests import factories
from tests.integration.test_mail_answers import mail, path  # noqa: F401 - a fixture
from tests.integration.test_messages_delivery import again, written

# What a browser says of a page that somebody wants to see (Fetch Metadata).
PERSON = {"Sec-Fetch-Dest": "document", "Sec-Fetch-Mode": "navigate"}


@pytest.fixture
def ana(app):
    return factories.person("Ana", of=factories.organisation())


def button(message):
    """Where the button leads."""
    return re.search(r'href="http://[^/"]+(/[^"]*via=[^"]*)"', message.html).group(1)


def test_the_button_names_its_mail_and_leads_to_a_clean_address(browser, ana):
    with transaction():
        facts = {"title": "Buses", "organisation": "Nampula"}
        link = "/exchanges?state=draft&q=a%20b#list"
        message = actions.write("partners_agreed", ana, facts=facts, link=link)
    address = button(message).replace("&amp;", "&").partition("#")[0]
    answer = browser.as_(ana).get(address, headers=PERSON)
    assert (answer.status_code, answer.location) == (302, "/exchanges?state=draft&q=a+b")
    first = again(message).opened_at
    assert first is not None
    browser.as_(ana).get(address, headers=PERSON)
    assert again(message).opened_at == first, "the first time counts"


def test_who_has_to_sign_in_first_is_counted_too(browser, ana):
    message = written(ana, kind="partners_agreed")
    browser.as_().get(button(message), headers=PERSON)
    assert again(message).opened_at is not None


@pytest.mark.parametrize(
    "headers",
    [{}, {**PERSON, "Sec-Purpose": "prefetch"}, {"Sec-Fetch-Dest": "empty"}],
    ids=["a scanner of mails", "a browser that looks ahead", "a script"],
)
def test_a_program_that_looks_at_the_link_does_not_count(browser, ana, headers):
    message = written(ana, kind="partners_agreed")
    assert browser.as_().get(button(message), headers=headers).status_code == 302
    assert again(message).opened_at is None


def test_a_colleague_who_looks_at_the_mail_of_another_does_not_count(browser, ana):
    message = written(ana, kind="partners_agreed")
    browser.as_(factories.officer()).get(button(message), headers=PERSON)
    assert again(message).opened_at is None


def test_a_name_that_no_mail_has_only_cleans_the_address(browser, ana):
    answer = browser.as_(ana).get("/needs?via=guess&q=x", headers=PERSON)
    assert answer.location == "/needs?q=x"


@pytest.mark.parametrize("kind", ["reset", "sign_in", "invitation"])
def test_a_link_that_signs_in_says_nothing_more(ana, kind):
    assert "via=" not in written(ana, kind=kind).html


def test_an_answer_from_a_mail_counts(browser, mail):  # noqa: F811
    browser.as_().get(path(mail, "later"), headers={})
    message = db.session.query(Message).filter_by(kind="information_asked").one()
    assert again(message).opened_at is None
    browser.as_().post(path(mail, "done"), data={})
    assert again(message).opened_at is not None


def test_staff_see_when_and_how_often(browser, ana):
    message, other = (written(ana, kind="partners_agreed") for _ in range(2))
    with transaction():
        message.bundled = other.bundled = False
        message.next_try_at = other.next_try_at = now()
    with transaction():
        letters = claims.claim(at=now(), limit=9, lease=timedelta(minutes=1), to_demo=True)
        for letter in letters:
            claims.settle(letter, claims.Fate("deliver"), at=now())
    assert {again(one).state for one in (message, other)} == {"sent"}
    desk = browser.as_(factories.officer())
    assert "Opened on" not in desk.get(f"/messages/{message.id}").text
    browser.as_(ana).get(button(message), headers=PERSON)
    assert "Opened on" in desk.get(f"/messages/{message.id}").text
    assert "opened on" in desk.get("/messages").text
    assert "1 (50 %)" in desk.get("/reminders/rules").text


def test_the_page_of_help_says_so(browser):
    assert "Do you see whether I read a mail?" in browser.as_().get("/help").text
