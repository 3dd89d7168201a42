"""Local laboratories: a challenge of a city, cycles, partners, and what remains at the end."""

from datetime import timedelta

import pytest

from exchange.challenges.models import Challenge
from exchange.clock import today
from exchange.errors import Invalid, NotAllowed
from exchange.extensions import db
from exchange.labs import actions
from exchange.labs.models import Lab, LabCycle
from exchange.mechanisms.models import Mechanism, MechanismKind
from exchange.methods.models import Method, Pilot
from exchange.reminders.audience import asked_of
from exchange.reminders.kinds import KINDS
from exchange.reminders.models import EscalationLevel
from exchange.reminders.subjects import asking
from exchange.search import keeping
from tests import factories
from workflows.engine import TransitionRefused
from workflows.lab import LAB
from workflows.lab import LabState as S
from workflows.lab_cycle import LAB_CYCLE
from workflows.lab_cycle import CycleState as C
from workflows.method import MethodState

PAST, COMING = today() - timedelta(days=1), today() + timedelta(days=60)
WORDS = {"title": "A market list", "text": "Nobody knows who sells where.", "language": "en"}
DAYS = {"starts_on": today() - timedelta(days=90), "ends_on": PAST}


@pytest.fixture
def officer(app):
    return factories.officer()


@pytest.fixture
def city(app):
    return factories.organisation("Nampula")


@pytest.fixture
def lab(officer, city):
    made = actions.open_lab({**WORDS, **DAYS, "organisation_id": city.id}, actor=officer)
    db.session.commit()
    return made


@pytest.mark.parametrize(
    ("trigger", "source", "facts", "dest"),
    [
        ("begin", S.prepared, {"cycles": [C.asking]}, S.running),
        ("begin", S.prepared, {}, "lab_has_a_cycle"),
        ("conclude", S.running, {"kept": "The list."}, S.concluded),
        ("conclude", S.running, {"dropped": "The list."}, S.concluded),
        ("conclude", S.running, {}, "lab_says_what_remains"),
        ("conclude", S.prepared, {"kept": "The list."}, "no_such_move"),
        ("end_early", S.prepared, {}, S.ended_early),
        ("end_early", S.running, {}, S.ended_early),
        ("end_early", S.concluded, {}, "no_such_move"),
    ],
    ids=str,
)
def test_the_table_of_laboratories(trigger, source, facts, dest):
    cycles = [LabCycle(state=state) for state in facts.get("cycles", ())]
    _walks(LAB, Lab(state=source, **facts | {"cycles": cycles}), (trigger, source), dest)


def test_a_laboratory_does_not_conclude_while_a_cycle_is_open():
    row = Lab(state=S.running, kept="The list.", cycles=[LabCycle(state=C.testing)])
    _walks(LAB, row, ("conclude", S.running), "no_cycle_is_open")


TESTED = {"prototype": "A sheet", "test": "Two rows", "result": "It works."}


@pytest.mark.parametrize(
    ("trigger", "source", "facts", "dest"),
    [
        ("build", C.asking, {}, C.building),
        ("test", C.building, TESTED, C.testing),
        ("test", C.building, {}, "cycle_has_a_prototype"),
        ("answer", C.testing, TESTED, C.answered),
        ("answer", C.testing, {"test": "Two rows"}, "cycle_says_what_came_of_it"),
        ("answer", C.building, TESTED, "no_such_move"),
        ("drop", C.asking, {}, C.dropped),
        ("drop", C.building, {}, C.dropped),
        ("drop", C.testing, {}, C.dropped),
        ("drop", C.answered, {}, "no_such_move"),
    ],
    ids=str,
)
def test_the_table_of_cycles(trigger, source, facts, dest):
    _walks(LAB_CYCLE, LabCycle(state=source, **facts), (trigger, source), dest)


def _walks(workflow, row, move, dest):
    trigger, source = move
    if dest in list(workflow.states):
        assert workflow.fire(trigger, row) == (source, dest)
    else:
        with pytest.raises(TransitionRefused):
            workflow.fire(trigger, row)
        assert workflow.unmet(trigger, row) == (dest,)


