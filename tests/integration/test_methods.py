"""The method library: proposed, taken in, replaced by a better version, tried, and judged."""

from datetime import timedelta

import pytest

from exchange.clock import today
from exchange.errors import Invalid, NotAllowed
from exchange.extensions import db
from exchange.methods import actions, queries
from exchange.methods.feedback import AT_LEAST, feedback_of
from exchange.methods.models import Decision, Method, Pilot
from exchange.reminders.audience import asked_of
from exchange.reminders.kinds import KINDS
from exchange.reminders.models import EscalationLevel
from exchange.reminders.subjects import asking
from exchange.visits.models import Evaluation
from tests import factories
from tests.factories import visits
from workflows.engine import TransitionRefused
from workflows.method import METHOD
from workflows.method import MethodState as S
from workflows.method_pilot import METHOD_PILOT
from workflows.method_pilot import PilotState as P

CARD = {"title_fr": "Revue par les pairs", "steps_fr": "Lire\nVisiter", "format": "peer-review"}
DAYS = {"starts_on": today() - timedelta(days=20), "ends_on": today() - timedelta(days=1)}
TRIED = {"title": "A day online before", "hypothesis": "Better questions", "language": "en"}


@pytest.fixture
def officer(app):
    return factories.officer()


@pytest.fixture
def method(officer):
    factories.term("format", "peer-review")
    made = actions.propose({**CARD, "min_days": 2, "max_days": 7}, actor=officer)
    actions.advance_method(made, "adopt", actor=officer)
    db.session.commit()
    return made


@pytest.mark.parametrize(
    ("trigger", "source", "facts", "dest"),
    [
        ("adopt", S.proposed, {"steps": [{"en": "Go"}]}, S.in_library),
        ("adopt", S.proposed, {"steps": []}, "method_has_steps"),
        ("decline", S.proposed, {}, S.declined),
        ("adopt", S.declined, {"steps": [{"en": "Go"}]}, "no_such_move"),
        ("replace", S.in_library, {}, S.retired),
        ("retire", S.in_library, {}, S.retired),
        ("retire", S.proposed, {}, "no_such_move"),
    ],
    ids=str,
)
def test_the_table_of_methods(trigger, source, facts, dest):
    _walks(METHOD, Method(state=source, **facts), (trigger, source), dest)


DECIDED = {"result": "It worked.", "decision": Decision.keep}


@pytest.mark.parametrize(
    ("trigger", "source", "facts", "dest"),
    [
        ("begin", P.planned, {}, P.running),
        ("decide", P.running, DECIDED, P.decided),
        ("decide", P.running, {"result": "It worked."}, "pilot_says_what_came_of_it"),
        ("decide", P.planned, DECIDED, "no_such_move"),
        ("drop", P.planned, {}, P.dropped),
        ("drop", P.running, {}, P.dropped),
        ("begin", P.decided, {}, "no_such_move"),
    ],
    ids=str,
)
def test_the_table_of_pilots(trigger, source, facts, dest):
    _walks(METHOD_PILOT, Pilot(state=source, **facts), (trigger, source), dest)


def _walks(workflow, row, move, dest):
    trigger, source = move
    if dest in list(workflow.states):
        assert workflow.fire(trigger, row) == (source, dest)
    else:
        with pytest.raises(TransitionRefused):
            workflow.fire(trigger, row)
        assert workflow.unmet(trigger, row) == (dest,)


def test_a_member_proposes_in_one_language_and_staff_take_it_in(browser, officer):
    factories.term("format", "peer-review")
    city = factories.organisation("Nampula")
    mine = browser.as_(factories.person(of=city, role="coordinator"))
    other = browser.as_(factories.person(of=factories.organisation("Lyon"), role="coordinator"))
    staff = browser.as_(officer)
    sent = {**CARD, "organisation_id": str(city.id), "links": "fr https://x.org/g Le guide"}
    answer = mine.post("/methods/new", data={**sent, "title_fr": ""})
    assert answer.status_code == 422
    assert "Give a title in one language." in answer.text
    assert "Lire" in answer.text, "what was typed is still there"
    bad = mine.post("/methods/new", data={**sent, "links": "the guide"})
    assert "begin with a language and an address" in bad.text
    shown = mine.post("/methods/new", data=sent, follow_redirects=True).text
    assert ">Le guide</a>" in shown
    row = db.session.query(Method).one()
    assert row.format == "peer-review"
    address = f"/methods/{row.id}"
    assert other.get(address).status_code == 404, "a proposal is between its city and staff"
    assert mine.post(f"{address}/move", data={"trigger": "adopt"}).status_code == 403
    staff.post(f"{address}/move", data={"trigger": "adopt"})
    assert "Visiter" in other.get(address).text
    assert other.get(f"{address}/edit").status_code == 403
    assert mine.post(f"{address}/edit", data=sent).status_code in (403, 409, 422)


