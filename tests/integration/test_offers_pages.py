"""Offers on their pages, and what needs and offers share: publishers, versions, shelf life."""

from datetime import timedelta

import pytest

from exchange.catalogue import actions, pausing
from exchange.catalogue.models import Need, Offer
from exchange.clock import today
from exchange.errors import Conflict, Invalid, NotAllowed
from exchange.extensions import db
from exchange.matching import actions as matching
from exchange.matching.models import Match
from exchange.transaction import transaction
from tasks import catalogue as tasks
from tests import factories
from workflows.need import NeedState
from workflows.offer import OfferState


def sent(city, **more):
    return {
        "organisation_id": city.id,
        "title": "Buses on time",
        "text": "Come and see our control room.",
        "language": "en",
        "themes": ["mobility"],
        "languages": ["en"],
        "places": 2,
        **more,
    }


def test_a_coordinator_writes_publishes_and_changes_an_offer(browser):
    city = factories.organisation("Durban")
    page = browser.as_(factories.person(of=city))
    answer = page.post("/offers/new", data=sent(city), follow_redirects=True)
    assert "0 of 2 taken" in answer.text
    offer = db.session.query(Offer).one()
    assert offer.published_by is None
    answer = page.post(
        f"/offers/{offer.id}/move", data={"trigger": "publish"}, follow_redirects=True
    )
    assert "Published" in answer.text
    form = page.get(f"/offers/{offer.id}/edit").text
    assert f'name="version_id" value="{offer.version_id}"' in form
    page.post(f"/offers/{offer.id}/edit", data=sent(city, title="Trams on time", places=3))
    db.session.expire_all()
    assert (offer.title, offer.places, offer.state) == ("Trams on time", 3, OfferState.published)
    assert "Trams on time" in page.get("/offers?q=TRAMS").text


def test_an_empty_list_says_what_to_do(browser):
    page = browser.as_(factories.person(of=factories.organisation()))
    assert "No offer yet" in page.get("/offers").text
    assert page.get("/offers?state=nonsense").status_code == 422


@pytest.mark.parametrize(
    "lost", [{"themes": []}, {"languages": []}, {"text": ""}, {"places": 0}, {"title": ""}]
)
def test_what_is_published_stays_publishable(browser, lost):
    city = factories.organisation()
    offer = factories.offer(organisation=city)
    page = browser.as_(factories.person(of=city))
    answer = page.post(f"/offers/{offer.id}/edit", data=sent(city, **lost))
    assert answer.status_code == 422
    assert "Buses on time" in answer.text or "title" in lost
    db.session.expire_all()
    assert offer.tagged("theme")
    assert offer.text == "Buses that people can rely on."


def test_a_draft_may_be_incomplete(browser):
    city = factories.organisation()
    offer = factories.offer(organisation=city, state=OfferState.draft)
    page = browser.as_(factories.person(of=city))
    answer = page.post(f"/offers/{offer.id}/edit", data=sent(city, themes=[], text=""))
    assert answer.status_code == 302


def test_who_saves_second_is_told_and_keeps_what_was_typed(browser):
    city = factories.organisation()
    need = factories.need(organisation=city)
    page, other = (browser.as_(factories.person(of=city)) for _ in range(2))
    first = sent(city, version_id=need.version_id, title="The first")
    first.pop("places")
    second = {**first, "title": "The second"}
    assert page.post(f"/needs/{need.id}/edit", data=first).status_code == 302
    answer = other.post(f"/needs/{need.id}/edit", data=second)
    assert answer.status_code == 409
    assert "The second" in answer.text
    db.session.expire_all()
    assert need.title == "The first"


def test_a_change_of_themes_alone_counts_as_a_change(app):
    city = factories.organisation()
    need = factories.need(organisation=city)
    before = need.version_id, need.updated_at
    with transaction():
        actions.edit(need, {"themes": ["water-sanitation"]}, actor=factories.person(of=city))
    assert need.version_id > before[0]
    assert need.updated_at > before[1]


def test_a_save_between_reading_and_locking_is_a_conflict(app):
    need = factories.need()
    person = factories.person(of=need.organisation)
    assert need.version_id == 1
    # Somebody else saves, on another connection, while this session has read version 1.
    db.session.commit()
    db.session().expire_on_commit = False
    db.session.refresh(need)
    db.session.commit()
    with db.engine.begin() as other:
        other.exec_driver_sql("UPDATE need SET version_id = 2, title = 'Theirs'")
    with pytest.raises(Conflict, match="moved_on"):
        actions.edit(need, {"title": "Ours"}, actor=person)
    db.session.rollback()
    assert db.session.get(Need, need.id).title == "Theirs"


