"""The directory on its pages and by the API: written, joined, found; and who sees an address."""

import re

import pytest

from exchange.clock import now
from exchange.directory.models import Membership, Organisation, Role
from exchange.extensions import db
from tests import factories

SAO_PAULO = 3448439


def test_a_city_is_found_without_accents_and_made_into_an_organisation(browser):
    page = browser.as_(factories.officer())
    assert page.get("/organisations/find-city").status_code == 200
    found = page.get("/organisations/find-city?q=sao+paulo")
    assert f"/organisations/new?place={SAO_PAULO}" in found.text
    assert "America/Sao Paulo" in found.text
    form = page.get(f"/organisations/new?place={SAO_PAULO}").text
    for prefilled in ('value="São Paulo"', 'value="Brazil"', f'value="{SAO_PAULO}"'):
        assert prefilled in form
    sent = {
        "name": "São Paulo",
        "kind": "local_government",
        "level": "city",
        "country_code": "BR",
        "place_id": SAO_PAULO,
        "languages": ["pt"],
    }
    answer = page.post("/organisations/new", data=sent, follow_redirects=True)
    assert answer.status_code == 200
    assert "UCLG Latin America" in answer.text
    made = db.session.query(Organisation).one()
    again = page.get("/organisations/find-city?country=br")
    assert f'href="/organisations/{made.id}">São Paulo' in again.text


def test_a_city_nobody_knows_can_be_written_by_hand(browser):
    page = browser.as_(factories.officer())
    assert "No city of this name" in page.get("/organisations/find-city?q=zzzz").text
    assert page.get("/organisations/new").status_code == 200
    assert page.get("/organisations/new?place=1").status_code == 404
    wrong = page.post("/organisations/new", data={"name": "X", "kind": "funder", "level": "city"})
    assert wrong.status_code == 422
    assert "Only a local government has a level." in wrong.text


def test_only_staff_make_organisations(browser):
    coordinator = browser.as_(factories.person(of=factories.organisation()))
    for address in ("/organisations/new", "/organisations/find-city"):
        assert coordinator.get(address).status_code == 403
    assert "Find a city" not in coordinator.get("/organisations").text


def test_a_coordinator_changes_the_own_organisation_but_not_what_it_is(browser):
    city = factories.organisation("Beira", sections=("AFRICA",))
    page = browser.as_(factories.person(of=city))
    form = page.get(f"/organisations/{city.id}/edit").text
    assert 'name="website"' in form
    assert 'name="kind"' not in form
    data = {"name": "Beira", "website": "no address", "version_id": city.version_id}
    assert page.post(f"/organisations/{city.id}/edit", data=data).status_code == 422
    data["website"] = "https://beira.example.org"
    done = page.post(f"/organisations/{city.id}/edit", data=data, follow_redirects=True)
    assert "https://beira.example.org" in done.text
    assert "UCLG Africa" in done.text
    other = factories.organisation()
    assert page.get(f"/organisations/{other.id}/edit").status_code == 403


def test_the_point_of_contact_is_named_on_the_page(browser):
    city = factories.organisation()
    maria = factories.person("Maria", of=city)
    page = browser.as_(maria)
    address = f"/organisations/{city.id}/contact"
    assert "Maria" in page.post(address, data={"contact_id": maria.id}, follow_redirects=True).text
    db.session.refresh(city)
    assert city.contact_id == maria.id
    assert city.name in page.get(f"/people/{maria.id}").text
    stranger = factories.person()
    refused = page.post(address, data={"contact_id": stranger.id})
    assert refused.status_code == 422
    page.post(address, data={"contact_id": ""})
    db.session.refresh(city)
    assert city.contact_id is None


def test_a_city_joins_its_association_and_leaves_it(browser):
    city, association = factories.organisation("Pemba"), factories.association("ANAMM")
    page = browser.as_(factories.person(of=city))
    joined = page.post(
        f"/organisations/{city.id}/memberships",
        data={"body_id": association.id},
        follow_redirects=True,
    )
    assert f'href="/organisations/{association.id}">ANAMM' in joined.text
    assert "Pemba" in page.get(f"/organisations/{association.id}").text
    twice = page.post(f"/organisations/{city.id}/memberships", data={"body_id": association.id})
    assert twice.status_code == 422
    assert "This is there already." in twice.text
    membership = db.session.query(Membership).one()
    stranger = browser.as_(factories.person(of=factories.organisation()))
    assert stranger.post(f"/organisations/memberships/{membership.id}/end").status_code == 403
    page.post(f"/organisations/memberships/{membership.id}/end")
    assert db.session.query(Membership).count() == 0


