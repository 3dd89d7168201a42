"""An exchange on its pages: proposed, moved, committed, planned; and who may not."""

from datetime import date, timedelta

import pytest

from exchange.clock import today
from exchange.exchanges.models import BudgetLine, Exchange, ExchangeKind, PartnerRole, Phase
from exchange.extensions import db
from tests import factories
from workflows.exchange import ExchangeState as S


def proposal(city, **more):
    """What a form of a proposal sends."""
    return {
        "proposer_id": city.id,
        "title": "Markets that do not flood",
        "purpose": "How others drain their markets.",
        "kind": "study_visit",
        "language": "en",
        "themes": ["informal-economy-markets"],
        **more,
    }


def move(page, exchange, trigger, **more):
    """Press the button of a move."""
    sent = {"trigger": trigger, "expected_state": exchange.state, **more}
    return page.post(f"/exchanges/{exchange.id}/move", data=sent, follow_redirects=True)


def partnership(**facts):
    """An exchange with a host and a learner, and a browser-ready coordinator of each."""
    host, learner = factories.organisation("Quelimane"), factories.organisation("Maputo")
    exchange = factories.exchange(host=host, learner=learner, **facts)
    return exchange, factories.person(of=host), factories.person(of=learner)


def test_a_coordinator_changes_and_sends(browser):
    exchange, _host, learner = partnership()
    need = factories.need(organisation=exchange.proposer, title="Drainage")
    page = browser.as_(learner)
    address = f"/exchanges/{exchange.id}/edit"
    assert f"{exchange.proposer.name}: Drainage" in page.get(address).text
    more = {"need_ids": [need.id], "version_id": exchange.version_id}
    answer = page.post(address, data=proposal(exchange.proposer, **more), follow_redirects=True)
    assert answer.status_code == 200, answer.text
    db.session.expire_all()
    assert exchange.needs == [need]
    answer = move(page, exchange, "submit")
    assert "Submitted" in answer.text
    assert "in 28 days" in answer.text


def test_a_form_with_errors_keeps_what_was_typed(browser):
    exchange, _host, learner = partnership()
    sent = proposal(exchange.proposer, title="", starts_on="2026-05-02", ends_on="2026-05-01")
    sent["version_id"] = exchange.version_id
    answer = browser.as_(learner).post(f"/exchanges/{exchange.id}/edit", data=sent)
    assert answer.status_code == 422
    assert "How others drain their markets." in answer.text


def test_a_proposal_is_changed_by_its_proposer_until_it_is_sent(browser):
    exchange, _host, learner = partnership()
    page = browser.as_(learner)
    sent = proposal(exchange.proposer, title="Changed", version_id=exchange.version_id)
    answer = page.post(f"/exchanges/{exchange.id}/edit", data=sent, follow_redirects=True)
    assert "Changed" in answer.text
    exchange.state = S.submitted
    db.session.commit()
    assert "Change the proposal" not in page.get(f"/exchanges/{exchange.id}").text
    sent["version_id"] = exchange.version_id
    assert page.post(f"/exchanges/{exchange.id}/edit", data=sent).status_code == 403


def test_editing_keeps_a_need_that_staff_linked(browser):
    exchange, _host, learner = partnership()
    need = factories.need(title="Of another city")
    exchange.needs = [need]
    db.session.commit()
    page = browser.as_(learner).get(f"/exchanges/{exchange.id}/edit")
    assert "Of another city" in page.text
    officer = browser.as_(factories.officer())
    exchange.state = S.preparing
    db.session.commit()
    assert "need_ids" not in officer.get(f"/exchanges/{exchange.id}/edit").text
    sent = proposal(exchange.proposer, version_id=exchange.version_id)
    assert officer.post(f"/exchanges/{exchange.id}/edit", data=sent).status_code == 302
    db.session.expire_all()
    assert exchange.needs == [need]


