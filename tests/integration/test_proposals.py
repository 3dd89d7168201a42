"""A proposal from its working title to the secretariat: page by page, in any order, by two."""

import pytest

from exchange.exchanges import proposals
from exchange.exchanges.models import Exchange, HostSearch, PartnerRole
from exchange.extensions import db
from tests import factories
from workflows.exchange import ExchangeState as S


def association(members=2):
    """An association with member cities that each have a published need, and its coordinator."""
    cities = [factories.organisation(f"Member {number}") for number in range(members)]
    body = factories.association("ANAMM", members=tuple(cities))
    needs = [factories.need(organisation=city, title=f"Need of {city.name}") for city in cities]
    return body, needs, factories.person("Ana", of=body)


def begin(page, body, needs=(), title="Markets"):
    """Begin a draft as the page does; the draft."""
    sent = {"proposer_id": body.id, "title": title, "need_ids": [need.id for need in needs]}
    answer = page.post("/my/proposals/new", data=sent)
    assert answer.status_code == 302, answer.text
    return db.session.get_one(Exchange, int(answer.location.rsplit("/", 1)[-1]))


def save(page, draft, step, **answers):
    """Send a step with the version that its page shows."""
    sent = {"version_id": draft.version_id, "then": "go", **answers}
    answer = page.post(f"/my/proposals/{draft.id}/{step}", data=sent)
    db.session.refresh(draft)
    return answer


LEARN = {
    "title": "Markets that do not flood",
    "purpose": "How others drain their markets.",
    "learning_question": "Who cleans the drains?",
    "themes": ["informal-economy-markets"],
}


def test_a_draft_begins_with_a_working_title_and_brings_what_the_needs_say(browser):
    body, needs, ana = association()
    page = browser.as_(ana)
    ids = "&".join(f"need_ids={need.id}" for need in needs)
    text = page.get(f"/my/proposals/new?{ids}").text
    assert "Need of Member 0" in text
    assert "about 15 minutes" in text
    draft = begin(page, body, needs)
    assert draft.state == S.draft
    assert draft.needs == needs
    assert [p.role for p in draft.partners].count(PartnerRole.learner) == 2
    assert proposals.proposer_role(draft) == PartnerRole.association
    assert "Buses that people can rely on." in draft.purpose
    assert [term.code for term in draft.tagged("theme")] == ["mobility"]


def test_nobody_begins_for_an_organisation_of_others(browser):
    body, _needs, _ana = association()
    stranger = browser.as_(factories.person(of=factories.organisation()))
    answer = stranger.post("/my/proposals/new", data={"proposer_id": body.id, "title": "Mine?"})
    assert answer.status_code == 422
    assert "You do not speak for this organisation." in answer.text
    assert db.session.query(Exchange).count() == 0


def test_the_tasks_say_how_far_each_subject_is(browser):
    body, needs, ana = association()
    page = browser.as_(ana)
    draft = begin(page, body)
    text = page.get(f"/my/proposals/{draft.id}").text
    assert text.count("Not started") == 4
    assert "Please send it by" in text
    save(page, draft, "learn", title="Markets", purpose="How?")
    text = page.get(f"/my/proposals/{draft.id}").text
    assert "In progress" in text
    save(page, draft, "learn", **LEARN)
    save(page, draft, "meet", kind="study_visit", need_ids=[needs[0].id], host_search="wanted")
    text = page.get(f"/my/proposals/{draft.id}").text
    assert text.count(">Done<") == 3
    needs[0].state = "withdrawn"
    db.session.commit()
    assert "A need in it is no longer open" in page.get(f"/my/proposals/{draft.id}").text