def test_an_association_cannot_take_a_city_in_that_does_not_want_it(browser):
    """Whoever coordinates an association speaks for its members."""
    city, association = factories.organisation(), factories.association()
    page = browser.as_(factories.person(of=association))
    answer = page.post(f"/organisations/{city.id}/memberships", data={"body_id": association.id})
    assert answer.status_code == 403
    assert db.session.query(Membership).count() == 0


def test_an_administrator_deletes_what_is_used_nowhere(browser):
    used, unused = factories.organisation(), factories.organisation("Never used")
    factories.need(organisation=used)
    page = browser.as_(factories.administrator())
    refused = page.post(f"/organisations/{used.id}/delete")
    assert refused.status_code == 409
    assert "This is used and cannot be deleted (need)." in refused.text
    done = page.post(f"/organisations/{unused.id}/delete", follow_redirects=True)
    assert "Never used" not in done.text
    assert (
        browser.as_(factories.officer()).post(f"/organisations/{used.id}/delete").status_code == 403
    )


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("", {"Bogotá", "Maputo", "Anamm"}),
        ("?q=bogota", {"Bogotá"}),
        ("?kind=association", {"Anamm"}),
        ("?country=co", {"Bogotá"}),
        ("?section=AFRICA", {"Maputo"}),
        ("?mine=yes", {"Maputo"}),
        ("?level=city", {"Bogotá", "Maputo"}),
        ("?sort=-name&size=1", {"Maputo"}),
    ],
)
def test_the_list_is_narrowed(browser, query, names):
    factories.organisation("Bogotá", country_code="CO")
    maputo = factories.organisation("Maputo", sections=("AFRICA",))
    factories.association("Anamm", members=(maputo,))
    page = browser.as_(factories.person(of=maputo)).get(f"/organisations{query}")
    assert page.status_code == 200
    assert {n for n in ("Bogotá", "Maputo", "Anamm") if f">{n}</a>" in page.text} == names


def test_members_of_a_body_are_a_filter_of_the_list(browser):
    members = tuple(factories.organisation(f"Town {n:02}") for n in range(52))
    section = factories.association("Big", members=members)
    page = browser.as_(factories.officer())
    shown = page.get(f"/organisations/{section.id}").text
    assert "Town 49" in shown
    assert "Town 50" not in shown
    assert f"/organisations?body={section.id}" in shown
    rest = page.get(f"/organisations?body={section.id}&page=3").text
    assert "Town 51" in rest


def test_an_address_is_for_staff_and_the_same_organisation(browser):
    city = factories.organisation()
    maria = factories.person("Maria", of=city, email="maria@city.org")
    colleague = factories.person(of=city, role=Role.member)
    stranger = factories.person(of=factories.organisation())
    for reader, sees in ((colleague, True), (factories.officer(), True), (stranger, False)):
        for address in (f"/people/{maria.id}", "/people?q=Maria"):
            text = browser.as_(reader).get(address).text
            assert "Maria" in text
            assert ("maria@city.org" in text) is sees
        told = browser.api(reader).get(f"/api/v1/people/{maria.id}").json
        assert told["email"] == ("maria@city.org" if sees else None)
        assert told["organisations"] == [
            {"organisation_id": city.id, "name": city.name, "role": "coordinator"}
        ]


def test_pages_lead_to_inviting_and_to_the_account_for_those_who_may(browser):
    city = factories.organisation()
    maria = factories.person(of=city)
    staff, stranger = factories.administrator(), factories.person(of=factories.organisation())
    for reader, may_invite, is_staff in (
        (maria, True, False),
        (staff, True, True),
        (stranger, False, False),
    ):
        page = browser.as_(reader)
        shown = page.get(f"/organisations/{city.id}").text
        assert (f"/organisations/{city.id}/invite" in shown) is may_invite
        assert (f"/people/{maria.id}/account" in page.get(f"/people/{maria.id}").text) is is_staff
        assert ("/people/invite" in page.get("/people").text) is is_staff