def test_the_buttons_are_those_that_the_person_may_press(browser):
    exchange, host, learner = partnership(state=S.submitted)
    officers = browser.as_(factories.officer()).get(f"/exchanges/{exchange.id}").text
    assert "Find eligible" in officers
    for person in (host, learner):
        assert "Find eligible" not in browser.as_(person).get(f"/exchanges/{exchange.id}").text
    assert move(browser.as_(host), exchange, "find_eligible").status_code == 403


def test_what_is_missing_is_said_in_words(browser):
    exchange, host, _learner = partnership(state=S.partners_agreed)
    page = browser.as_(host)
    text = page.get(f"/exchanges/{exchange.id}").text
    assert "Write the concept note and record the day it was agreed." in text
    answer = move(page, exchange, "start_preparation")
    assert answer.status_code == 422
    assert "Write the concept note and record the day it was agreed." in answer.text


def test_an_unknown_step_is_refused(browser):
    exchange, _host, learner = partnership()
    assert move(browser.as_(learner), exchange, "explode").status_code == 422


def test_the_second_who_presses_hears_that_it_has_moved_on(browser):
    exchange, _host, learner = partnership()
    page = browser.as_(learner)
    first = {"trigger": "submit", "expected_state": "draft"}
    assert page.post(f"/exchanges/{exchange.id}/move", data=first).status_code == 302
    answer = page.post(f"/exchanges/{exchange.id}/move", data=first)
    assert answer.status_code == 409
    assert "moved it to Submitted at" in answer.text


def test_a_foreign_proposal_does_not_exist_and_a_running_exchange_shows_no_money(browser):
    exchange, _host, _learner = partnership(concept_note="Secret plan", state=S.submitted)
    stranger = browser.as_(factories.person(of=factories.organisation()))
    assert stranger.get(f"/exchanges/{exchange.id}").status_code == 404
    exchange.state = S.preparing
    db.session.commit()
    text = stranger.get(f"/exchanges/{exchange.id}").text
    assert exchange.reference in text
    assert "Secret plan" not in text
    assert "Budget" not in text
    assert browser.as_().get(f"/exchanges/{exchange.id}").status_code == 302


def test_a_draft_is_thrown_away(browser):
    exchange, _host, learner = partnership()
    page = browser.as_(learner)
    assert "Throw this draft away" in page.get(f"/exchanges/{exchange.id}").text
    answer = page.post(f"/exchanges/{exchange.id}/delete", follow_redirects=True)
    assert "The draft is gone." in answer.text
    assert db.session.query(Exchange).count() == 0


def test_partners_are_added_commit_for_themselves_and_leave(browser):
    exchange, _host, learner = partnership()
    city = factories.organisation("Beira")
    proposer, partner = browser.as_(learner), browser.as_(factories.person(of=city))
    sent = {"organisation_id": city.id, "role": "mentor"}
    answer = proposer.post(
        f"/exchanges/{exchange.id}/partners/new", data=sent, follow_redirects=True
    )
    assert "Beira" in answer.text
    again = proposer.post(f"/exchanges/{exchange.id}/partners/new", data=sent)
    assert "This organisation has this role already." in again.text
    exchange.state = S.submitted
    db.session.commit()
    (mentor,) = exchange.with_role(PartnerRole.mentor)
    address = f"/exchanges/{exchange.id}/partners/{mentor.id}"
    assert proposer.post(f"{address}/commit").status_code == 403
    assert "Beira takes part" in partner.get(f"{address}/commit").text
    future = {"committed_on": (today() + timedelta(days=2)).isoformat()}
    assert "This day has not come yet." in partner.post(f"{address}/commit", data=future).text
    answer = partner.post(f"{address}/commit", data={}, follow_redirects=True)
    assert "said yes on" in answer.text
    assert mentor.committed_on == today()
    assert partner.post(f"{address}/remove").status_code == 403
    assert proposer.post(f"{address}/remove").status_code == 302
    assert exchange.with_role(PartnerRole.mentor) == []
    assert proposer.post(f"{address}/remove").status_code == 404


