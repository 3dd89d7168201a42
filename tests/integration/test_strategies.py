"""A learning strategy: its axes, what is tagged to them, and what the network is asked."""

from datetime import date, timedelta

import pytest

from exchange.clock import today
from exchange.directory.models import OrganisationKind
from exchange.errors import Invalid, NotAllowed
from exchange.extensions import db
from exchange.recommendations import actions as register
from exchange.recommendations.models import About, Scale
from exchange.reminders.audience import asked_of
from exchange.reminders.kinds import KINDS
from exchange.reminders.models import EscalationLevel, Reminder
from exchange.reminders.send import plan_now
from exchange.strategies import actions, queries
from exchange.strategies.models import Consultation, Measure, Strategy
from exchange.visits.models import Visit
from tests import factories

SENT = {
    "code": "learning-2030",
    "title_en": "Learning strategy 2030–2032",
    "title_fr": "Stratégie 2030–2032",
    "starts_on": "2030-01-01",
    "ends_on": "2032-12-31",
}
ROUND = {
    "title_en": "What should we learn?",
    "questions_en": "Which topics?\nWhich methods?",
    "questions_fr": "Quels sujets ?",
}


@pytest.fixture
def strategy(app):
    facts = {"starts_on": date(2030, 1, 1), "ends_on": date(2032, 12, 31)}
    made = actions.create({**SENT, **facts})
    actions.add_axis(made, {"title_en": "Agendas"})
    db.session.commit()
    return made


@pytest.fixture
def consultation(strategy):
    made = actions.add_consultation(strategy, {**ROUND, "due_on": today() + timedelta(days=10)})
    db.session.commit()
    return made


def test_staff_write_a_strategy_that_follows_another(browser, strategy):
    page = browser.as_(factories.officer())
    sent = {**SENT, "code": "learning-2033", "follows_id": str(strategy.id)}
    sent |= {"title_en": "Next", "starts_on": "2033-01-01", "ends_on": "2035-12-31"}
    shown = page.post("/strategies/new", data=sent, follow_redirects=True).text
    assert "Learning strategy 2030–2032" in shown, "which it follows"
    assert "Next" in page.get(f"/strategies/{strategy.id}").text, "and is followed by"
    assert "Another one has this code" in page.post("/strategies/new", data=SENT).text
    with pytest.raises(Invalid, match="follows_itself"):
        actions.edit(strategy, {"follows_id": strategy.id})
    first = page.get("/strategies").text
    assert first.index("Next") < first.index("Learning strategy 2030")
    member = browser.as_(factories.person(of=factories.organisation()))
    assert member.get(f"/strategies/{strategy.id}").status_code == 200
    assert member.get("/strategies/new").status_code == 403


def test_exchanges_and_recommendations_are_tagged_to_an_axis_and_counted(browser, strategy):
    axis, city = strategy.axes[0], factories.organisation()
    done, planned = (factories.exchange(learner=city) for _ in range(2))
    visit = Visit(exchange=done, starts_on=date(2030, 3, 2), ends_on=date(2030, 3, 2))
    visit.place, visit.attendance_recorded_on = "Durban", date(2030, 3, 3)
    db.session.add(visit)
    facts = {"title": "Train", "language": "en", "about": About.policy, "scale": Scale.world}
    made = register.propose({**facts, "axis_id": axis.id})
    db.session.commit()
    page, address = browser.as_(factories.officer()), f"/strategies/axes/{axis.id}"
    for reference in (done.reference, planned.reference.lower(), done.reference):
        assert page.post(address, data={"reference": reference}).status_code == 302
    assert page.post(address, data={"reference": "PX-1-1"}).status_code == 422
    counted = queries.measured([axis])[axis.id]
    assert (counted[Measure.exchanges], counted[Measure.visited]) == (2, 1)
    assert (counted[Measure.recommendations], counted[Measure.kept]) == (1, 0)
    sent = {"title_en": "Visits", "measure": "visited", "target": "4"}
    page.post(f"{address}/indicators/new", data=sent)
    by_hand = {"title_en": "Trainers", "measure": "by_hand", "target": "300", "value": "41"}
    page.post(f"{address}/indicators/new", data=by_hand)
    shown = page.get(f"/strategies/{strategy.id}").text
    assert "2 exchanges" in shown
    assert ">41<" in shown
    assert "Train" in page.get(address).text
    assert "Agendas" in page.get(f"/exchanges/{done.id}").text, "the exchange says so too"
    assert "Agendas" in page.get(f"/recommendations/{made.id}").text
    page.post(f"{address}/exchanges/{planned.id}/remove")
    db.session.expire_all()
    assert axis.exchanges == [done]
    member = browser.as_(factories.person(of=city, role="coordinator"))
    assert member.post(address, data={"reference": done.reference}).status_code == 403


def test_the_figures_cost_two_statements_however_many_axes(strategy, statements):
    for n in range(5):
        actions.add_axis(strategy, {"title_en": f"Axis {n}"})
    db.session.commit()
    axes = list(strategy.axes)
    with statements() as seen:
        assert len(queries.measured(axes)) == 6
    assert len(seen) == 2


