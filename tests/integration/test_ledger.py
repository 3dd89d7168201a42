"""What organisations gave and received, who takes part, and the workspace of those who lead."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.catalogue.models import Offer
from exchange.clock import now, today
from exchange.dashboards.balance import hide_small, of_exchange, of_portfolio
from exchange.dashboards.ledger import accounts
from exchange.directory.models import Membership
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.lessons.models import FollowUp
from exchange.reminders.models import EscalationLevel, Reminder
from exchange.visits.models import Gender, Office
from tests import factories
from tests.factories import visits
from workflows.follow_up import FollowUpState
from workflows.participant import ParticipantState
from workflows.reminder import ReminderState


@pytest.fixture
def story(app):
    """Lyon learned from Maringá in 2024."""
    host, learner = factories.organisation("Maringá"), factories.organisation("Lyon")
    theme = factories.term("theme", "markets")
    row = factories.exchange(
        state="closed_with_change", host=host, learner=learner, starts_on=date(2024, 3, 1)
    )
    row.terms.append(theme)
    row.title = "Markets"
    db.session.commit()
    return row, host, learner, theme


def test_the_ledger_shows_by_name_who_gave_and_who_received(browser, story):
    row, host, learner, _theme = story
    found = accounts([host.id, learner.id], factories.officer())
    assert found[host.id].given_by_year == {2024: 1}
    assert not found[host.id].received
    assert found[learner.id].received_by_year == {2024: 1}
    page = browser.as_(factories.person()).get("/ledger").text
    assert page.index("Lyon") < page.index("Maringá")
    assert browser.as_(factories.person()).get("/ledger?sort=-name").text.index("Lyon") > 0
    api = browser.api(factories.person())
    rows = api.get("/api/v1/ledger?given_side=host_to_come").json["items"]
    assert [one["organisation"]["name"] for one in rows] == ["Lyon"]
    assert rows[0]["received"][0]["reference"] == row.reference
    there = browser.as_(factories.person()).get(f"/organisations/{host.id}").text
    assert "Markets" in there


def test_an_exchange_without_a_visit_gives_nobody_anything(story):
    row, host, _learner, _theme = story
    row.state = "preparing"
    db.session.commit()
    assert not accounts([host.id], factories.officer())[host.id].given


def test_whoever_learned_is_suggested_as_a_host_and_offers_it_with_one_click(browser, story):
    row, _host, learner, theme = story
    elsewhere = factories.need(state="published")
    elsewhere.terms.append(theme)
    db.session.commit()
    page = browser.as_(factories.person(of=elsewhere.organisation, role="coordinator"))
    assert "Lyon" in page.get(f"/needs/{elsewhere.id}").text
    mine = browser.as_(factories.person(of=learner, role="coordinator"))
    assert f"/ledger/exchanges/{row.id}/offer" in mine.get("/city").text
    stranger = page.post(
        f"/ledger/exchanges/{row.id}/offer", data={"organisation_id": elsewhere.organisation_id}
    )
    assert stranger.status_code == 422
    for _again in range(2):
        sent = {"organisation_id": learner.id}
        assert mine.post(f"/ledger/exchanges/{row.id}/offer", data=sent).status_code == 302
    offer = db.session.query(Offer).one()
    assert (offer.title, offer.organisation_id, offer.state) == ("Markets", learner.id, "draft")
    assert [term.code for term in offer.tagged("theme")] == ["markets", "mobility"]
    api = browser.api(factories.person(of=elsewhere.organisation, role="coordinator"))
    refused = api.post(f"/api/v1/ledger/exchanges/{row.id}/offer", json=sent)
    assert refused.status_code == 422
    assert f"/ledger/exchanges/{row.id}/offer" not in mine.get("/city").text


@given(st.dictionaries(st.text(min_size=1, max_size=3), st.integers(0, 30), max_size=6))
def test_what_is_hidden_cannot_be_found_by_subtraction(counts):
    shown = hide_small(counts)
    hidden = [counts[key] for key, number in shown.items() if number is None]
    assert all(number is None or number == counts[key] for key, number in shown.items())
    assert all(not 0 < number < 5 for number in shown.values() if number is not None)
    assert not hidden or sum(hidden) >= 5 or len(hidden) == len(counts)
    assert not hidden or len(hidden) > 1 or len(counts) == 1


def test_the_balance_of_an_exchange_and_of_the_portfolio(browser):
    made = visits.story(state="visited")
    visit = visits.visit(made.exchange, starts_on=date(2025, 5, 1), ends_on=date(2025, 5, 2))
    city = made.exchange.proposer
    people = [(Gender.woman, Office.political)] * 6 + [(Gender.man, Office.technical)] * 2
    for number, (gender, office) in enumerate([*people, (Gender.unsaid, Office.unsaid)]):
        one = visits.participant(visit, city, email=f"p{number}@x.org", gender=gender)
        one.office, one.state = office, ParticipantState.confirmed
    db.session.commit()
    found = of_exchange(made.exchange.id)
    assert found.people == 9
    assert found.genders == {"woman": 6, "man": 2, "unsaid": 1}
    assert found.offices == {"political": 6, "technical": 2, "other": 0, "unsaid": 1}
    whole = of_portfolio({})
    assert whole.people == 9
    assert whole.genders == {"woman": None, "man": None, "unsaid": None}
    assert of_portfolio({"until": date(2025, 1, 1)}).people == 0
    assert "too few" in browser.as_(factories.person()).get("/balance").text
    api = browser.api(factories.person())
    assert api.get("/api/v1/balance?since=2025-01-01").json["genders"]["woman"] is None
    inside = f"/balance/exchanges/{made.exchange.id}"
    assert browser.as_(factories.person()).get(inside).status_code == 403
    assert browser.as_(factories.officer()).get(inside).status_code == 200


def test_an_association_leads_from_one_page(browser, story):
    row, _host, learner, _theme = story
    union = factories.association("Union")
    learner.memberships.append(Membership(body=union))
    need = factories.need(organisation=learner, state="published", title="Clean drains")
    need.published_at = now()
    db.session.add(
        FollowUp(
            exchange=row,
            organisation=learner,
            months=3,
            due_on=today(),
            state=FollowUpState.asked,
        )
    )
    db.session.add(
        Reminder(
            kind="exchange_overdue",
            subject_type="exchange",
            subject_id=row.id,
            wanted_state="closed_with_change",
            level=EscalationLevel.association,
            due_on=today(),
            due_at=now(),
            sent_at=now(),
            state=ReminderState.sent,
        )
    )
    db.session.commit()
    officer = factories.person(of=union, role="coordinator")
    there = browser.as_(officer)
    assert f"/workspaces/{union.id}" in there.get("/my").text
    assert there.get("/workspaces").headers["Location"].endswith(f"/workspaces/{union.id}")
    page = there.get(f"/workspaces/{union.id}").text
    assert f'name="need_ids" value="{need.id}"' in page
    assert "0 of 1" in page
    told = browser.api(officer).get(f"/api/v1/workspaces/{union.id}").json
    assert [one["title"] for one in told["told"]] == ["Markets"]
    assert told["figures"]["received"] == 1
    assert told["figures"]["follow_ups_asked"] == 1
    stranger = browser.as_(factories.person(of=factories.organisation(), role="coordinator"))
    assert stranger.get(f"/workspaces/{union.id}").status_code == 403
    assert browser.as_(factories.officer()).get(f"/workspaces/{learner.id}").status_code == 404


def test_a_section_sees_its_region_and_its_challenges(browser):
    section = factories.organisation("UCLG Africa", kind="section", sections=("AFRICA",))
    city = factories.organisation("Nampula", sections=("AFRICA",))
    factories.need(organisation=city, state="published", title="Clean drains")
    officer = factories.section_officer()
    there = browser.as_(officer)
    sent = {
        "text": "Who follows the trainers?",
        "language": "en",
        "organisation_id": section.id,
        "said_on": today(),
    }
    assert there.post("/challenges/new", data=sent).status_code == 302
    page = there.get("/workspaces", follow_redirects=True).text
    assert "Clean drains" in page
    assert "Who follows the trainers?" in page
    assert "/workspaces" in there.get("/dashboard").text
    other = browser.as_(factories.section_officer("EUROPE"))
    assert other.get(f"/workspaces/{section.id}").status_code == 403


def test_the_officer_of_a_section_bundles_needs_of_its_cities(browser):
    section = factories.organisation("UCLG Africa", kind="section", sections=("AFRICA",))
    cities = [factories.organisation(name, sections=("AFRICA",)) for name in ("Nampula", "Beira")]
    needs = [factories.need(organisation=city, title=f"Drains of {city.name}") for city in cities]
    far = factories.need(organisation=factories.organisation("Lyon", sections=("EUROPE",)))
    there = browser.as_(factories.section_officer())
    page = there.get(f"/workspaces/{section.id}").text
    for need in needs:
        assert f'name="need_ids" value="{need.id}"' in page
    assert "Propose an exchange for these" in page
    asked = f"/my/proposals/new?need_ids={needs[0].id}&need_ids={needs[1].id}"
    assert "Drains of Beira" in there.get(asked).text
    sent = {"title": "Drains", "proposer_id": section.id}
    sent["need_ids"] = [needs[0].id, needs[1].id, far.id]
    assert there.post("/my/proposals/new", data=sent).status_code == 302
    made = db.session.query(Exchange).one()
    assert made.proposer == section
    assert set(made.needs) == set(needs), "what lies in another region is left out"
    assert not any(p.committed_on for p in made.partners if p.organisation in cities)
    assert there.get(f"/my/proposals/{made.id}").status_code == 200


@pytest.mark.parametrize("size", [1, 30])
def test_a_workspace_costs_the_same_for_one_member_and_for_thirty(browser, statements, size):
    union = factories.association("Union")
    for number in range(size):
        city = factories.organisation(f"City {number}")
        city.memberships.append(Membership(body=union))
        factories.need(organisation=city, state="published")
        factories.offer(organisation=city, state="published")
        factories.exchange(
            state="visited", learner=city, host=factories.organisation(f"Host {number}")
        )
    db.session.commit()
    there = browser.as_(factories.person(of=union, role="coordinator"))
    there.get(f"/workspaces/{union.id}")
    with statements() as found:
        assert there.get(f"/workspaces/{union.id}").status_code == 200
    assert len(found) <= COST


COST = 25
