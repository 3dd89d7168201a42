"""Looking at what others need and offer: filters, favourites, suggesting ourselves."""

import contextvars
from datetime import timedelta

import pytest

from exchange.catalogue.models import Favourite
from exchange.clock import today
from exchange.extensions import db
from exchange.matching import actions, line
from exchange.matching.models import Match
from exchange.transaction import transaction
from tests import factories
from tests.factories.network import Network
from workflows.match import MatchState
from workflows.need import NeedState
from workflows.offer import OfferState


@pytest.fixture
def city(app):
    return factories.organisation("Quelimane")


@pytest.fixture
def officer_of_city(city):
    return factories.person(of=city)


@pytest.fixture
def page(officer_of_city, browser):
    return browser.as_(officer_of_city)


def test_one_browses_what_others_have_published(page, city):
    factories.offer(title="Markets that sort", themes=("waste-circular-economy",))
    factories.offer(title="Buses at night")
    factories.offer(title="Our own", organisation=city)
    factories.offer(title="Half written", state=OfferState.draft)
    factories.need(title="Learning to compost")
    shown = page.get("/browse").text
    assert "Markets that sort" in shown
    assert "Our own" not in shown
    assert "Half written" not in shown
    assert "Learning to compost" in page.get("/browse?noun=need").text
    narrowed = page.get("/browse?theme=waste-circular-economy").text
    assert "Markets that sort" in narrowed
    assert "Buses at night" not in narrowed
    assert "Nothing fits these filters" in page.get("/browse?country=FR").text
    assert "(2)" in shown, "the filters say how many rows each choice leaves"


def test_a_goal_finds_the_offers_of_its_targets(page):
    one, other = factories.offer(title="Markets that sort"), factories.offer(title="Buses")
    one.terms.append(factories.term("sdg_target", "11.6"))
    other.terms.append(factories.term("sdg_target", "1.1"))
    db.session.commit()
    shown = page.get("/browse?sdg_goal=11").text
    assert "Markets that sort" in shown
    assert "Buses" not in shown
    assert "Markets that sort" not in page.get("/browse?sdg_goal=1").text


def test_favourites_are_kept_listed_and_taken_away(page):
    offer = factories.offer(title="Markets that sort")
    factories.offer(title="Buses at night")
    assert "No favourite yet" in page.get("/browse?favourite=yes").text
    sent = {"noun": "offer", "id": offer.id, "next": "/browse"}
    assert page.post("/browse/favourites", data=sent).status_code == 302
    listed = page.get("/browse?favourite=yes").text
    assert "Markets that sort" in listed
    assert "Buses at night" not in listed
    page.post("/browse/favourites", data=sent)
    assert db.session.query(Favourite).count() == 0


def test_a_foreign_draft_can_be_no_favourite(page, city):
    draft = factories.offer(state=OfferState.draft)
    sent = {"noun": "offer", "id": draft.id}
    assert page.post("/browse/favourites", data=sent).status_code == 404
    own = factories.offer(organisation=city)
    answer = page.post("/browse/favourites", data={"noun": "offer", "id": own.id})
    assert answer.status_code == 422


def test_members_without_a_word_keep_no_favourites(browser, city):
    reader = browser.as_(factories.person(of=city, role="member"))
    offer = factories.offer()
    answer = reader.post("/browse/favourites", data={"noun": "offer", "id": offer.id})
    assert answer.status_code == 403
    assert "Keep as favourite" not in reader.get("/browse").text


def test_a_favourite_is_asked_before_others_after_a_no(page, city):
    need = factories.need(organisation=city)
    liked, other = factories.offer(), factories.offer()
    page.post("/browse/favourites", data={"noun": "offer", "id": liked.id})
    for offer, position in ((other, 1), (liked, 2)):
        match = Match(need=need, offer=offer, state=MatchState.suggested, position=position)
        db.session.add(match)
    db.session.commit()
    assert [match.offer_id for match in line.suggestions(need)] == [liked.id, other.id]


