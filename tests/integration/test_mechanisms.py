"""Mechanisms tell each other what they need and give, find each other, and agree."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.clock import today
from exchange.errors import Invalid, NotAllowed
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.mechanisms import actions, pairs, queries
from exchange.mechanisms.meeting import meetings
from exchange.mechanisms.models import Gives, Mechanism, MechanismKind, MechanismListing
from exchange.mechanisms.models import MechanismPair as Pair
from exchange.practices.models import Observatory
from exchange.reminders.audience import asked_of
from exchange.reminders.kinds import KINDS
from exchange.reminders.models import EscalationLevel, Reminder
from exchange.reminders.send import plan_now
from exchange.reminders.subjects import asking
from tests import factories
from tests.factories.practices import practice
from workflows.engine import TransitionRefused
from workflows.mechanism_listing import MECHANISM_LISTING
from workflows.mechanism_listing import MechanismListingState as L
from workflows.mechanism_pair import MECHANISM_PAIR
from workflows.mechanism_pair import MechanismPairState as P

DAY = today() + timedelta(days=100)
SENT = {
    "code": "local4action",
    "kind": "hub",
    "title_en": "Local4Action Hub",
    "title_fr": "Hub Local4Action",
    "languages": "en",
    "themes": ["mobility"],
    "active": "yes",
}
FACTS = {"title": "Practices of mobility", "text": "Buses and bicycles.", "language": "en"}


def mechanism(home, code="hub", kind=MechanismKind.hub):
    data = {"code": code, "kind": kind, "title_en": code.title(), "languages": ["en"]}
    return actions.create({**data, "organisation_id": home.id, "active": True})


def listing(of, side, **facts):
    data = {**FACTS, "side": side, "themes": ["mobility"], "expires_on": DAY, **facts}
    return actions.add_listing(of, data)


@pytest.fixture
def two(app):
    """A hub that needs what an observatory gives, each at home somewhere."""
    hub = mechanism(factories.organisation("Union"))
    watch = mechanism(factories.organisation("Watch"), "watch", MechanismKind.observatory)
    need, offer = listing(hub, Gives.needs), listing(watch, Gives.offers, title="Bus practices")
    db.session.commit()
    return need, offer


@pytest.mark.parametrize(
    ("trigger", "source", "dest"),
    [
        ("renew", L.open, L.renewed),  # it still holds
        ("renew", L.renewed, L.renewed),  # and again
        ("renew", L.expired, L.renewed),  # it was forgotten, and holds
        ("answer", L.open, L.answered),  # somebody gave it
        ("answer", L.renewed, L.answered),
        ("expire", L.open, L.expired),  # nobody looked at it for half a year
        ("expire", L.renewed, L.expired),
        ("reopen", L.answered, L.renewed),  # it was not the answer after all
        ("answer", L.expired, None),  # what expired is renewed first
        ("expire", L.answered, None),
    ],
)
def test_the_table_of_needs_and_offers(trigger, source, dest):
    row = MechanismListing(state=source)
    if dest:
        assert MECHANISM_LISTING.fire(trigger, row) == (source, dest)
    else:
        with pytest.raises(TransitionRefused):
            MECHANISM_LISTING.fire(trigger, row)


@pytest.mark.parametrize(
    ("trigger", "source", "offer", "dest"),
    [
        ("ask", P.suggested, L.open, P.asked),  # one side says yes by asking
        ("ask", P.suggested, L.expired, None),  # nobody is asked for what no longer holds
        ("agree", P.asked, L.renewed, P.agreed),  # the other says yes
        ("agree", P.asked, L.answered, None),
        ("agree", P.suggested, L.open, None),  # nobody was asked yet
        ("decline", P.suggested, L.open, P.declined),
        ("decline", P.asked, L.expired, P.declined),
        ("decline", P.agreed, L.open, P.declined),  # it came to nothing after all
        ("ask", P.declined, L.open, None),
    ],
)
def test_the_table_of_pairs(trigger, source, offer, dest):
    need, other = MechanismListing(state=L.open), MechanismListing(state=offer)
    pair = Pair(state=source, need=need, offer=other)
    if dest:
        assert MECHANISM_PAIR.fire(trigger, pair) == (source, dest)
    else:
        with pytest.raises(TransitionRefused):
            MECHANISM_PAIR.fire(trigger, pair)


def test_staff_write_a_mechanism_its_home_says_what_it_needs(browser):
    home = factories.organisation("Union")
    staff = browser.as_(factories.officer())
    mine = browser.as_(factories.person(of=home, role="coordinator"))
    other = browser.as_(factories.person(of=factories.organisation(), role="coordinator"))
    sent = {**SENT, "organisation_id": str(home.id)}
    assert mine.post("/mechanisms/new", data=sent).status_code == 403
    assert "Local4Action Hub" in staff.post("/mechanisms/new", data=sent, follow_redirects=1).text
    again = staff.post("/mechanisms/new", data=sent)
    assert again.status_code == 422
    assert "Another one has this code already." in again.text
    row = db.session.query(Mechanism).one()
    address = f"/mechanisms/{row.id}"
    said = {**FACTS, "side": "needs", "themes": "mobility", "expires_on": str(DAY)}
    assert other.post(f"{address}/listings/new", data=said).status_code == 403
    late = {**said, "expires_on": "2020-01-01"}
    refused = mine.post(f"{address}/listings/new", data=late)
    assert refused.status_code == 422
    assert "Buses and bicycles." in refused.text, "nothing that was typed is lost"
    shown = mine.post(f"{address}/listings/new", data=said, follow_redirects=True).text
    assert "Practices of mobility" in shown
    assert "Hub Local4Action" in mine.get(f"{address}?lang=fr").text


def test_what_a_mechanism_needs_expires_and_is_renewed(browser, two):
    need, _offer = two
    home = need.organisation
    speaker = factories.person(of=home, role="coordinator")
    need.expires_on = today() + timedelta(days=22)
    plan_now()
    due = db.session.query(Reminder).filter_by(kind="mechanism_review", subject_id=need.id)
    assert [(r.due_on - need.expires_on).days for r in due] == [-21, -7]
    need.expires_on = today() - timedelta(days=1)
    db.session.commit()
    assert actions.expire_due(today()) == 1
    db.session.expire_all()
    assert need.state == L.expired
    assert queries.matrix().cells == {}
    kind = KINDS["mechanism_expired"]
    assert [one.id for one in asking(kind)] == [need.id]
    assert [a.reader for a in asked_of(kind.audience, need, EscalationLevel.owner)] == [speaker]
    page = browser.as_(speaker)
    page.post(f"/mechanisms/listings/{need.id}/move", data={"trigger": "renew"})
    db.session.expire_all()
    assert need.state == L.renewed
    assert need.expires_on == today() + actions.HOLDS


def test_the_matrix_counts_and_opens_the_list_behind_a_cell(browser, two):
    need, offer = two
    cells = {(need.mechanism_id, offer.mechanism_id): 1}
    assert queries.matrix().cells == cells
    page = browser.as_(factories.person(of=factories.organisation()))
    shown = page.get("/mechanisms/matrix").text
    cell = f"/mechanisms/meeting?needs={need.mechanism_id}&amp;offers={offer.mechanism_id}"
    assert cell in shown
    assert 'data-label="Watch"' in shown, "a telephone reads each cell with its heading"
    behind = page.get(cell.replace("&amp;", "&")).text
    assert "Every theme asked for is offered." in behind
    assert "Bus practices" in behind
    other = f"/mechanisms/meeting?needs={offer.mechanism_id}"
    assert "No need meets an offer yet." in page.get(other).text


def test_one_asks_the_other_agrees_and_an_exchange_is_proposed(browser, two):
    need, offer = two
    asks = browser.as_(factories.person(of=need.organisation, role="coordinator"))
    answers_person = factories.person(of=offer.organisation, role="coordinator")
    answers = browser.as_(answers_person)
    stranger = browser.as_(factories.person(of=factories.organisation(), role="coordinator"))
    sent = {"need_id": need.id, "offer_id": offer.id}
    assert stranger.post("/mechanisms/pairs", data=sent).status_code == 403
    asks.post("/mechanisms/pairs", data=sent)
    asks.post("/mechanisms/pairs", data=sent)
    pair = db.session.query(Pair).one()
    address = f"/mechanisms/pairs/{pair.id}"
    assert stranger.get(address).status_code == 404
    asks.post(f"{address}/move", data={"trigger": "ask"})
    kind = KINDS["mechanism_asked"]
    asked = asked_of(kind.audience, pair, EscalationLevel.owner)
    assert [one.reader for one in asked] == [answers_person]
    assert asks.post(f"{address}/move", data={"trigger": "agree"}).status_code == 403
    assert asks.post(f"{address}/exchange").status_code == 403
    answers.post(f"{address}/move", data={"trigger": "agree"})
    made = asks.post(f"{address}/exchange")
    assert made.status_code == 302
    asks.post(f"{address}/exchange")
    exchange = db.session.query(Exchange).one()
    assert made.location.endswith(f"/proposals/{exchange.id}")
    assert exchange.proposer_id == need.organisation_id
    assert {one.organisation_id for one in exchange.partners} == {
        need.organisation_id,
        offer.organisation_id,
    }
    shown = asks.get(f"/exchanges/{exchange.id}").text
    assert f'href="{address}"' in shown, "the exchange knows where it comes from"
    assert exchange.reference in asks.get(f"/mechanisms/{need.mechanism_id}").text
    assert exchange.reference not in stranger.get(f"/mechanisms/{need.mechanism_id}").text


def test_what_does_not_fit_is_not_paired(two):
    need, offer = two
    officer = factories.officer()
    with pytest.raises(Invalid, match="bad_value"):
        pairs.suggest({"need_id": offer.id, "offer_id": need.id}, actor=officer)
    other = listing(offer.mechanism, Gives.offers, title="Hospitals", text="", themes=["health"])
    with pytest.raises(Invalid, match="too_little"):
        pairs.suggest({"need_id": need.id, "offer_id": other.id}, actor=officer)
    pair = pairs.suggest({"need_id": need.id, "offer_id": offer.id}, actor=officer)
    with pytest.raises(NotAllowed, match="not_agreed"):
        pairs.propose_exchange(pair, actor=officer)


def test_exchanges_practices_and_needs_are_linked_once(browser, two):
    need, _offer = two
    exchange = factories.exchange()
    staff = browser.as_(factories.officer())
    address = f"/mechanisms/{need.mechanism_id}"
    empty = staff.post(f"{address}/link", data={"reference": ""})
    assert "Name an exchange, a practice or a need." in empty.text
    for _again in range(2):
        staff.post(f"{address}/link", data={"reference": exchange.reference})
    assert staff.get(address).text.count(exchange.reference) == 1
    assert f'href="{address}"' in staff.get(f"/exchanges/{exchange.id}").text


def test_what_is_linked_leads_back(browser, two):
    need, _offer = two
    hub, city = need.mechanism, factories.organisation("Nampula")
    wanted, shown = factories.need(organisation=city), practice("Clean markets")
    source = Observatory(code="iopd", name="IOPD")
    db.session.add(source)
    db.session.flush()
    hub.observatory = source
    actions.link(hub, {"need_id": wanted.id, "practice_id": shown.id})
    db.session.commit()
    member = browser.as_(factories.person(of=city))
    for path in (f"/needs/{wanted.id}", f"/en/practices/{shown.id}", "/observatories"):
        assert f"/mechanisms/{hub.id}" in member.get(path).text, path
    assert f"/mechanisms/{hub.id}" not in browser.as_().get(f"/en/practices/{shown.id}").text


def test_its_home_names_who_is_to_be_asked(browser, two):
    hub = two[0].mechanism
    contact = factories.person(of=hub.organisation, name="Ana Contact", role="coordinator")
    stranger = factories.person(of=factories.organisation())
    page = browser.as_(contact)
    sent = {**SENT, "code": hub.code, "organisation_id": hub.organisation_id}
    address = f"/mechanisms/{hub.id}/edit"
    assert "Ana Contact" in page.get(address).text
    assert page.post(address, data={**sent, "contact_id": contact.id}).status_code == 302
    assert "Ana Contact" in page.get(f"/mechanisms/{hub.id}").text
    assert page.post(address, data={**sent, "contact_id": stranger.id}).status_code == 422


def test_the_api_carries_mechanisms(browser, two):
    need, offer = two
    client = browser.api(factories.officer())
    made = client.post(
        "/api/v1/mechanisms",
        json={
            "code": "odc",
            "kind": "observatory",
            "title_en": "Watch",
            "organisation_id": need.organisation_id,
            "active": True,
        },
    )
    assert made.status_code == 201, made.json
    address = f"/api/v1/mechanisms/{made.json['id']}"
    assert client.patch(address, json={"website": "https://x.org"}).json["website"]
    assert client.get("/api/v1/mechanisms?kind=observatory").json["total"] == 2
    cell = {"needs_id": need.mechanism_id, "offers_id": offer.mechanism_id, "number": 1}
    assert client.get("/api/v1/mechanisms/matrix").json == [cell]
    (met,) = client.get("/api/v1/mechanism-pairs/meetings").json
    assert met["reasons"][0]["code"] == "same_themes"
    sent = {"need_id": need.id, "offer_id": offer.id}
    pair = client.post("/api/v1/mechanism-pairs", json=sent).json
    for trigger in ("ask", "agree"):
        where = f"/api/v1/mechanism-pairs/{pair['id']}/steps"
        assert client.post(where, json={"trigger": trigger}).status_code == 201
    assert client.post(f"/api/v1/mechanism-pairs/{pair['id']}/exchange").status_code == 201


def test_the_matrix_costs_the_same_however_many(browser, two, statements):
    page, counts = browser.as_(factories.officer()), set()
    for rows in (2, 4, 30):
        while db.session.query(MechanismListing).count() < rows:
            code = f"m-{db.session.query(Mechanism).count()}"
            of = mechanism(factories.organisation(code), code)
            listing(of, Gives.needs), listing(of, Gives.offers)
            db.session.commit()
        for path in ("/mechanisms/matrix", "/mechanisms/meeting"):
            page.get(path)
            with statements() as seen:
                assert page.get(path).status_code == 200
            counts.add((path, len(seen)))
    assert len(counts) == 2


THEMES = st.frozensets(st.sampled_from(["mobility", "health", "culture", "water"]), max_size=3)


@given(st.lists(THEMES, max_size=5), st.lists(THEMES, max_size=5))
def test_the_best_come_first_and_none_without_a_subject(needs, offers):
    """Law: scores fall, no mechanism meets itself, and every pair shares a theme."""
    wanted = [NeedFacts(id=n, organisation_id=n, themes=t) for n, t in enumerate(needs)]
    given_ = [OfferFacts(id=n, organisation_id=n, themes=t) for n, t in enumerate(offers)]
    found = meetings(wanted, given_)
    assert [one.score for one in found] == sorted((one.score for one in found), reverse=True)
    for one in found:
        assert one.need_id != one.offer_id
        assert needs[one.need_id] & offers[one.offer_id]