@pytest.mark.parametrize("step", ["who", "learn", "meet", "when"])
def test_every_step_opens_at_once_and_saves_half_of_its_answers(browser, step):
    body, _needs, ana = association()
    page = browser.as_(ana)
    draft = begin(page, body)
    assert page.get(f"/my/proposals/{draft.id}/{step}").status_code == 200
    half = {"who": {"proposer_id": body.id, "language": "en"}, "learn": {"title": "Half"}}
    sent = half.get(step, {"kind": "mentoring"} if step == "meet" else {"guests": "4"})
    assert save(page, draft, step, **sent).status_code == 302
    answer = page.post(
        f"/my/proposals/{draft.id}/{step}",
        data={"version_id": draft.version_id, "then": "leave", **sent},
    )
    assert answer.location == "/my"


def test_the_way_leads_from_each_step_to_the_next_and_to_the_check(browser):
    body, _needs, ana = association()
    page = browser.as_(ana)
    draft = begin(page, body)
    assert save(page, draft, "learn", **LEARN).location.endswith(f"/{draft.id}/meet")
    assert save(page, draft, "when", mode="online").location.endswith(f"/{draft.id}/check")


def test_what_cannot_be_read_is_told_at_its_field_and_kept(browser):
    body, _needs, ana = association()
    page = browser.as_(ana)
    draft = begin(page, body)
    answer = save(page, draft, "when", starts_on="2027-13-45", budget_note="We pay the flights.")
    assert answer.status_code == 422
    assert "Give a date" in answer.text
    assert "We pay the flights." in answer.text
    assert '"2027-13-45"' in answer.text


def test_a_proposal_is_sent_when_nothing_is_missing_and_its_people_agree(browser):
    body, needs, ana = association()
    host = factories.organisation("Maringá")
    page = browser.as_(ana)
    draft = begin(page, body)
    check = f"/my/proposals/{draft.id}/check"
    text = page.get(check).text
    assert f"/my/proposals/{draft.id}/learn#purpose" in text
    refused = page.post(check, data={"consent": "yes"})
    assert refused.status_code == 422
    save(page, draft, "learn", **LEARN)
    save(
        page,
        draft,
        "meet",
        need_ids=[need.id for need in needs],
        host_search="known",
        host_id=host.id,
        kind="peer_review",
    )
    save(page, draft, "when", mode="hybrid", guests="6", languages=["pt", "en"])
    text = page.get(check).text
    assert "is missing" not in text
    assert "Maringá" in text
    assert "Who cleans the drains?" in text
    without = page.post(check, data={})
    assert without.status_code == 422
    assert "Without your consent" in without.text
    answer = page.post(check, data={"consent": "yes"}, follow_redirects=True)
    assert "Your proposal has been sent" in answer.text
    assert draft.reference in answer.text
    db.session.refresh(draft)
    assert draft.state == S.submitted
    assert draft.consented_on is not None
    assert [p.organisation for p in draft.with_role(PartnerRole.host)] == [host]
    # sent is sent: its pages lead to the exchange
    for address in ("", "/learn", "/check"):
        assert page.get(f"/my/proposals/{draft.id}{address}").location == f"/exchanges/{draft.id}"


def test_more_is_asked_answered_and_sent_again(browser):
    body, needs, ana = association()
    page, officer = browser.as_(ana), browser.as_(factories.officer())
    draft = begin(page, body, needs)
    save(page, draft, "meet", kind="study_visit", host_search="wanted", need_ids=[needs[0].id])
    save(page, draft, "when", mode="on_site", languages=["en"])
    page.post(f"/my/proposals/{draft.id}/check", data={"consent": "yes"})
    asked = {"trigger": "ask_information", "expected_state": "submitted", "note": "Who would pay?"}
    officer.post(f"/exchanges/{draft.id}/move", data=asked)
    text = page.get(f"/my/proposals/{draft.id}").text
    assert "Who would pay?" in text
    assert "Send it again" in page.get(f"/my/proposals/{draft.id}/check").text
    db.session.refresh(draft)
    save(page, draft, "when", mode="on_site", languages=["en"], budget_note="The association.")
    page.post(f"/my/proposals/{draft.id}/check", data={"consent": "yes"})
    db.session.refresh(draft)
    assert (draft.state, draft.budget_note) == (S.submitted, "The association.")