def test_the_concept_note_is_written_by_any_partner(browser):
    exchange, host, _learner = partnership(state=S.partners_agreed)
    page = browser.as_(host)
    sent = {"concept_note": "Three days.", "concept_note_agreed_on": "2026-01-05"}
    sent["version_id"] = exchange.version_id
    address = f"/exchanges/{exchange.id}/concept-note"
    answer = page.post(address, data=sent, follow_redirects=True)
    assert "Three days." in answer.text
    assert "Jan 5, 2026" in answer.text
    stale = page.post(address, data={**sent, "concept_note": "Lost?"})
    assert stale.status_code == 409
    assert "Lost?" in stale.text


def test_money_by_line_and_by_currency(browser):
    exchange, host, _learner = partnership(state=S.preparing)
    page = browser.as_(host)
    payer = exchange.partners[0].organisation
    line = {"category": "travel", "amount": "1250.50", "currency": "EUR", "payer_id": payer.id}
    page.post(f"/exchanges/{exchange.id}/budget/new", data=line)
    page.post(f"/exchanges/{exchange.id}/budget/new", data={**line, "amount": "0.1"})
    page.post(f"/exchanges/{exchange.id}/budget/new", data={**line, "currency": "xof"})
    text = page.get(f"/exchanges/{exchange.id}?tab=plan").text
    assert "€1,250.60" in text
    assert "F\u202fCFA" in text
    wrong = {**line, "currency": "ABC", "amount": "-1"}
    answer = page.post(f"/exchanges/{exchange.id}/budget/new", data=wrong)
    assert "Choose a currency" in answer.text
    assert "Give an amount from 0 to" in answer.text
    first = db.session.query(BudgetLine).first()
    address = f"/exchanges/{exchange.id}/budget/{first.id}"
    assert "1250.50" in page.get(address).text
    page.post(address, data={**line, "amount": "3"})
    db.session.expire_all()
    assert str(first.amount) == "3.00"
    page.post(f"{address}/remove")
    assert db.session.query(BudgetLine).count() == 2
    assert page.get(address).status_code == 404


def test_a_partnership_over_years_has_phases(browser):
    exchange, host, _learner = partnership(
        state=S.preparing, kind=ExchangeKind.cooperation_partnership
    )
    page = browser.as_(host)
    sent = {"title": "Inception", "objective": "To know each other.", "starts_on": "2026-01-01"}
    answer = page.post(f"/exchanges/{exchange.id}/phases/new", data=sent, follow_redirects=True)
    assert "Inception" in answer.text
    phase = db.session.query(Phase).one()
    address = f"/exchanges/{exchange.id}/phases/{phase.id}"
    page.post(address, data={**sent, "title": "Start", "ends_on": "2026-12-31"})
    db.session.expire_all()
    assert (phase.title, phase.ends_on) == ("Start", date(2026, 12, 31))
    page.post(f"{address}/remove")
    assert db.session.query(Phase).count() == 0


def test_an_override_is_for_administrators_with_a_reason_and_marked_for_ever(browser):
    exchange, _host, learner = partnership(state=S.visited)
    address = f"/exchanges/{exchange.id}/override"
    assert browser.as_(factories.officer()).get(address).status_code == 403
    page = browser.as_(factories.administrator())
    assert "for ever" in page.get(address).text
    sent = {"to_state": "disseminating", "expected_state": "visited"}
    assert "This is needed." in page.post(address, data=sent).text
    answer = page.post(address, data={**sent, "note": "Done on paper."}, follow_redirects=True)
    assert answer.text.count("Override") >= 2
    text = browser.as_(learner).get(f"/exchanges/{exchange.id}").text
    assert '<strong class="tag warn">Override</strong>' in text
    assert "Done on paper." in text
    assert (
        '<strong class="tag warn">Override</strong>' in browser.as_(learner).get("/exchanges").text
    )
    listed = browser.api(learner).get("/api/v1/exchanges").json["items"]
    assert [one["overridden"] for one in listed if one["id"] == exchange.id] == [True]


