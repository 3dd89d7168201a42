"""The front page: what waits for whoever looks, and the doors for each role."""

from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.matching.models import Match
from tests import factories
from workflows.exchange import ExchangeState
from workflows.need import NeedState
from workflows.offer import OfferState


def test_a_city_sees_its_turn_and_its_doors(browser):
    city = factories.organisation("Nampula")
    need = factories.need(organisation=city)
    factories.need(organisation=city, state=NeedState.draft)
    factories.offer(organisation=city, state=OfferState.expired)
    match = Match(
        need=need, offer=factories.offer(), state="proposed", holds_place=True, holds_host=True
    )
    db.session.add(match)
    factories.exchange(learner=city, title="To be completed", state=ExchangeState.more_information)
    factories.exchange(title="Of somebody else", state=ExchangeState.more_information)
    page = browser.as_(factories.person(of=city))
    text = page.get("/").text
    for words in ("match to answer", "exchange that waits for you", "needs to publish"):
        assert words in text
    assert "offers to renew" in text
    assert "needs to renew" not in text
    assert "To be completed" in text
    assert "Of somebody else" not in text
    assert "I have a need" in text
    assert "Dashboard" not in text
    assert "1 entry" in page.get("/exchanges?waiting=yes").text
    assert "1 entry" in page.get("/needs?mine=yes&state=draft").text


def test_nothing_waits(browser):
    text = browser.as_(factories.person(of=factories.organisation(), role="member")).get("/").text
    assert "Nothing waits for you." in text
    assert "I have a need" not in text


def test_staff_have_the_dashboard(browser):
    factories.exchange(state=ExchangeState.submitted)
    text = browser.as_(factories.officer()).get("/").text
    assert 'href="/dashboard"' in text
    assert "exchange that waits for you" in text


def test_a_visitor_signs_in_or_reads(browser):
    text = browser.as_().get("/", follow_redirects=True).text
    assert "Sign in" in text
    assert "Latest lessons" not in text, "there are none yet"
    assert "I have a need" in text
    assert "Your turn" not in text


def test_the_page_costs_the_same_however_many(browser, statements):
    page = browser.as_(factories.officer())
    counts = set()
    for rows in (1, 3, 30):
        while db.session.query(Exchange).count() < rows:
            factories.exchange(state=ExchangeState.submitted)
        page.get("/")
        with statements() as seen:
            page.get("/")
        counts.add(len(seen))
    assert len(counts) == 1
