"""Rules of the directory: what follows from a place, who belongs where, what cannot be deleted."""

import pytest

from exchange.accounts import people
from exchange.directory import actions, queries
from exchange.directory.models import Membership, Organisation, OrganisationKind
from exchange.errors import Conflict, Invalid
from exchange.extensions import db
from exchange.vocabularies.models import Place, Term
from tests import factories

SAO_PAULO = 3448439


def sections(organisation: Organisation) -> list[str]:
    return [term.code for term in organisation.tagged("section")]


def write(**facts) -> Organisation:
    data = {"name": "Nampula", "kind": OrganisationKind.local_government, **facts}
    return actions.create(data, actor=factories.officer())


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"country_code": "MZ", "level": "city"}, ["AFRICA"]),
        ({"country_code": "BR", "level": "metropolitan"}, ["LATAM", "METROPOLIS"]),
        ({"country_code": "FR", "level": "region"}, ["EUROPE", "REGIONS"]),
        ({"country_code": "MZ", "sections": ["MEWA"]}, ["MEWA"]),
        ({"country_code": "MZ", "sections": []}, ["AFRICA"]),
        ({"country_code": "MZ", "kind": OrganisationKind.association}, ["AFRICA"]),
        ({"country_code": "MZ", "kind": OrganisationKind.funder}, []),
        ({}, []),
    ],
)
def test_sections_follow_from_country_and_level_unless_they_are_named(app, facts, expected):
    assert sections(write(**facts)) == expected


def test_a_place_says_what_was_not_said(app):
    place = db.session.get(Place, SAO_PAULO)
    made = write(name="Sao Paulo", place_id=SAO_PAULO)
    assert (made.country_code, made.population) == ("BR", place.population)
    told = write(name="São Paulo", place_id=SAO_PAULO, population=5)
    assert told.population == 5
    assert told.folded_name == "sao paulo"


def test_a_place_in_no_known_country_leaves_the_country_open(app):
    place = Place(id=1, name="X", folded_name="x", country_code="XK", lat=0, lon=0, population=9)
    db.session.add(place)
    made = write(place_id=1)
    assert (made.country_code, made.population) == (None, 9)


@pytest.mark.parametrize(
    ("facts", "field", "code"),
    [
        ({"place_id": 7}, "place_id", "unknown_place"),
        ({"country_code": "QQ"}, "country_code", "unknown_term"),
        ({"sections": ["NOWHERE"]}, "sections", "unknown_term"),
        ({"kind": OrganisationKind.funder, "level": "city"}, "level", "only_governments"),
        ({"contact_id": 1}, "contact_id", "not_of_this"),
    ],
)
def test_what_cannot_be_taken_is_refused_at_its_field(app, facts, field, code):
    with pytest.raises(Invalid) as refused:
        write(**facts)
    assert (refused.value.field, refused.value.code) == (field, code)


def test_the_key_of_an_import_is_used_once_and_may_be_empty(app):
    first, officer = write(external_id="A-1"), factories.officer()
    assert write(external_id="").external_id is None
    with pytest.raises(Invalid, match="already_there"):
        write(external_id="A-1")
    actions.edit(first, {"external_id": "A-1", "name": "Other"}, actor=officer)
    assert first.folded_name == "other"


def test_what_becomes_an_association_loses_its_level(app):
    made = write(level="city", country_code="MZ")
    actions.edit(made, {"kind": OrganisationKind.association}, actor=factories.officer())
    assert made.level is None


def test_only_the_secretariat_and_the_section_say_what_somebody_is(app):
    city = factories.organisation(sections=("AFRICA",))
    coordinator = factories.person(of=city)
    same = {"kind": city.kind, "sections": ["AFRICA"], "name": "Beira"}
    actions.edit(city, same, actor=coordinator)
    assert city.name == "Beira"
    for change in ({"kind": OrganisationKind.section}, {"sections": ["MEWA"]}):
        with pytest.raises(Invalid, match="staff_only"):
            actions.edit(city, change, actor=coordinator)
    with pytest.raises(Invalid, match="staff_only"):
        actions.edit(city, {"sections": ["MEWA"]}, actor=factories.section_officer("EUROPE"))
    actions.edit(city, {"sections": ["MEWA"]}, actor=factories.section_officer("AFRICA"))
    assert sections(city) == ["MEWA"]