def test_three_cities_make_a_triangular_partnership_of_several_visits(browser):
    lead, host = factories.organisation(), factories.organisation()
    coordinator = factories.person(of=lead)
    third, funder = factories.organisation(), factories.organisation()
    api = browser.api(coordinator)
    made = api.post(
        "/api/v1/exchanges",
        json={
            "proposer_id": lead.id,
            "proposer_role": "learner",
            "title": "Land records, South and South with the North",
            "kind": "cooperation_partnership",
            "language": "en",
            "themes": ["mobility"],
            "starts_on": "2027-01-01",
            "ends_on": "2030-12-31",
        },
    ).json
    root = f"/api/v1/exchanges/{made['id']}"
    for city, role in ((host, "host"), (third, "host"), (third, "learner"), (funder, "funder")):
        named = api.post(f"{root}/partners", json={"organisation_id": city.id, "role": role})
        assert named.status_code == 201, named.json
    for title, first in (("Survey", "2027-01-01"), ("Registry", "2029-01-01")):
        sent = {"title": title, "starts_on": first, "ends_on": first}
        assert api.post(f"{root}/phases", json=sent).status_code == 201
    shown = api.get(root).json
    assert [(one["organisation"]["id"], one["role"]) for one in shown["partners"]] == [
        (lead.id, "learner"),
        (host.id, "host"),
        (third.id, "host"),
        (third.id, "learner"),
        (funder.id, "funder"),
    ]
    assert [phase["title"] for phase in api.get(f"{root}/phases").json] == ["Survey", "Registry"]
    assert db.session.get_one(Exchange, made["id"]).is_multi_visit


def test_staff_name_the_officer(browser):
    exchange, host, _learner = partnership(state=S.eligible)
    officer = factories.officer(name="Amina")
    address = f"/exchanges/{exchange.id}/officer"
    assert browser.as_(host).get(address).status_code == 403
    answer = browser.as_(officer).post(
        address, data={"owner_id": officer.id}, follow_redirects=True
    )
    assert "Amina" in answer.text
    browser.as_(officer).post(address, data={"owner_id": ""})
    db.session.expire_all()
    assert exchange.owner is None


def test_overdue_on_hold_and_closed_are_told(browser):
    exchange, host, _learner = partnership(state=S.preparing, due_on=today() - timedelta(days=3))
    page = browser.as_(host)
    text = page.get(f"/exchanges/{exchange.id}").text
    assert "3 days overdue" in text
    assert "Quelimane" in text
    exchange.due_on = today()
    db.session.commit()
    assert '<span class="tag">today</span>' in page.get(f"/exchanges/{exchange.id}").text
    exchange.state = S.on_hold
    db.session.commit()
    assert "was at: In preparation" in page.get(f"/exchanges/{exchange.id}").text
    exchange.state = S.closed_with_change
    db.session.commit()
    text = page.get(f"/exchanges/{exchange.id}").text
    assert "<span>Closed</span>" in text
    assert "Add a partner" not in text


def test_the_list_costs_the_same_however_many(browser, statements):
    officer = factories.officer()
    page = browser.as_(officer)
    costs = []
    for more in (1, 2, 27):
        for _ in range(more):
            exchange, _host, _learner = partnership(owner=officer, state=S.submitted)
            exchange.needs = [factories.need()]
        db.session.commit()
        page.get("/exchanges?size=100")
        with statements() as seen:
            assert page.get("/exchanges?size=100").status_code == 200
        costs.append(len(seen))
    assert costs[0] == costs[1] == costs[2] <= 14


@pytest.mark.parametrize("language", ["fr", "es"])
def test_the_pages_answer_in_every_language(browser, language):
    exchange, host, _learner = partnership(state=S.preparing)
    page = browser.as_(host, language)
    for address in ("/exchanges", "/my/proposals/new", f"/exchanges/{exchange.id}"):
        assert page.get(address).status_code == 200