def test_a_new_version_takes_the_place_and_the_older_one_stays_readable(browser, method, officer):
    city = factories.organisation("Lyon")
    mine = browser.as_(factories.person(of=city, role="coordinator"))
    sent = {**CARD, "steps_fr": "Préparer\nLire\nVisiter", "organisation_id": str(city.id)}
    mine.post(f"/methods/{method.id}/next", data=sent)
    newer = db.session.query(Method).filter_by(number=2).one()
    assert method.state == S.in_library, "the one before stays until the new one is taken in"
    browser.as_(officer).post(f"/methods/{newer.id}/move", data={"trigger": "adopt"})
    db.session.expire_all()
    assert (method.state, newer.state) == (S.retired, S.in_library)
    assert queries.versions(newer) == queries.versions(method) == [method, newer]
    assert "Lire" in mine.get(f"/methods/{method.id}").text
    assert f'/methods/{method.id}"' in mine.get(f"/methods/{newer.id}").text
    assert f'/methods/{method.id}"' not in mine.get("/methods").text
    with pytest.raises(NotAllowed, match="not_in_library"):
        actions.propose(CARD, actor=officer, follows=method)
    with pytest.raises(NotAllowed, match="make_a_new_version"):
        actions.edit(newer, CARD, actor=officer)


def test_what_cannot_be_is_refused_at_its_field(method, officer):
    with pytest.raises(Invalid, match="no_such_format"):
        actions.propose({**CARD, "format": "tea"}, actor=officer)
    with pytest.raises(Invalid, match="least_above_most"):
        actions.propose({**CARD, "min_days": 5, "max_days": 2}, actor=officer)
    stranger = factories.person(of=factories.organisation(), role="coordinator")
    with pytest.raises(Invalid, match="not_yours"):
        actions.propose({**CARD, "organisation_id": 999}, actor=stranger)
    facts = {**TRIED, **DAYS, "organisation_id": factories.organisation().id}
    with pytest.raises(Invalid, match="no_such_exchange"):
        actions.plan_pilot(method, {**facts, "exchange_id": 999}, actor=officer)
    with pytest.raises(Invalid, match="window"):
        actions.plan_pilot(
            method, {**facts, "ends_on": DAYS["starts_on"] - timedelta(1)}, actor=officer
        )


def test_participants_are_heard_once_enough_of_them_answered(browser, method, officer):
    factories.term("evaluation_question", "participant-knowledge").facts = {
        "role": "participant",
        "kind": "scale",
    }
    exchange = factories.exchange()
    exchange.terms.append(method.term)
    visit = visits.visit(exchange)

    def answer(mark):
        row = Evaluation(
            visit=visit,
            role="participant",
            answers={"participant-knowledge": mark, "free": "words"},
        )
        db.session.add(row)
        db.session.commit()

    for mark in (1, 2, 3, 4):
        answer(mark)
    told = feedback_of([method.format_id])[method.format_id]
    assert (told.people, told.mean) == (AT_LEAST - 1, None)
    page = browser.as_(officer)
    assert "so far 4" in page.get(f"/methods/{method.id}").text
    answer(5)
    told = feedback_of([method.format_id, None])[method.format_id]
    assert (told.people, told.exchanges, told.mean) == (5, 1, 3.0)
    assert "3 of 5" in page.get(f"/methods/{method.id}").text
    assert "3 of 5" in page.get("/methods").text
    assert feedback_of([]) == {}
    assert f'/methods/{method.id}"' in page.get(f"/exchanges/{exchange.id}").text