def test_the_point_of_contact_is_somebody_of_it(app):
    city = factories.organisation()
    insider, stranger = factories.person(of=city), factories.person()
    actions.edit(city, {"contact_id": insider.id}, actor=insider)
    assert city.contact == insider
    with pytest.raises(Invalid, match="not_of_this"):
        actions.edit(city, {"contact_id": stranger.id}, actor=insider)
    actions.edit(city, {"contact_id": None}, actor=insider)
    db.session.refresh(city)
    assert city.contact is None


def test_who_leaves_is_no_longer_the_point_of_contact(app):
    city = factories.organisation()
    staying, leaving = factories.person(of=city), factories.person(of=city)
    actions.edit(city, {"contact_id": leaving.id}, actor=staying)
    people.remove(leaving.affiliations[0], actor=staying)
    db.session.commit()
    assert city.contact_id is None


def test_a_city_belongs_to_its_association_and_that_to_its_section(app):
    officer = factories.officer()
    city, association = factories.organisation("Pemba"), factories.association("ANAMM")
    section = factories.organisation("UCLG Africa", kind=OrganisationKind.section)
    actions.add_membership(city, association.id, actor=officer)
    actions.add_membership(association, section.id, actor=officer)
    assert queries.bodies_above(city.id) == {association.id, section.id}
    assert [m.member for m in queries.members_of(section.id, limit=9)] == [association]
    assert [m.body for m in queries.memberships_of(city.id)] == [association]


def test_who_coordinates_an_association_speaks_for_a_new_member_at_once_and_no_longer(app):
    association = factories.association()
    coordinator = factories.person(of=association)
    city = factories.organisation()
    assert city.id not in queries.acts_for_ids(coordinator)
    membership = actions.add_membership(city, association.id, actor=factories.officer())
    assert city.id in queries.acts_for_ids(coordinator)
    actions.end_membership(membership, actor=coordinator)
    assert city.id not in queries.acts_for_ids(coordinator)


def test_memberships_that_make_no_sense_are_refused(app):
    officer = factories.officer()
    city = factories.organisation()
    association = factories.association(members=(city,))
    section = factories.organisation(kind=OrganisationKind.section)
    actions.add_membership(association, section.id, actor=officer)
    refused = {
        "already_there": (city, association.id),
        "no_body": (association, city.id),
        "membership_circle": (section, association.id),
    }
    for code, (member, body_id) in refused.items():
        with pytest.raises(Invalid, match=code):
            actions.add_membership(member, body_id, actor=officer)
    with pytest.raises(Invalid, match="membership_circle"):
        actions.add_membership(section, section.id, actor=officer)
    with pytest.raises(Invalid, match="no_body"):
        actions.add_membership(section, 999, actor=officer)


def test_what_is_used_cannot_be_deleted(app):
    administrator = factories.administrator()
    city = factories.organisation()
    association = factories.association(members=(city,))
    factories.need(organisation=city)
    for used, where in ((city, "need"), (association, "membership")):
        with pytest.raises(Conflict) as refused:
            actions.delete(used, actor=administrator)
        assert refused.value.facts == {"where": where}
    team = factories.organisation()
    factories.person(of=team)
    with pytest.raises(Conflict, match="affiliation"):
        actions.delete(team, actor=administrator)


def test_an_unused_member_is_deleted_with_its_membership_and_tags(app):
    city = factories.organisation(sections=("AFRICA",))
    factories.association(members=(city,))
    actions.delete(city, actor=factories.administrator())
    db.session.commit()
    assert db.session.query(Membership).count() == 0
    assert db.session.query(Term).filter_by(code="AFRICA").count() == 1


def test_names_are_found_without_accents(app):
    city = factories.organisation("Bogotá", short_name="BOG_1")
    factories.organisation("Bogo%")
    found = lambda text: list(db.session.scalars(queries.named_like(text)))  # noqa: E731
    assert found("bogota") == [city]
    assert found("bog_1") == [city]
    assert [one.name for one in found("%")] == ["Bogo%"]
    assert queries.acts_for_ids(None) == set()
    assert list(db.session.scalars(queries.people_of(city.id))) == []