def test_a_city_tries_answers_in_cycles_and_says_what_remains(browser, city):
    mine = browser.as_(factories.person(of=city, role="coordinator"))
    other = browser.as_(factories.person(of=factories.organisation("Lyon"), role="coordinator"))
    days = {name: str(day) for name, day in DAYS.items()}
    sent = {**WORDS, **days, "organisation_id": str(city.id), "sdg_goals": "11"}
    factories.term("sdg_goal", "11")
    shown = mine.post("/labs/new", data=sent, follow_redirects=True)
    assert "No question has been asked yet." in shown.text
    row = db.session.query(Lab).one()
    address = f"/labs/{row.id}"
    assert mine.post(f"{address}/move", data={"trigger": "begin"}).status_code == 409
    asked = {"question": "Do they write it?", "due_on": str(COMING)}
    assert other.post(f"{address}/cycles/new", data=asked).status_code == 403
    mine.post(f"{address}/cycles/new", data=asked)
    mine.post(f"{address}/move", data={"trigger": "begin"})
    cycle = db.session.query(LabCycle).one()
    one = f"/labs/cycles/{cycle.id}"
    for trigger, written in (
        ("build", {}),
        ("test", {"prototype": "A sheet"}),
        ("answer", {"test": "Two rows", "result": "Three of four came."}),
    ):
        asked |= written
        db.session.expire_all()
        mine.post(f"{one}/edit", data={**asked, "version_id": str(cycle.version_id)})
        answer = mine.post(f"{one}/move", data={"trigger": trigger})
        assert answer.status_code == 302, trigger
    assert "Three of four came." in other.get(address).text, "members read it"
    assert mine.get(f"{one}/edit").status_code == 200
    assert mine.post(f"{one}/edit", data=asked).status_code == 403
    db.session.expire_all()
    remains = {**sent, "kept": "The sheet", "adapted": "Two names", "version_id": "1"}
    mine.post(f"{address}/edit", data={**remains, "version_id": str(row.version_id)})
    mine.post(f"{address}/move", data={"trigger": "conclude"})
    db.session.expire_all()
    assert row.state == S.concluded
    assert "Two names" in other.get(address).text
    with pytest.raises(NotAllowed, match="lab_is_over"):
        actions.add_partner(row, {"organisation_id": city.id})
    with pytest.raises(NotAllowed, match="cycle_is_over"):
        actions.edit_cycle(cycle, {"result": "Other."})


def test_partners_write_in_the_cycles_but_do_not_decide(browser, lab):
    lyon = factories.organisation("Lyon")
    partner = browser.as_(factories.person(of=lyon, role="coordinator"))
    staff = browser.as_(factories.officer())
    address = f"/labs/{lab.id}"
    sent = {"organisation_id": str(lyon.id), "brings": "What failed at home"}
    assert partner.post(f"{address}/partners/new", data=sent).status_code == 403
    staff.post(f"{address}/partners/new", data=sent)
    staff.post(f"{address}/partners/new", data={**sent, "brings": "Its own streets"})
    db.session.expire_all()
    assert [one.brings for one in lab.partners] == ["Its own streets"], "once, however often"
    asked = {"question": "Do they write it?", "due_on": str(COMING)}
    assert partner.post(f"{address}/cycles/new", data=asked).status_code == 302
    assert partner.get(f"{address}/edit").status_code == 403
    mechanism = Mechanism(code="hub", kind=MechanismKind.hub, titles={"en": "Hub of Nampula"})
    mechanism.organisation_id = lab.organisation_id
    db.session.add(mechanism)
    db.session.commit()
    staff.post(f"{address}/mechanisms/new", data={"mechanism_id": str(mechanism.id)})
    assert "Hub of Nampula" in staff.get(address).text
    assert address in staff.get(f"/mechanisms/{mechanism.id}").text
    staff.post(f"{address}/mechanisms/{mechanism.id}/remove")
    staff.post(f"{address}/partners/{lyon.id}/remove")
    db.session.expire_all()
    assert (lab.partners, lab.mechanisms) == ([], [])


def test_a_laboratory_answers_a_challenge_is_a_pilot_and_belongs_to_an_exchange(browser, city):
    speaker = factories.person(of=city, role="coordinator")
    mine = browser.as_(speaker)
    said = Challenge(text="Nobody knows.", language="en", organisation=city, said_on=PAST)
    method = Method(titles={"en": "Sprint"}, state=MethodState.in_library)
    pilot = Pilot(method=method, organisation=city, title="A sprint", hypothesis="Faster")
    pilot.language, pilot.starts_on, pilot.ends_on = "en", PAST, COMING
    exchange = factories.exchange(proposer=city)
    db.session.add_all([said, pilot])
    db.session.commit()
    assert "Nobody knows." in mine.get(f"/labs/new?challenge={said.id}").text
    days = {name: str(day) for name, day in DAYS.items()}
    sent = {**WORDS, **days, "organisation_id": str(city.id)}
    sent |= {"pilot_id": str(pilot.id), "exchange_id": str(exchange.id)}
    mine.post(f"/labs/new?challenge={said.id}", data=sent)
    row = db.session.query(Lab).one()
    address = f"/labs/{row.id}"
    db.session.expire_all()
    assert (said.lab_id, said.state) == (row.id, "answered")
    shown = mine.get(address).text
    for page in (f"/challenges/{said.id}", f"/methods/pilots/{pilot.id}"):
        assert page in shown
        assert f'{address}"' in mine.get(page).text, page
    assert exchange.reference in shown
    assert f'{address}"' in mine.get(f"/exchanges/{exchange.id}").text
    stranger = browser.as_(factories.person(of=factories.organisation(), role="coordinator"))
    assert stranger.get(f"/labs/new?challenge={said.id}").status_code == 403