def test_partners_follow_the_answers(browser):
    body, needs, ana = association()
    first, second = factories.organisation(), factories.organisation()
    page = browser.as_(ana)
    draft = begin(page, body, needs)
    save(page, draft, "meet", kind="study_visit", need_ids=[needs[0].id], host_id=first.id)
    assert [p.organisation_id for p in draft.with_role(PartnerRole.learner)] == [
        needs[0].organisation_id
    ]
    assert [p.organisation for p in draft.with_role(PartnerRole.host)] == [first]
    save(page, draft, "meet", kind="study_visit", need_ids=[needs[0].id], host_id=second.id)
    assert [p.organisation for p in draft.with_role(PartnerRole.host)] == [second]
    city = needs[1].organisation
    save(page, draft, "meet", kind="study_visit", learner_id=city.id, host_id="")
    assert [p.organisation for p in draft.with_role(PartnerRole.learner)] == [city]
    assert not draft.with_role(PartnerRole.host)
    save(page, draft, "who", proposer_id=city.id, proposer_role="mentor", language="pt")
    assert draft.proposer == city
    assert proposals.proposer_role(draft) == PartnerRole.mentor


def test_a_draft_of_others_is_not_there(browser):
    body, _needs, ana = association()
    draft = begin(browser.as_(ana), body)
    stranger = browser.as_(factories.person(of=factories.organisation()))
    for address in ("", "/learn", "/check", "/sent"):
        assert stranger.get(f"/my/proposals/{draft.id}{address}").status_code == 404
    answer = stranger.post(f"/my/proposals/{draft.id}/autosave", json={"step": "learn"})
    assert answer.status_code == 404
    assert browser.as_().get(f"/my/proposals/{draft.id}").status_code == 302


def test_the_old_addresses_lead_into_the_wizard(browser):
    _body, _needs, ana = association()
    page = browser.as_(ana)
    assert page.get("/exchanges/new").location == "/my/proposals/new"
    assert page.get("/exchanges/bundle").location == "/my#bundle"


def test_what_the_wizard_asks_is_in_the_api_too(browser):
    body, _needs, ana = association()
    api = browser.api(ana)
    made = api.post(
        "/api/v1/exchanges",
        json={
            "proposer_id": body.id,
            "title": "By machine",
            "kind": "study_visit",
            "language": "en",
            "learning_question": "How?",
            "host_search": "wanted",
            "mode": "online",
            "guests": 3,
            "access_needs": "Sign language.",
            "budget_note": "None.",
        },
    )
    assert made.status_code == 201, made.json
    assert made.json["learning_question"] == "How?"
    assert (made.json["mode"], made.json["guests"]) == ("online", 3)
    assert db.session.query(Exchange).one().host_search == HostSearch.wanted
    assert "access_needs" not in made.json  # not everybody's business
    address = f"/api/v1/exchanges/{made.json['id']}/proposal"
    shown = api.get(address).json
    assert (shown["access_needs"], shown["budget_note"]) == ("Sign language.", "None.")
    assert {"step": "learn", "field": "themes", "code": "required"} in shown["missing"]
    refused = api.post(address, json={"consent": True})
    assert refused.status_code == 422
    assert refused.json["error"]["code"] == "proposal_incomplete"
    stranger = browser.api(factories.person(of=factories.organisation()))
    assert stranger.get(address).status_code == 404


def test_a_machine_sends_a_complete_proposal(browser):
    body, needs, ana = association()
    draft = begin(browser.as_(ana), body, needs)
    api = browser.api(ana)
    root = f"/api/v1/exchanges/{draft.id}"
    api.patch(root, json={"mode": "online", "host_search": "wanted"})
    assert api.get(f"{root}/proposal").json["missing"] == []
    without = api.post(f"{root}/proposal", json={"consent": False})
    assert without.json["error"]["code"] == "consent_needed"
    sent = api.post(f"{root}/proposal", json={"consent": True})
    assert sent.status_code == 201, sent.json
    assert sent.json["state"] == "submitted"
