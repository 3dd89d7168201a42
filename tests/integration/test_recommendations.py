"""The register: a recommendation is addressed, taken on by somebody, and shown to be done."""

from datetime import timedelta

import pytest

from exchange.clock import today
from exchange.directory.models import Membership
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.recommendations import actions
from exchange.recommendations.models import About, Recommendation, Scale
from exchange.reminders.audience import asked_of
from exchange.reminders.kinds import KINDS
from exchange.reminders.models import EscalationLevel, Reminder
from exchange.reminders.send import plan_now
from exchange.reminders.subjects import asking
from tests import factories
from workflows.engine import TransitionRefused
from workflows.recommendation import RECOMMENDATION
from workflows.recommendation import RecommendationState as S

FACTS = {"title": "Fund peer learning", "language": "en"}
SENT = {**FACTS, "about": "policy", "scale": "national", "addressee": "Ministries"}


@pytest.fixture
def row(app):
    made = actions.propose({**FACTS, "about": About.policy, "scale": Scale.national})
    db.session.commit()
    return made


@pytest.mark.parametrize(
    ("trigger", "source", "facts", "dest"),
    [
        ("adopt", S.proposed, {}, S.adopted),
        ("commit", S.proposed, {"owner_id": 1, "due_on": today()}, S.committed),
        ("commit", S.adopted, {"owner_id": 1, "due_on": today()}, S.committed),
        ("commit", S.adopted, {"owner_id": 1}, "has_an_owner_and_a_day"),
        ("begin", S.committed, {}, S.under_way),
        ("begin", S.adopted, {}, "no_such_move"),
        ("finish", S.under_way, {}, "evidence_is_given"),
        ("finish", S.under_way, {"evidence_url": "https://x.org"}, S.done),
        ("finish", S.committed, {"evidence": "A law."}, S.done),
        ("reopen", S.done, {}, S.under_way),
        ("drop", S.under_way, {}, S.dropped),
        ("reopen", S.dropped, {}, "no_such_move"),
    ],
    ids=str,
)
def test_the_table(trigger, source, facts, dest):
    made = Recommendation(state=source, **{"evidence": "", "evidence_url": "", **facts})
    if dest in list(S):
        assert RECOMMENDATION.fire(trigger, made) == (source, dest)
    else:
        with pytest.raises(TransitionRefused):
            RECOMMENDATION.fire(trigger, made)
        assert RECOMMENDATION.unmet(trigger, made) == (dest,)


def test_a_coordinator_proposes_staff_adopt_the_owner_does_it(browser, row):
    city = factories.organisation("Nampula")
    mine = browser.as_(factories.person(of=city, role="coordinator"))
    staff = browser.as_(factories.officer())
    answer = mine.post("/recommendations/new", data=SENT, follow_redirects=True)
    assert "Ministries" in answer.text
    made = db.session.query(Recommendation).filter_by(addressee="Ministries").one()
    address = f"/recommendations/{made.id}"
    assert mine.get(f"{address}/edit").status_code == 403
    assert mine.post(f"{address}/move", data={"trigger": "adopt"}).status_code == 403
    staff.post(f"{address}/move", data={"trigger": "adopt"})
    assert staff.post(f"{address}/move", data={"trigger": "commit"}).status_code == 409
    owned = {**SENT, "owner_id": str(city.id), "due_on": str(today()), "version_id": "2"}
    assert staff.post(f"{address}/edit", data=owned).status_code == 302
    mine.post(f"{address}/move", data={"trigger": "commit"})
    mine.post(f"{address}/report", data={"evidence": "The budget law."})
    mine.post(f"{address}/move", data={"trigger": "finish"})
    db.session.expire_all()
    assert made.state == S.done
    assert "The budget law." in mine.get(address).text


def test_what_somebody_has_taken_on_keeps_its_owner(row):
    city = factories.organisation()
    actions.edit(row, {"owner_id": city.id, "due_on": today()})
    actions.advance_recommendation(row, "commit", actor=None)
    with pytest.raises(Invalid, match="taken_on"):
        actions.edit(row, {"owner_id": None})
    with pytest.raises(Invalid, match="no_such_organisation"):
        actions.edit(row, {"owner_id": 999})


def test_the_owner_is_asked_before_and_after_its_day_and_then_those_above(row):
    union = factories.association("Union")
    city = factories.organisation("Nampula")
    city.memberships.append(Membership(body=union))
    speaker = factories.person(of=city, role="coordinator")
    above = factories.person(of=union, role="coordinator")
    actions.edit(row, {"owner_id": city.id, "due_on": today() + timedelta(days=15)})
    kind = KINDS["commitment_due"]
    assert asking(kind) == []
    actions.advance_recommendation(row, "commit", actor=None)
    plan_now()
    due = db.session.query(Reminder).filter_by(kind=kind.name).all()
    days = {(r.due_on - row.due_on).days: r.level for r in due}
    assert days == {
        -14: EscalationLevel.owner,
        1: EscalationLevel.owner,
        7: EscalationLevel.association,
        14: EscalationLevel.section,
        21: EscalationLevel.officer,
    }
    asked = asked_of(kind.audience, row, EscalationLevel.owner)
    assert [one.reader for one in asked] == [speaker]
    asked = asked_of(kind.audience, row, EscalationLevel.association)
    assert [one.reader for one in asked] == [above]


def test_a_proposal_that_waits_is_staffs(row):
    officer = factories.officer()
    kind = KINDS["recommendation_waits"]
    assert [one.id for one in asking(kind)] == [row.id]
    assert [a.reader for a in asked_of(kind.audience, row, EscalationLevel.owner)] == [officer]


def test_the_register_is_narrowed_and_taken_away_as_policy_messages(browser, row):
    page = browser.as_(factories.officer())
    actions.propose({**FACTS, "title": "Train", "about": About.method, "scale": Scale.world})
    db.session.commit()
    shown = page.get("/recommendations?about=method").text
    assert ">Train</a>" in shown
    assert ">Fund peer learning</a>" not in shown
    assert ">Fund peer learning</a>" in page.get("/recommendations?q=peer").text
    assert "No recommendation fits" in page.get("/recommendations?overdue=yes").text
    sheet = page.get("/exports/recommendations.csv?about=method").text
    assert "Policy message" in sheet
    assert "Train" in sheet
    assert "Fund peer learning" not in sheet


def test_the_api_carries_the_register(browser):
    client = browser.api(factories.officer())
    made = client.post("/api/v1/recommendations", json=SENT)
    assert made.status_code == 201, made.json
    address = f"/api/v1/recommendations/{made.json['id']}"
    assert client.patch(address, json={"addressee": "Mayors"}).json["addressee"] == "Mayors"
    told = client.patch(f"{address}/report", json={"evidence": "A law."}).json
    assert told["evidence"] == "A law."
    step = client.post(f"{address}/steps", json={"trigger": "adopt"})
    assert step.status_code == 201
    assert client.get("/api/v1/recommendations?state=adopted").json["total"] == 1
    assert client.get(address).json["state"] == "adopted"


def test_the_register_costs_the_same_however_many(browser, statements):
    page, counts = browser.as_(factories.officer()), set()
    for rows in (1, 3, 30):
        while db.session.query(Recommendation).count() < rows:
            facts = {**FACTS, "about": About.policy, "scale": Scale.local}
            actions.propose({**facts, "owner_id": factories.organisation().id})
            db.session.commit()
        page.get("/recommendations?size=100")
        with statements() as seen:
            assert page.get("/recommendations?size=100").status_code == 200
        counts.add(len(seen))
    assert len(counts) == 1