def test_a_city_suggests_its_offer_for_the_need_of_another(page, city):
    need = factories.need(title="Learning to compost")
    offer = factories.offer(organisation=city, title="Markets that sort")
    shown = page.get(f"/browse/suggest?for=need&need_id={need.id}").text
    assert "Markets that sort" in shown
    sent = {"for": "need", "need_id": need.id, "offer_id": offer.id, "note": "We did it twice."}
    assert page.post("/browse/suggest", data=sent).status_code == 302
    match = db.session.query(Match).one()
    assert match.state == MatchState.suggested
    assert match.reasons[0]["code"] == "by_city"
    again = page.post("/browse/suggest", data=sent)
    assert again.status_code == 422
    assert "This pair has a match already." in again.text
    assert "We did it twice." in again.text, "nothing typed is lost"


def test_a_pair_of_two_others_cannot_be_suggested(page):
    sent = {"for": "need", "need_id": factories.need().id, "offer_id": factories.offer().id}
    assert page.post("/browse/suggest", data=sent).status_code == 403
    draft = factories.need(state=NeedState.draft)
    assert page.get(f"/browse/suggest?for=need&need_id={draft.id}").status_code == 404


def test_a_pair_that_was_refused_lately_is_left_alone(page, city):
    need, offer = factories.need(organisation=city), factories.offer()
    with transaction():
        match = actions.create_by_officer(need, offer, actor=None)
        actions.propose(match, actor=None)
        actions.answer(match, "offer", "declined", actor=None, reason=("theme", ""))
    sent = {"for": "offer", "need_id": need.id, "offer_id": offer.id}
    answer = page.post("/browse/suggest", data=sent)
    assert answer.status_code == 422
    assert "it is left alone" in answer.text


def test_whoever_has_nothing_to_suggest_is_told_what_to_write(page):
    offer = factories.offer()
    shown = page.get(f"/browse/suggest?for=offer&offer_id={offer.id}").text
    assert "You have nothing published to suggest" in shown
    assert "/needs/new" in shown


def test_browsing_costs_the_same_with_three_rows_and_with_three_hundred(
    city, officer_of_city, browser, statements
):
    network = Network(city, officer_of_city)
    client = browser.as_(officer_of_city)
    counted = {}
    for size in (3, 300):
        network.grow(size)
        with statements() as seen:
            answer = contextvars.Context().run(lambda: client.get("/browse?size=100"))
        assert answer.status_code == 200
        counted[size] = len(seen)
    assert counted[3] == counted[300]
    assert counted[300] <= 12


def test_the_api_takes_the_same(browser, city, officer_of_city):
    client = browser.api(officer_of_city)
    need, offer = factories.need(), factories.offer(organisation=city)
    assert client.post(f"/api/v1/needs/{need.id}/favourite").json == {"favourite": True}
    assert client.post(f"/api/v1/offers/{offer.id}/favourite").status_code == 422
    sent = {"need_id": need.id, "offer_id": offer.id}
    assert client.post("/api/v1/matches/suggestions", json=sent).status_code == 201
    others = {"need_id": need.id, "offer_id": factories.offer().id}
    assert client.post("/api/v1/matches/suggestions", json=others).status_code == 403
    until = (today() + timedelta(days=30)).isoformat()
    path = f"/api/v1/offers/{offer.id}/pause"
    assert client.put(path, json={"paused_until": until}).json["paused_until"] == until
    assert client.delete(path).json["paused_until"] is None


def test_the_api_asks_to_reopen(browser, city, officer_of_city):
    need, offer = factories.need(organisation=city), factories.offer()
    with transaction():
        match = actions.create_by_officer(need, offer, actor=None)
        actions.propose(match, actor=None)
    client, path = browser.api(officer_of_city), f"/api/v1/matches/{match.id}/reopening"
    assert client.post(path, json={}).status_code == 409
    with transaction():
        actions.withdraw(match, actor=None)
    assert client.post(path, json={"note": "We have a date."}).status_code == 201
    assert db.session.query(Match).one().reopen_note == "We have a date."
