"""The exchange over the API: propose, move, commit, plan, override, and the refusals in JSON."""

import pytest

from exchange.clock import today
from exchange.exchanges.models import Exchange, PartnerRole
from exchange.extensions import db
from tests import factories
from workflows.exchange import ExchangeState as S

ROOT = "/api/v1/exchanges"


def proposal(city, **more):
    """The JSON of a proposal."""
    return {
        "proposer_id": city.id,
        "title": "Markets",
        "purpose": "Drainage.",
        "kind": "study_visit",
        "language": "en",
        "themes": ["mobility"],
        **more,
    }


def partnership(**facts):
    """An exchange, a coordinator of its host and one of its learner (who proposed it)."""
    host, learner = factories.organisation("Quelimane"), factories.organisation("Maputo")
    exchange = factories.exchange(host=host, learner=learner, **facts)
    return exchange, factories.person(of=host), factories.person(of=learner)


def test_propose_change_send(browser):
    city = factories.organisation("Nampula")
    client = browser.api(factories.person(of=city))
    answer = client.post(ROOT, json=proposal(city, proposer_role="learner"))
    assert answer.status_code == 201, answer.json
    made = answer.json
    assert made["reference"].startswith("PX-")
    assert made["waits_for"] == {"party": "proposer", "names": ["Nampula"]}
    assert made["partners"][0]["role"] == "learner"
    changed = client.patch(f"{ROOT}/{made['id']}", json={"title": "Dry markets"}).json
    assert (changed["title"], changed["themes"]) == ("Dry markets", ["mobility"])
    step = {"trigger": "submit", "expected_state": "draft"}
    answer = client.post(f"{ROOT}/{made['id']}/steps", json=step)
    assert answer.status_code == 201
    assert answer.json["state"] == "submitted"
    assert answer.json["available"] == ["cancel"]
    again = client.post(f"{ROOT}/{made['id']}/steps", json=step)
    assert (again.status_code, again.json["error"]["code"]) == (409, "moved_on")
    (line,) = client.get(f"{ROOT}/{made['id']}/timeline").json
    assert (line["trigger"], line["overrode"]) == ("submit", False)


def test_what_cannot_be_taken_is_named_by_its_field(browser):
    city = factories.organisation()
    client = browser.api(factories.person(of=city))
    wrong = proposal(factories.organisation(), kind="party", state="closed_with_change")
    answer = client.post(ROOT, json=wrong)
    assert answer.status_code == 422
    assert set(answer.json["error"]["fields"]) == {"kind", "state"}
    foreign = client.post(ROOT, json=proposal(factories.organisation()))
    assert foreign.json["error"]["fields"].keys() == {"proposer_id"}
    assert db.session.query(Exchange).count() == 0


def test_a_draft_goes_and_a_foreign_one_is_not_there(browser):
    exchange, host, learner = partnership()
    assert browser.api(host).delete(f"{ROOT}/{exchange.id}").status_code == 404
    assert browser.api(learner).delete(f"{ROOT}/{exchange.id}").status_code == 204
    assert browser.api(learner).get(f"{ROOT}/{exchange.id}").status_code == 404


def test_a_refusal_says_which_facts_are_missing(browser):
    exchange, host, _learner = partnership(state=S.partners_agreed)
    step = {"trigger": "start_preparation"}
    answer = browser.api(host).post(f"{ROOT}/{exchange.id}/steps", json=step)
    assert answer.status_code == 409
    assert [r["code"] for r in answer.json["error"]["reasons"]] == ["concept_note_is_agreed"]


def test_the_concept_note(browser):
    exchange, host, _learner = partnership(state=S.partners_agreed)
    client = browser.api(host)
    sent = {"concept_note": "Three days.", "concept_note_agreed_on": "2026-01-05"}
    assert client.patch(f"{ROOT}/{exchange.id}/concept-note", json=sent).json == sent
    assert client.get(f"{ROOT}/{exchange.id}/concept-note").json == sent
    stranger = browser.api(factories.person(of=factories.organisation()))
    assert stranger.get(f"{ROOT}/{exchange.id}/concept-note").status_code == 403