@pytest.mark.parametrize("state", [NeedState.fulfilled, NeedState.withdrawn])
def test_what_is_finished_stays_as_it_was(app, state):
    need = factories.need(state=state)
    with pytest.raises(NotAllowed, match="finished"):
        actions.edit(need, {"title": "New"}, actor=factories.officer())


# For whom


def test_an_association_publishes_for_its_member(browser):
    city, other_city = factories.organisation(), factories.organisation()
    wrong = factories.association(members=(other_city,))
    right = factories.association("SALGA", members=(city,))
    person = factories.person(of=wrong)
    person.affiliations.append(
        factories.Affiliation(organisation=right, role=factories.Role.coordinator)
    )
    db.session.commit()
    page = browser.as_(person)
    assert city.name in page.get("/offers/new").text
    page.post("/offers/new", data=sent(city))
    offer = db.session.query(Offer).one()
    assert offer.published_by is right
    assert "SALGA" in page.get(f"/offers/{offer.id}").text
    assert offer.title in page.get("/offers?mine=yes").text
    # The city corrects a comma: its association stays the publisher.
    with transaction():
        actions.edit(offer, {"title": "Buses, on time"}, actor=factories.person(of=city))
    assert offer.published_by is right


def test_nobody_writes_for_a_stranger(browser):
    page = browser.as_(factories.person(of=factories.organisation()))
    answer = page.post("/offers/new", data=sent(factories.organisation()))
    assert answer.status_code == 422
    assert "You do not speak for this organisation." in answer.text


def test_an_officer_sees_drafts_and_when_they_end(browser):
    draft = factories.offer(state=OfferState.draft, title="Hidden so far")
    assert draft.title in browser.as_(factories.officer()).get("/offers?state=draft").text
    assert "Good until" in browser.as_(factories.officer()).get("/offers").text
    member = browser.as_(factories.person(of=factories.organisation()))
    assert draft.title not in member.get("/offers?state=draft").text


def test_mine_is_mine(browser):
    city = factories.organisation()
    ours, theirs = factories.need(organisation=city), factories.need()
    page = browser.as_(factories.person(of=city)).get("/needs?mine=yes").text
    assert ours.title in page
    assert theirs.title not in page
    assert '<option value="yes" selected>' in page


# Places and shelf life


def test_places_cannot_fall_below_those_taken(app):
    offer = factories.offer(places=3, places_taken=2)
    with pytest.raises(Invalid, match="places_taken"):
        actions.edit(offer, {"places": 1}, actor=factories.officer())


def test_an_offer_with_more_places_opens_again(app):
    offer = factories.offer(places=1, places_taken=1, state=OfferState.matched)
    with transaction():
        actions.edit(offer, {"places": 2}, actor=factories.officer())
    assert offer.state == OfferState.published


def test_the_window_must_be_possible_also_in_part(app):
    offer = factories.offer(available_from=today())
    with pytest.raises(Invalid, match="window"):
        actions.edit(
            offer, {"available_until": today() - timedelta(days=1)}, actor=factories.officer()
        )


def test_what_is_past_its_day_expires_and_its_owner_renews_it(browser):
    city = factories.organisation()
    late = factories.need(organisation=city, expires_on=today() - timedelta(days=1))
    offer = factories.offer(organisation=city, expires_on=today() - timedelta(days=1))
    good = factories.need(expires_on=today())
    tasks.expire.run()
    assert (late.state, offer.state) == (NeedState.expired, OfferState.expired)
    assert good.state == NeedState.published
    assert actions.expire_due(today()) == 0
    db.session.rollback()
    page = browser.as_(factories.person(of=city))
    page.post(f"/needs/{late.id}/move", data={"trigger": "renew"})
    db.session.expire_all()
    assert late.state == NeedState.published
    assert late.expires_on > today()


def test_withdrawing_what_is_matched_asks_why(browser):
    city = factories.organisation()
    need = factories.need(organisation=city, state=NeedState.matched)
    page = browser.as_(factories.person(of=city))
    assert page.post(f"/needs/{need.id}/move", data={"trigger": "withdraw"}).status_code == 422
    page.post(f"/needs/{need.id}/move", data={"trigger": "withdraw", "note": "Flood"})
    db.session.expire_all()
    assert need.state == NeedState.withdrawn


