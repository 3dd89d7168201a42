"""A named point of contact everywhere: who can be named, by whom, and who is written to."""

import pytest

from exchange.catalogue import actions as catalogue
from exchange.catalogue.models import Need
from exchange.errors import Invalid
from exchange.exchanges import actions as exchanges
from exchange.extensions import db
from exchange.lessons.models import RoadMapAction
from exchange.reminders.audience import asked_of
from exchange.reminders.models import EscalationLevel
from tests import factories


@pytest.fixture
def city(app):
    return factories.organisation("Beira")


@pytest.fixture
def coordinator(city):
    return factories.person("Ana", of=city)


def draft(city, actor):
    data = {"organisation_id": city.id, "title": "Buses", "language": "en"}
    return catalogue.create(Need, data, actor=actor)


def test_whoever_writes_for_a_city_is_its_contact_and_an_officer_is_not(city, coordinator):
    city.contact = coordinator
    assert draft(city, coordinator).contact is coordinator
    assert draft(city, factories.officer()).contact is coordinator


def test_an_association_may_be_written_to_for_its_member(city, coordinator):
    lga = factories.association(members=(city,))
    speaker = factories.person("Rui", of=lga)
    need = draft(city, speaker)
    assert need.contact is speaker
    catalogue.edit(need, {"contact_id": coordinator.id}, actor=speaker)
    assert need.contact is coordinator


def test_nobody_of_elsewhere_is_named(city, coordinator):
    stranger = factories.person(of=factories.organisation())
    with pytest.raises(Invalid, match="not_of_this"):
        catalogue.edit(draft(city, coordinator), {"contact_id": stranger.id}, actor=coordinator)


def test_the_contact_follows_when_a_need_goes_to_another_member(city, coordinator):
    other = factories.organisation()
    lga = factories.association(members=(city, other))
    speaker = factories.person(of=lga)
    need = draft(city, speaker)
    need.contact = coordinator
    data = {"organisation_id": other.id, "contact_id": coordinator.id}
    with pytest.raises(Invalid, match="not_of_this"):
        catalogue.edit(need, {**data, "contact_id": factories.person().id}, actor=speaker)
    catalogue.edit(need, data, actor=speaker)
    assert need.contact is speaker


def test_the_contact_of_a_need_is_chosen_on_its_form_and_shown(city, coordinator, browser):
    colleague = factories.person("Zita", of=city)
    need = factories.need(organisation=city, contact=coordinator)
    client = browser.as_(coordinator)
    page = client.get(f"/needs/{need.id}/edit")
    assert f'<option value="{colleague.id}"' in page.text
    sent = {
        "organisation_id": city.id,
        "title": "Buses",
        "text": "Buses at night",
        "language": "en",
        "themes": ["mobility"],
        "languages": ["en"],
        "contact_id": colleague.id,
        "version_id": need.version_id,
    }
    assert client.post(f"/needs/{need.id}/edit", data=sent).status_code == 302
    assert "Zita" in client.get(f"/needs/{need.id}").text
    assert browser.api(coordinator).get(f"/api/v1/needs/{need.id}").json["contact_id"] == (
        colleague.id
    )


def test_the_contact_of_the_proposer_is_named_while_the_exchange_is_open(
    city, coordinator, browser
):
    colleague = factories.person("Zita", of=city)
    exchange = factories.exchange(learner=city, state="preparing")
    client, api = browser.as_(coordinator), browser.api(coordinator)
    address = f"/exchanges/{exchange.id}/contact"
    assert "Zita" in client.get(address).text
    assert client.post(address, data={"contact_id": colleague.id}).status_code == 302
    assert "Zita" in client.get(f"/exchanges/{exchange.id}").text
    named = api.put(f"/api/v1{address}", json={"contact_id": coordinator.id})
    assert named.json["contact"]["name"] == "Ana"
    refused = api.put(f"/api/v1{address}", json={"contact_id": factories.person().id})
    assert refused.status_code == 422
    assert refused.json["error"]["code"] == "not_of_this"


def test_a_partner_names_its_own_contact_and_another_partner_does_not(city, coordinator, browser):
    host = factories.organisation()
    speaker = factories.person("Lena", of=host)
    exchange = factories.exchange(host=host, learner=city, state="preparing")
    partner = exchange.partners[0]
    address = f"/exchanges/{exchange.id}/partners/{partner.id}/contact"
    client = browser.as_(speaker)
    assert f'value="{speaker.id}"' in client.get(address).text
    assert client.post(address, data={"contact_id": speaker.id}).status_code == 302
    assert "Lena" in client.get(f"/exchanges/{exchange.id}").text
    answer = browser.api(speaker).put(f"/api/v1{address}", json={"contact_id": None})
    assert answer.json["contact"] is None
    third = factories.person(of=factories.organisation())
    assert browser.as_(third).get(address).status_code == 403


def test_a_partner_comes_with_its_contact_through_the_api(city, coordinator, browser):
    host = factories.organisation()
    speaker = factories.person("Lena", of=host)
    exchange = factories.exchange(learner=city)
    data = {"organisation_id": host.id, "role": "host", "contact_id": speaker.id}
    made = browser.api(coordinator).post(f"/api/v1/exchanges/{exchange.id}/partners", json=data)
    assert made.json["contact"] == {"id": speaker.id, "name": "Lena"}


def test_an_action_of_the_road_map_has_a_contact_of_whoever_acts(city, coordinator, browser):
    exchange = factories.exchange(learner=city, host=factories.organisation())
    data = {"text": "Paint lanes", "horizon": "immediate", "owner_id": city.id}
    api, root = browser.api(coordinator), f"/api/v1/exchanges/{exchange.id}/road-map"
    made = api.post(root, json={**data, "contact_id": coordinator.id})
    assert made.json["contact_id"] == coordinator.id
    other = {**data, "contact_id": factories.person().id}
    assert api.post(root, json=other).json["error"]["fields"].keys() == {"contact_id"}
    page = browser.as_(coordinator).get(f"/road-map/{made.json['id']}")
    assert "Ana" in page.text
    assert "Ana" in browser.as_(coordinator).get(f"/road-map/{made.json['id']}/edit").text
    assert db.session.get_one(RoadMapAction, made.json["id"]).contact is coordinator


def test_the_named_contacts_are_written_to(city, coordinator):
    member = factories.person("Zita", of=city, role="member")
    exchange = factories.exchange(learner=city)
    exchanges.name_contact(exchange, member.id, actor=coordinator)
    exchanges.name_partner_contact(exchange.partners[0], member.id, actor=coordinator)
    for audience in ("proposer", "partners"):
        asked = asked_of(audience, exchange, EscalationLevel.owner)
        assert [one.reader for one in asked] == [member, coordinator]