def test_the_network_is_asked_answers_and_reads_what_was_made_of_it(browser, consultation):
    city, other = factories.organisation("Nampula"), factories.organisation("Lyon")
    mine = browser.as_(factories.person(of=city, role="coordinator"))
    staff, address = browser.as_(factories.officer()), f"/strategies/rounds/{consultation.id}"
    sent = {"organisation_id": str(city.id), "text": "Markets."}
    assert mine.post(f"{address}/questions/0", data=sent).status_code == 403, "not open yet"
    staff.post(f"{address}/move", data={"trigger": "open_it"})
    mine.post(f"{address}/questions/0", data=sent)
    mine.post(f"{address}/questions/0", data={**sent, "text": "Markets that do not flood."})
    theirs = {**sent, "organisation_id": str(other.id)}
    assert mine.post(f"{address}/questions/0", data=theirs).status_code == 422
    assert mine.get(f"{address}/questions/2").status_code == 404
    db.session.expire_all()
    assert [one.text for one in consultation.answers] == ["Markets that do not flood."]
    staff.post(f"{address}/move", data={"trigger": "close"})
    assert staff.post(f"{address}/move", data={"trigger": "publish"}).status_code == 409
    changed = {**ROUND, "due_on": str(consultation.due_on), "synthesis_en": "Markets first."}
    other_questions = {**changed, "questions_en": "Another?"}
    assert staff.post(f"{address}/edit", data=other_questions).status_code == 422
    staff.post(f"{address}/edit", data=changed)
    assert "Markets first." not in mine.get(address).text
    staff.post(f"{address}/move", data={"trigger": "publish"})
    shown = mine.get(address).text
    assert "Markets first." in shown
    assert "Nampula" in shown
    said = {"organisation_id": city.id, "text": "Late."}
    with pytest.raises(NotAllowed, match="consultation_closed"):
        actions.answer(consultation, 0, said, language="en", actor=factories.officer())


def test_silent_associations_are_asked_and_staff_for_the_synthesis(consultation):
    bodies = [factories.association("One"), factories.association("Two")]
    speakers = [factories.person(of=body, role="coordinator") for body in bodies]
    factories.person(of=factories.organisation(), role="coordinator")
    actions.advance_consultation(consultation, "open_it", actor=None)
    said = {"organisation_id": bodies[0].id, "text": "Housing."}
    actions.answer(consultation, 0, said, language="en", actor=factories.officer())
    kind = KINDS["consultation_to_answer"]
    asked = asked_of(kind.audience, consultation, EscalationLevel.owner)
    assert [one.reader for one in asked] == [speakers[1]]
    assert bodies[1].kind == OrganisationKind.association
    plan_now()
    due = {r.due_on for r in db.session.query(Reminder).filter_by(kind=kind.name)}
    assert consultation.due_on - timedelta(days=7) in due
    actions.advance_consultation(consultation, "close", actor=None)
    plan_now()
    wanted = db.session.query(Reminder).filter_by(kind="synthesis_due").count()
    assert wanted == 2


def test_the_api_carries_a_strategy(browser, strategy):
    client = browser.api(factories.officer())
    made = client.post("/api/v1/strategies", json={**SENT, "code": "other"})
    assert made.status_code == 201, made.json
    address = f"/api/v1/strategies/{made.json['id']}"
    axis = client.post(f"{address}/axes", json={"title_en": "Labs"}).json
    row = f"/api/v1/strategies/axes/{axis['id']}"
    indicator = {"title_en": "Labs", "measure": "exchanges", "target": 3}
    assert client.post(f"{row}/indicators", json=indicator).json["target"] == 3
    exchange = factories.exchange(learner=factories.organisation())
    tagged = client.post(f"{row}/exchanges", json={"reference": exchange.reference})
    assert tagged.json["id"] == exchange.id
    assert len(client.get(f"{row}/exchanges").json) == 1
    whole = client.get(address).json
    assert whole["axes"][0]["measured"]["exchanges"] == 1
    due = str(today() + timedelta(days=5))
    asked = client.post(f"{address}/rounds", json={**ROUND, "due_on": due}).json
    assert asked["questions"][0] == {"en": "Which topics?", "fr": "Quels sujets ?"}
    one = f"/api/v1/strategies/rounds/{asked['id']}"
    assert client.post(f"{one}/steps", json={"trigger": "open_it"}).status_code == 201
    said = {"organisation_id": factories.organisation().id, "text": "All.", "number": 1}
    assert client.post(f"{one}/answers", json=said).status_code == 201
    assert client.patch(one, json={"synthesis_en": "x"}).json["synthesis"] == {"en": "x"}
    assert client.get(one).json["answers"][0]["text"] == "All."
    assert client.patch(address, json={"title_fr": "Autre"}).json["titles"]["fr"] == "Autre"
    assert client.get("/api/v1/strategies").json["total"] == 2
    assert db.session.query(Strategy).count() == 2
    assert db.session.query(Consultation).count() == 1
