"""A partnership over years: its pairs plan, sign, visit, and say what each side has from it."""

from datetime import date, timedelta

import pytest

from exchange.clock import now, today
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.messages.models import Message
from exchange.partnerships import actions, queries
from exchange.partnerships.models import Partnership
from exchange.reminders import actions as reminders
from exchange.reminders.audience import asked_of
from exchange.reminders.kinds import KINDS
from exchange.reminders.models import EscalationLevel, Reminder
from exchange.reminders.send import plan_now
from exchange.reminders.subjects import asking
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


def test_overdue_work_is_told_to_its_city_and_then_upwards(app, row, pair, cities):
    canoas = cities[0]
    speaker = factories.person(of=canoas, role="coordinator")
    facts = {**WRITTEN, "organisation_id": canoas.id, "due_on": today() + timedelta(days=5)}
    activity = actions.add_part(pair, "activities", facts)
    db.session.commit()
    kind = KINDS["pair_activity_due"]
    assert asking(kind) == [], "the partnership has not begun"
    actions.advance_partnership(row, "start", actor=None)
    db.session.commit()
    assert [(one.id, one.state) for one in asking(kind)] == [(activity.id, "running")]
    people = asked_of(kind.audience, activity, EscalationLevel.owner)
    assert [one.reader for one in people] == [speaker]
    plan_now()
    planned = db.session.query(Reminder).filter_by(kind=kind.name).order_by(Reminder.due_on).all()
    assert [(one.due_on - activity.due_on).days for one in planned] == [-7, 1, 7, 14, 21]
    assert {one.subject_type for one in planned} == {"pair_activity"}
    reminders.send(planned[0].id, at=now() + timedelta(days=1))
    mail = db.session.query(Message).filter_by(subject_type="pair_activity").one()
    assert "Train cadastre staff." in mail.text
    assert f"/partnerships/pairs/{pair.id}" in mail.text
    actions.save_part(activity, {"done_on": today()})
    db.session.commit()
    assert asking(kind) == []


def test_an_agreement_that_ends_is_told_to_both_cities_unless_it_was_signed_again(
    app, row, pair, cities
):
    speakers = [factories.person(of=city, role="coordinator") for city in cities[:2]]
    ends = today() + timedelta(days=60)
    facts = {**WRITTEN, "kind": "memorandum", "signed_on": date(2020, 1, 1), "ends_on": ends}
    signed = actions.add_part(pair, "agreements", facts)
    actions.advance_partnership(row, "start", actor=None)
    db.session.commit()
    kind = KINDS["agreement_ending"]
    assert [one.id for one in asking(kind)] == [signed.id]
    people = asked_of(kind.audience, signed, EscalationLevel.owner)
    assert [one.reader for one in people] == speakers
    actions.add_part(pair, "agreements", {**facts, "signed_on": today(), "ends_on": None})
    db.session.commit()
    assert asking(kind) == []


def test_a_pair_that_owes_its_sheet_is_asked_before_the_review(browser, row, pair, cities):
    other = actions.add_pair(row, {"first_city_id": cities[0].id, "second_city_id": cities[2].id})
    days = {"due_on": today() + timedelta(days=10), "held_on": today() + timedelta(days=20)}
    review = actions.add_review(row, {"title_en": "Review", **days})
    actions.advance_partnership(row, "start", actor=None)
    people = [factories.person(of=city, role="coordinator") for city in cities]
    actions.write_sheet(review, pair, {"language": "en", "context": "Two shores."})
    db.session.commit()
    kind = KINDS["review_sheet_missing"]
    assert [one.id for one in asking(kind)] == [review.id]
    asked = asked_of(kind.audience, review, EscalationLevel.owner)
    assert [one.reader for one in asked] == [people[0], people[2]], "not Lichinga: it has written"
    plan_now()
    db.session.commit()
    planned = db.session.query(Reminder).filter_by(kind=kind.name).first()
    page = browser.as_(factories.officer()).get(f"/reminders/{planned.id}").text
    assert f'/partnerships/reviews/{review.id}"' in page
    actions.write_sheet(review, other, {"language": "en", "context": "One river."})
    db.session.commit()
    assert asking(kind) == []


def test_the_lead_chooses_what_everybody_may_read(browser, row, pair, cities, lead):
    facts = {**WRITTEN, "organisation_id": cities[1].id, "kind": "skills"}
    actions.add_part(pair, "benefits", facts)
    phase = {"title_en": "Diagnosis", "starts_on": date(2030, 2, 1), "ends_on": date(2030, 5, 1)}
    actions.add_phase(row, phase)
    db.session.commit()
    visitor, leading = browser.as_(), coordinator(browser, lead)
    page, choosing = "/en/partnerships/two-shores", f"/partnerships/{row.id}/public"
    assert visitor.get(page).status_code == 404
    assert "Two shores" not in visitor.get("/en/partnerships").text
    assert coordinator(browser, cities[0]).post(choosing, data={}).status_code == 403
    sent = {"is_public": "yes", "benefits": "yes", "phases": "yes"}
    refused = leading.post(choosing, data=sent)
    assert refused.status_code == 422
    assert "Nobody is named in public without agreeing" in refused.text
    leading.post(choosing, data={**sent, "nobody_named": "yes"})
    shown = visitor.get(page).text
    assert "Train cadastre staff." in shown
    assert "Diagnosis" in shown
    assert "Lichinga" not in shown, "cities were not opened"
    assert "Two shores" in visitor.get("/en/partnerships").text
    assert page in leading.get(f"/partnerships/{row.id}").text
    leading.post(choosing, data={**sent, "cities": "yes", "nobody_named": "yes"})
    assert "Lichinga" in visitor.get(page).text
    leading.post(choosing, data={})
    assert visitor.get(page).status_code == 404


def test_the_api_gives_everybody_what_was_opened_and_no_more(browser, row, pair, lead):
    leading = browser.api(factories.person(of=lead, role="coordinator"))
    sent = {"is_public": True, "cities": True, "nobody_named": True}
    opened = leading.put(f"/api/v1/partnerships/{row.id}/public", json=sent)
    assert opened.json == {"is_public": True, "shown": ["cities"]}
    visitor = browser.as_()
    listed = visitor.get("/api/v1/partnerships/public").json["items"]
    assert [one["code"] for one in listed] == ["two-shores"]
    told = visitor.get("/api/v1/partnerships/public/two-shores").json
    assert told["cities"] == [["Canoas", "Lichinga"]]
    assert told["benefits"] is told["phases"] is None
    assert visitor.get("/api/v1/partnerships/public/nothing").status_code == 404
    assert visitor.get(f"/api/v1/partnerships/{row.id}").status_code == 401