def test_the_api_writes_lists_and_moves_offers(browser):
    city = factories.organisation()
    client = browser.api(factories.person(of=city))
    made = client.post("/api/v1/offers", json=sent(city))
    assert made.status_code == 201
    path = f"/api/v1/offers/{made.json['id']}"
    assert client.post(f"{path}/steps", json={"trigger": "publish"}).json["state"] == "published"
    assert client.patch(path, json={"title": "Trams"}).json["title"] == "Trams"
    assert client.get(path).json["places"] == 2
    query = f"theme=mobility&language=en&country=mz&organisation={city.id}&sort=-published"
    assert client.get(f"/api/v1/offers?{query}").json["total"] == 1
    assert client.get("/api/v1/offers?sort=nonsense").status_code == 422


def test_the_api_writes_lists_and_moves_needs(browser):
    city = factories.organisation()
    client = browser.api(factories.person(of=city))
    asked = {k: v for k, v in sent(city).items() if k != "places"}
    made = client.post("/api/v1/needs", json=asked)
    assert made.status_code == 201
    path = f"/api/v1/needs/{made.json['id']}"
    assert client.post(f"{path}/steps", json={"trigger": "publish"}).json["state"] == "published"
    backwards = {"available_from": "2027-05-02", "available_until": "2027-05-01"}
    assert client.patch(path, json=backwards).status_code == 422
    assert client.patch(path, json={"hosts_wanted": 3}).json["hosts_wanted"] == 3
    assert client.get(path).json["themes"] == ["mobility"]
    assert client.get("/api/v1/needs?q=control room").json["total"] == 1


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_list_costs_the_same_however_many(browser, statements, rows):
    for _ in range(rows):
        factories.offer()
    page = browser.as_(factories.person(of=factories.organisation()))
    page.get("/offers?size=50")
    with statements() as seen:
        assert page.get("/offers?size=50").status_code == 200
    assert len(seen) <= 12


def test_a_host_pauses_and_takes_guests_again(browser):
    host = factories.organisation("Lyon")
    page = browser.as_(factories.person(of=host))
    offer, need = factories.offer(organisation=host), factories.need()
    path = f"/offers/{offer.id}"
    assert "Takes guests now" in page.get(path).text
    late = page.post(f"{path}/pause", data={"paused_until": "2020-01-01"})
    assert late.status_code == 422
    assert "Choose a day to come" in late.text
    until = today() + timedelta(days=60)
    page.post(f"{path}/pause", data={"paused_until": until.isoformat()})
    assert "Takes nobody new before" in page.get(path).text
    with transaction():
        matching.suggest_for_need(need.id)
    assert db.session.query(Match).count() == 0, "who pauses is not suggested"
    staff = browser.as_(factories.officer())
    sent = {"need_id": need.id, "offer_id": offer.id}
    assert "The offer has no place left." in staff.post("/matches/new", data=sent).text
    with transaction():
        assert pausing.resume_due(until - timedelta(days=1)) == 0
        assert pausing.resume_due(until) == 1
    with transaction():
        matching.suggest_for_need(need.id)
    assert db.session.query(Match).count() == 1


def test_who_is_agreed_already_stays_while_a_host_pauses(browser):
    host = factories.organisation("Lyon")
    page = browser.as_(factories.person(of=host))
    offer, need = factories.offer(organisation=host), factories.need()
    with transaction():
        matching.suggest_for_need(need.id)
    match = db.session.query(Match).one()
    until = today() + timedelta(days=60)
    page.post(f"/offers/{offer.id}/pause", data={"paused_until": until.isoformat()})
    answer = page.post(f"/matches/{match.id}/answer", data={"answer": "accepted"})
    assert answer.status_code == 302
    page.post(f"/offers/{offer.id}/resume")
    assert "Takes nobody new before" not in page.get(f"/offers/{offer.id}").text


def test_only_its_owner_and_staff_pause_an_offer(browser):
    offer, draft = factories.offer(), factories.offer(state=OfferState.draft)
    page = browser.as_(factories.person(of=factories.organisation()))
    sent = {"paused_until": (today() + timedelta(days=9)).isoformat()}
    assert page.post(f"/offers/{offer.id}/pause", data=sent).status_code == 403
    assert page.post(f"/offers/{draft.id}/pause", data=sent).status_code == 404
    assert "Suggest ourselves" in page.get(f"/offers/{offer.id}").text