def test_a_city_tries_a_method_and_is_asked_what_it_decided(browser, method):
    city = factories.organisation("Nampula")
    speaker = factories.person(of=city, role="coordinator")
    mine = browser.as_(speaker)
    exchange = factories.exchange(proposer=city)
    days = {name: str(day) for name, day in DAYS.items()}
    sent = {**TRIED, **days, "organisation_id": str(city.id), "exchange_id": str(exchange.id)}
    shown = mine.post(f"/methods/{method.id}/pilots/new", data=sent, follow_redirects=True)
    assert exchange.reference in shown.text
    row = db.session.query(Pilot).one()
    address = f"/methods/pilots/{row.id}"
    assert address in mine.get(f"/exchanges/{exchange.id}").text
    kind = KINDS["pilot_decision_due"]
    assert [one.id for one in asking(kind)] == [row.id]
    asked = asked_of(kind.audience, row, EscalationLevel.owner)
    assert [one.reader for one in asked] == [speaker]
    mine.post(f"{address}/move", data={"trigger": "begin"})
    assert mine.post(f"{address}/move", data={"trigger": "decide"}).status_code == 409
    told = {**sent, "result": "Questions were sharper.", "decision": "adapt"}
    mine.post(f"{address}/edit", data={**told, "version_id": "2"})
    mine.post(f"{address}/move", data={"trigger": "decide"})
    db.session.expire_all()
    assert (row.state, row.decision) == (P.decided, Decision.adapt)
    assert asking(kind) == []
    assert "Questions were sharper." in mine.get(address).text
    with pytest.raises(NotAllowed, match="pilot_is_over"):
        actions.edit_pilot(row, {}, actor=speaker)
    stranger = browser.as_(factories.person(of=factories.organisation(), role="coordinator"))
    assert stranger.get(f"{address}/edit").status_code == 403


def test_a_proposal_that_waits_is_staffs(officer):
    row = actions.propose({"title_en": "Fishbowl"}, actor=officer)
    kind = KINDS["method_waits"]
    assert [one.id for one in asking(kind)] == [row.id]
    asked = asked_of(kind.audience, row, EscalationLevel.owner)
    assert [one.reader for one in asked] == [officer]


def test_the_api_carries_the_library(browser, officer):
    client = browser.api(officer)
    factories.term("format", "peer-review")
    made = client.post("/api/v1/methods", json=CARD)
    assert made.status_code == 201, made.json
    address = f"/api/v1/methods/{made.json['id']}"
    assert client.patch(address, json={"max_days": 3}).json["max_days"] == 3
    assert client.post(f"{address}/steps", json={"trigger": "adopt"}).status_code == 201
    assert client.get("/api/v1/methods?format=peer-review&q=revue").json["total"] == 1
    assert client.get("/api/v1/methods?state=retired").json["total"] == 0
    assert client.get(f"{address}/feedback").json["people"] == 0
    city = factories.organisation()
    days = {name: str(day) for name, day in DAYS.items()}
    pilot = client.post(f"{address}/pilots", json={**TRIED, **days, "organisation_id": city.id})
    assert pilot.status_code == 201, pilot.json
    one = f"/api/v1/methods/pilots/{pilot.json['id']}"
    assert client.patch(one, json={"result": "Good."}).json["result"] == "Good."
    assert client.post(f"{one}/steps", json={"trigger": "begin"}).status_code == 201
    assert client.get(one).json["state"] == "running"
    assert len(client.get(f"{address}/pilots").json) == 1
    newer = client.post(f"{address}/versions", json=CARD)
    assert newer.json["number"] == 2


def test_the_library_costs_the_same_however_many(browser, officer, statements):
    page, counts = browser.as_(officer), set()
    factories.term("format", "peer-review")
    for rows in (1, 3, 30):
        while db.session.query(Method).count() < rows:
            facts = {**CARD, "organisation_id": factories.organisation().id}
            actions.propose(facts, actor=officer)
            db.session.commit()
        page.get("/methods?size=100")
        with statements() as seen:
            assert page.get("/methods?size=100").status_code == 200
        counts.add(len(seen))
    assert len(counts) == 1


def test_what_helps_with_the_steps_is_read_beside_those_of_the_readers_language(browser):
    page = browser.as_(factories.officer(language="fr")).get("/methods/new?lang=fr")
    before, _sep, after = page.text.partition('id="steps_fr-help"')
    assert 'id="title_fr"' in before
    assert "Une étape par ligne" in after[:200]