def test_nobody_but_staff_finds_people_by_their_address(browser):
    factories.person("Maria", email="maria@city.org")
    stranger = factories.person(of=factories.organisation())
    search = "/api/v1/people?q=maria@city"
    assert browser.api(stranger).get(search).json["total"] == 0
    assert browser.api(factories.officer()).get(search).json["total"] == 1


def test_people_are_found_by_their_city_and_the_disabled_are_for_staff(browser):
    city = factories.organisation("Bogotá")
    factories.person("Ana", of=city)
    factories.person("Gone", of=city, disabled_at=now())
    member = browser.as_(factories.person(of=factories.organisation()))
    seen = member.get("/people?q=bogota").text
    assert "Ana" in seen
    assert "Gone" not in seen
    staff = browser.as_(factories.officer()).get(f"/people?organisation={city.id}").text
    assert "Gone" in staff
    assert "Cannot sign in" in staff
    assert "Nothing fits these filters" in member.get("/people?q=nobody-of-this-name").text


@pytest.mark.parametrize("address", ["/organisations", "/people", "/api/v1/people"])
def test_a_list_costs_the_same_however_many(browser, statements, address):
    reader = factories.person(of=factories.organisation(sections=("AFRICA",)))
    page = browser.api(reader) if address.startswith("/api") else browser.as_(reader)
    page.get(address)
    counts = []
    for more in (0, 2, 27):
        for _ in range(more):
            city = factories.organisation(sections=("AFRICA",))
            city.contact = factories.person(of=city)
        db.session.commit()
        db.session.expire_all()
        with statements() as seen:
            assert page.get(f"{address}?size=100").status_code == 200
        counts.append(len(seen))
    assert counts[1:] == [counts[1]] * 2
    # The affiliations of the first other people, and three to write down who saw them.
    assert counts[1] - counts[0] <= (4 if "people" in address else 1)


def test_the_api_keeps_organisations(browser):
    staff = browser.api(factories.administrator())
    sent = {"name": "Nampula", "kind": "local_government", "country_code": "MZ"}
    made = staff.post("/api/v1/organisations", json=sent)
    assert made.status_code == 201
    assert made.json["sections"] == ["AFRICA"]
    address = f"/api/v1/organisations/{made.json['id']}"
    changed = staff.patch(address, json={"population": 743_125, "languages": ["pt"]})
    assert (changed.json["population"], changed.json["languages"]) == (743_125, ["pt"])
    assert staff.get(address).json == changed.json
    assert staff.get("/api/v1/organisations?country=mz").json["total"] == 1
    bad = staff.patch(address, json={"country_code": "QQ"})
    assert bad.status_code == 422
    assert "country_code" in bad.json["error"]["fields"]
    assert staff.delete(address).status_code == 204
    assert staff.get(address).status_code == 404


def test_the_api_keeps_memberships(browser):
    staff = browser.api(factories.officer())
    city, association = factories.organisation("Pemba"), factories.association("ANAMM")
    address = f"/api/v1/organisations/{city.id}/memberships"
    made = staff.post(address, json={"body_id": association.id})
    assert made.status_code == 201
    assert made.json["body"]["name"] == "ANAMM"
    assert [one["id"] for one in staff.get(address).json] == [made.json["id"]]
    used = browser.api(factories.administrator()).delete(f"/api/v1/organisations/{association.id}")
    assert used.status_code == 409
    assert used.json["error"]["code"] == "organisation_in_use"
    assert staff.delete(f"/api/v1/memberships/{made.json['id']}").status_code == 204
    assert staff.get(address).json == []


def test_the_api_finds_a_city(browser):
    member = browser.api(factories.person(of=factories.organisation()))
    found = member.get("/api/v1/places?q=sao&country=br").json
    assert found["items"][0]["name"] == "São Paulo"
    assert found["items"][0]["time_zone"] == "America/Sao_Paulo"
    assert member.get("/api/v1/people").json["total"] >= 1


@pytest.mark.parametrize(
    ("path", "option", "heading"),
    [
        ("/organisations", r'value="local_government" >[^<]*\(2\)', "sort=-name"),
        ("/matches", r'value="suggested" >[^<]*\(0\)', ""),
        ("/people", "", "sort=-name"),
    ],
)
def test_filters_count_and_headings_order(browser, path, option, heading):
    for name in ("Lyon", "Kisumu"):
        factories.organisation(name)
    page = browser.as_(factories.administrator())
    text = page.get(path).text
    assert re.search(option, text)
    assert heading in text
