"""A partnership over years: its pairs plan, sign, visit, and say what each side has from it."""

from datetime import date, timedelta

import pytest

from exchange.clock import today
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.partnerships import actions, queries
from exchange.partnerships.models import Partnership
from tests import factories
from workflows.engine import TransitionRefused
from workflows.partnership import PARTNERSHIP
from workflows.partnership import PartnershipState as S

DAYS = {"starts_on": date(2030, 1, 1), "ends_on": date(2033, 12, 31)}
WRITTEN = {"text": "Train cadastre staff.", "language": "en"}


@pytest.fixture
def lead(app):
    return factories.organisation("National association")


@pytest.fixture
def cities(app):
    return [factories.organisation(name) for name in ("Canoas", "Lichinga", "Dondo")]


@pytest.fixture
def row(lead):
    data = {"code": "two-shores", "title_en": "Two shores", "lead_id": lead.id, **DAYS}
    made = actions.create(data)
    db.session.commit()
    return made


@pytest.fixture
def pair(row, cities):
    facts = {"first_city_id": cities[0].id, "second_city_id": cities[1].id}
    made = actions.add_pair(row, facts)
    db.session.commit()
    return made


def coordinator(browser, organisation):
    return browser.as_(factories.person(of=organisation, role="coordinator"))


@pytest.mark.parametrize(
    ("trigger", "source", "dest"),
    [
        ("start", S.prepared, S.running),
        ("conclude", S.running, S.concluded),
        ("conclude", S.prepared, None),
        ("end_early", S.prepared, S.ended_early),
        ("end_early", S.running, S.ended_early),
        ("start", S.ended_early, None),
        ("end_early", S.concluded, None),
    ],
    ids=str,
)
def test_the_table(trigger, source, dest):
    made = Partnership(state=source)
    if dest:
        assert PARTNERSHIP.fire(trigger, made) == (source, dest)
    else:
        with pytest.raises(TransitionRefused):
            PARTNERSHIP.fire(trigger, made)


def test_staff_write_a_partnership_and_its_lead_carries_it(browser, row, lead):
    staff, leading = browser.as_(factories.officer()), coordinator(browser, lead)
    sent = {"code": "two-shores", "title_en": "Again", "lead_id": str(lead.id)}
    sent |= {"starts_on": "2030-01-01", "ends_on": "2031-01-01"}
    assert "Another one has this code" in staff.post("/partnerships/new", data=sent).text
    assert leading.post("/partnerships/new", data=sent).status_code == 403
    address = f"/partnerships/{row.id}"
    phase = {"title_en": "Diagnosis", "starts_on": "2030-02-01", "ends_on": "2030-05-01"}
    assert leading.post(f"{address}/phases/new", data=phase).status_code == 302
    outside = {**phase, "ends_on": "2040-05-01"}
    assert leading.post(f"{address}/phases/new", data=outside).status_code == 422
    leading.post(f"{address}/move", data={"trigger": "start"})
    assert leading.post(f"{address}/move", data={"trigger": "end_early"}).status_code == 422
    leading.post(f"{address}/move", data={"trigger": "end_early", "note": "Funds were cut."})
    shown = leading.get(address).text
    assert "Diagnosis" in shown
    assert "Funds were cut." in shown, "why it ended early"


def test_a_pair_plans_signs_and_links_its_exchange(browser, pair, cities):
    canoas, lichinga, dondo = cities
    mine, other = coordinator(browser, canoas), coordinator(browser, dondo)
    exchange = factories.exchange(learner=lichinga)
    db.session.commit()
    address = f"/partnerships/pairs/{pair.id}"
    plan = {**WRITTEN, "organisation_id": str(canoas.id)}
    plan["due_on"] = str(today() - timedelta(days=1))
    assert other.post(f"{address}/activities/new", data=plan).status_code == 403
    assert mine.post(f"{address}/activities/new", data=plan).status_code == 302
    stranger = {**plan, "organisation_id": str(dondo.id)}
    assert "no city of the pair" in mine.post(f"{address}/activities/new", data=stranger).text
    signed = {**WRITTEN, "text": "On cadastre", "kind": "memorandum", "signed_on": "2020-01-01"}
    assert mine.post(f"{address}/agreements/new", data=signed).status_code == 302
    sent = {"reference": exchange.reference.lower()}
    assert mine.post(f"{address}/exchanges/new", data=sent).status_code == 302
    shown = mine.get(address).text
    assert "Overdue" in shown
    assert "Memorandum of understanding" in shown
    assert exchange.reference in shown
    learner = coordinator(browser, lichinga)
    assert f'{address}"' in learner.get(f"/exchanges/{exchange.id}").text
    done = {**plan, "done_on": str(today())}
    mine.post(f"{address}/activities/{pair.activities[0].id}", data=done)
    assert "Overdue" not in mine.get(address).text
    assert mine.get(f"{address}/benefits/99").status_code == 404