def test_who_holds_it_is_asked_about_a_late_cycle_and_a_missing_decision(lab, city):
    speaker = factories.person(of=city, role="coordinator")
    late, decide = KINDS["lab_cycle_due"], KINDS["lab_decision_due"]
    cycle = actions.add_cycle(lab, {"question": "Who?", "due_on": PAST})
    db.session.commit()
    assert [one.id for one in asking(late)] == [cycle.id]
    assert [one.id for one in asking(decide)] == [lab.id]
    for kind, row in ((late, cycle), (decide, lab)):
        asked = asked_of(kind.audience, row, EscalationLevel.owner)
        assert [one.reader for one in asked] == [speaker]
    actions.advance_lab(lab, "end_early", actor=speaker, note="No means.")
    assert (asking(late), asking(decide)) == ([], []), "what is over is not asked for"


def test_what_cannot_be_is_refused_at_its_field(lab, officer, city):
    facts = {**WORDS, **DAYS, "organisation_id": city.id}
    for wrong, code in (
        ({"ends_on": DAYS["starts_on"] - timedelta(days=1)}, "window"),
        ({"exchange_id": 999}, "no_such_exchange"),
        ({"pilot_id": 999}, "no_such_pilot"),
        ({"organisation_id": 999}, "no_such_organisation"),
    ):
        with pytest.raises(Invalid, match=code):
            actions.open_lab({**facts, **wrong}, actor=officer)
    stranger = factories.person(of=factories.organisation(), role="coordinator")
    with pytest.raises(Invalid, match="not_yours"):
        actions.open_lab(facts, actor=stranger)
    with pytest.raises(Invalid, match="no_such_organisation"):
        actions.add_partner(lab, {"organisation_id": 999})
    with pytest.raises(Invalid, match="no_such_mechanism"):
        actions.link_mechanism(lab, {"mechanism_id": 999})


def test_a_laboratory_is_found_by_the_words_of_its_cycles(browser, lab, officer):
    actions.add_cycle(lab, {"question": "Do hawkers write?", "due_on": COMING})
    db.session.commit()
    keeping.rebuild()
    assert f"/labs/{lab.id}" in browser.as_(officer).get("/search?q=hawkers").text


def test_the_api_carries_laboratories(browser, officer, city):
    client = browser.api(officer)
    days = {name: str(day) for name, day in DAYS.items()}
    made = client.post("/api/v1/labs", json={**WORDS, **days, "organisation_id": city.id})
    assert made.status_code == 201, made.json
    address = f"/api/v1/labs/{made.json['id']}"
    lyon = factories.organisation("Lyon")
    partner = client.post(f"{address}/partners", json={"organisation_id": lyon.id})
    assert partner.status_code == 201, partner.json
    asked = {"question": "Who?", "due_on": str(COMING)}
    cycle = client.post(f"{address}/cycles", json=asked)
    assert cycle.json["number"] == 1
    assert client.post(f"{address}/cycles", json=asked).json["number"] == 2
    one = f"/api/v1/labs/cycles/{cycle.json['id']}"
    assert client.patch(one, json={"prototype": "A sheet"}).json["prototype"] == "A sheet"
    assert client.post(f"{one}/steps", json={"trigger": "build"}).status_code == 201
    assert client.get(one).json["state"] == "building"
    assert client.post(f"{address}/steps", json={"trigger": "begin"}).status_code == 201
    assert client.patch(address, json={"kept": "The sheet"}).json["kept"] == "The sheet"
    shown = client.get(address).json
    assert [row["number"] for row in shown["cycles"]] == [1, 2]
    assert shown["partners"][0]["organisation"]["name"] == "Lyon"
    assert len(client.get(f"{address}/cycles").json) == 2
    assert client.get("/api/v1/labs?state=running&q=market").json["total"] == 1
    assert client.get(f"/api/v1/labs?organisation_id={lyon.id}").json["total"] == 1
    assert client.get("/api/v1/labs?sdg_goal=3").json["total"] == 0