def test_partners(browser):
    exchange, _host, learner = partnership()
    client, city = browser.api(learner), factories.organisation()
    sent = {"organisation_id": city.id, "role": "funder"}
    added = client.post(f"{ROOT}/{exchange.id}/partners", json=sent)
    assert added.status_code == 201
    assert len(client.get(f"{ROOT}/{exchange.id}/partners").json) == 3
    exchange.state = S.submitted
    db.session.commit()
    address = f"{ROOT}/{exchange.id}/partners/{added.json['id']}"
    assert client.post(f"{address}/commitment", json={}).status_code == 403
    own = browser.api(factories.person(of=city)).post(f"{address}/commitment", json={})
    assert own.json["committed_on"] == today().isoformat()
    assert client.delete(address).status_code == 204
    assert client.delete(address).status_code == 404
    assert exchange.with_role(PartnerRole.funder) == []


def test_the_budget_keeps_every_cent_and_is_for_those_inside(browser):
    exchange, host, _learner = partnership(state=S.preparing)
    client = browser.api(host)
    sent = {"category": "travel", "amount": "0.10", "currency": "EUR"}
    line = client.post(f"{ROOT}/{exchange.id}/budget-lines", json=sent).json
    assert line["amount"] == "0.10"
    address = f"{ROOT}/{exchange.id}/budget-lines/{line['id']}"
    assert client.patch(address, json={"amount": 12.345}).json["amount"] in ("12.34", "12.35")
    for wrong in ("NaN", "1e400", "-1", "1e20", "much"):
        assert client.patch(address, json={"amount": wrong}).status_code == 422
    assert len(client.get(f"{ROOT}/{exchange.id}/budget-lines").json) == 1
    stranger = browser.api(factories.person(of=factories.organisation()))
    assert stranger.get(f"{ROOT}/{exchange.id}/budget-lines").status_code == 403
    assert client.delete(address).status_code == 204
    assert client.get(f"{ROOT}/{exchange.id}/budget-lines").json == []


def test_phases(browser):
    exchange, host, _learner = partnership(state=S.preparing)
    client = browser.api(host)
    sent = {"title": "Inception", "starts_on": "2026-01-01"}
    phase = client.post(f"{ROOT}/{exchange.id}/phases", json=sent).json
    address = f"{ROOT}/{exchange.id}/phases/{phase['id']}"
    assert client.patch(address, json={"ends_on": "2025-01-01"}).status_code == 422
    assert client.patch(address, json={"ends_on": "2026-12-31"}).json["ends_on"] == "2026-12-31"
    assert len(client.get(f"{ROOT}/{exchange.id}/phases").json) == 1
    assert client.delete(address).status_code == 204


def test_override_and_officer(browser):
    exchange, host, _learner = partnership(state=S.visited)
    administrator = factories.administrator()
    client = browser.api(administrator)
    sent = {"to_state": "disseminating", "note": "Done on paper.", "expected_state": "visited"}
    assert browser.api(host).post(f"{ROOT}/{exchange.id}/override", json=sent).status_code == 403
    answer = client.post(f"{ROOT}/{exchange.id}/override", json=sent)
    assert (answer.status_code, answer.json["overrode"]) == (201, True)
    stale = client.post(f"{ROOT}/{exchange.id}/override", json=sent)
    assert stale.json["error"]["code"] == "moved_on"
    owned = client.put(f"{ROOT}/{exchange.id}/owner", json={"owner_id": administrator.id})
    assert owned.json["owner"]["id"] == administrator.id
    assert client.put(f"{ROOT}/{exchange.id}/owner", json={"owner_id": None}).json["owner"] is None


def test_a_bundle(browser):
    cities = [factories.organisation(), factories.organisation()]
    association = factories.association(members=tuple(cities))
    needs = [factories.need(organisation=city) for city in cities]
    client = browser.api(factories.person(of=association))
    sent = proposal(association, need_ids=[need.id for need in needs])
    made = client.post(f"{ROOT}/bundles", json=sent)
    assert made.status_code == 201
    assert [need["id"] for need in made.json["needs"]] == [need.id for need in needs]
    assert client.post(f"{ROOT}/bundles", json={**sent, "need_ids": []}).status_code == 422


def test_a_list_costs_the_same_however_many(browser, statements):
    officer = factories.officer()
    client = browser.api(officer)
    costs = []
    for more in (1, 2, 27):
        for _ in range(more):
            exchange, _host, _learner = partnership(owner=officer)
            exchange.needs = [factories.need()]
        db.session.commit()
        with statements() as seen:
            body = client.get(f"{ROOT}?size=100").json
        costs.append(len(seen))
    assert body["total"] == 30
    assert costs[0] == costs[1] == costs[2]


@pytest.mark.parametrize("sort", ["due", "-due", "since", "-reference", "title"])
def test_lists_are_sorted(browser, sort):
    partnership()
    assert browser.api(factories.officer()).get(f"{ROOT}?sort={sort}").status_code == 200