def test_a_third_city_makes_it_triangular_and_an_exchange_belongs_to_one_pair(row, pair, cities):
    exchange = factories.exchange(learner=cities[1])
    ids = {"first_city_id": cities[0].id, "second_city_id": cities[2].id}
    other = actions.add_pair(row, ids)
    for _ in range(2):
        actions.add_city(pair, {"organisation_id": cities[2].id})
    assert len(pair.cities) == 3
    for one in (pair, other):
        actions.add_exchange(one, {"reference": exchange.reference})
    db.session.commit()
    assert (other.exchanges, pair.exchanges) == ([exchange], [])
    with pytest.raises(Invalid, match="two_cities"):
        actions.add_pair(row, {**ids, "second_city_id": cities[0].id})


def test_a_one_sided_partnership_is_visible(browser, pair, cities):
    facts = {**WRITTEN, "organisation_id": cities[1].id, "kind": "skills"}
    actions.add_part(pair, "benefits", facts)
    db.session.commit()
    sides = queries.by_side(pair)
    assert [len(found) for found in sides.values()] == [0, 1]
    shown = coordinator(browser, cities[0]).get(f"/partnerships/pairs/{pair.id}").text
    assert shown.count("nothing recorded yet") == 1


def test_the_sheets_of_a_review_stand_side_by_side(browser, row, pair, cities):
    facts = {"title_en": "Review", "due_on": date(2031, 1, 1), "held_on": date(2031, 2, 1)}
    review = actions.add_review(row, facts)
    ids = {"first_city_id": cities[0].id, "second_city_id": cities[2].id}
    actions.add_pair(row, ids)
    db.session.commit()
    mine = coordinator(browser, cities[1])
    address = f"/partnerships/reviews/{review.id}"
    sheet = {"language": "pt", "challenges": "Falta de tempo.", "next_steps": "Um cadastro."}
    for challenge in ("Falta de tempo.", "Falta de meios."):
        sent = {**sheet, "challenges": challenge}
        assert mine.post(f"{address}/pairs/{pair.id}", data=sent).status_code == 302
    assert mine.get(f"{address}/pairs/{row.pairs[1].id}").status_code == 403
    assert mine.get(f"{address}/pairs/999").status_code == 404
    shown = mine.get(address).text
    assert "Falta de meios." in shown
    assert "Falta de tempo." not in shown, "written again, not twice"
    assert shown.count("Not written yet.") == 1


def test_the_api_does_the_same(browser, row, pair, cities):
    api = browser.api(factories.officer())
    base = "/api/v1/partnerships"
    assert api.get(base).json["items"][0]["code"] == "two-shores"
    phase = {"title_en": "Seminar", "starts_on": "2030-03-01", "ends_on": "2030-03-02"}
    assert api.post(f"{base}/{row.id}/phases", json=phase).status_code == 201
    benefit = {**WRITTEN, "organisation_id": cities[0].id, "kind": "policy"}
    assert api.post(f"{base}/pairs/{pair.id}/benefits", json=benefit).status_code == 201
    shown = api.get(f"{base}/{row.id}").json
    assert shown["pairs"][0]["name"] == "Canoas – Lichinga"
    assert shown["pairs"][0]["benefits"][0]["kind"] == "policy"
    assert api.post(f"{base}/{row.id}/steps", json={"trigger": "start"}).status_code == 201
