"""A proposal saves by itself: what two people, two pages and a bad value do to it."""

import pytest

from exchange.extensions import db
from tests import factories
from tests.integration.test_proposals import association, begin


@pytest.fixture
def draft_of_two(browser):
    """A draft that Ana and Rui of the same association write."""
    body, needs, ana = association()
    rui = factories.person("Rui", of=body)
    page = browser.as_(ana)
    return begin(page, body), page, browser.as_(rui), needs


def autosave(page, draft, values, before=None, step="learn"):
    """What the script sends while somebody types."""
    sent = {"step": step, "values": values, "before": before or {}}
    answer = page.post(f"/my/proposals/{draft.id}/autosave", json=sent)
    db.session.refresh(draft)
    return answer


def test_what_is_typed_is_saved_with_a_new_version_and_said(draft_of_two):
    draft, ana, _rui, _needs = draft_of_two
    before = draft.version_id
    answer = autosave(ana, draft, {"purpose": "How others drain", "themes": ["mobility"]})
    assert answer.status_code == 200, answer.json
    assert answer.json["words"].startswith("Saved at")
    assert answer.json["revision"] == draft.version_id > before
    assert draft.purpose == "How others drain"
    assert [term.code for term in draft.tagged("theme")] == ["mobility"]


def test_a_change_of_tags_alone_is_a_new_version_too(draft_of_two):
    draft, ana, _rui, _needs = draft_of_two
    before = draft.version_id
    autosave(ana, draft, {"themes": ["mobility"]})
    assert draft.version_id > before


def test_two_who_write_different_fields_do_not_disturb_each_other(draft_of_two):
    draft, ana, rui, _needs = draft_of_two
    autosave(rui, draft, {"purpose": "Rui's purpose"}, {"purpose": ""})
    answer = autosave(
        ana, draft, {"learning_question": "Ana's question?"}, {"learning_question": ""}
    )
    assert answer.status_code == 200
    assert (draft.purpose, draft.learning_question) == ("Rui's purpose", "Ana's question?")


def test_two_who_write_the_same_field_see_both_texts(draft_of_two):
    draft, ana, rui, _needs = draft_of_two
    autosave(rui, draft, {"purpose": "Rui's purpose"}, {"purpose": ""})
    both = {"purpose": "Ana's purpose", "learning_question": "Who?"}
    answer = autosave(ana, draft, both, {"purpose": "", "learning_question": ""})
    assert answer.status_code == 409
    assert answer.json["torn"]["purpose"]["text"] == "Rui's purpose"
    assert "Rui changed this" in answer.json["torn"]["purpose"]["said"]
    # what is not torn is saved all the same, and nobody's text is gone
    assert (draft.purpose, draft.learning_question) == ("Rui's purpose", "Who?")
    kept = autosave(ana, draft, {"purpose": "Ana's purpose"}, {"purpose": "Rui's purpose"})
    assert kept.status_code == 200
    assert draft.purpose == "Ana's purpose"


def test_the_same_sent_twice_is_no_quarrel(draft_of_two):
    draft, ana, _rui, _needs = draft_of_two
    for _time in (1, 2):
        answer = autosave(ana, draft, {"purpose": "Once"}, {"purpose": ""})
        assert answer.status_code == 200


def test_a_value_that_cannot_be_taken_stays_on_the_device_and_the_rest_is_saved(draft_of_two):
    draft, ana, _rui, _needs = draft_of_two
    values = {"starts_on": "2027-13-45", "guests": "many", "budget_note": "We pay."}
    answer = autosave(ana, draft, values, step="when")
    assert answer.status_code == 422
    assert set(answer.json["errors"]) == {"starts_on", "guests"}
    assert answer.json["saved"] == ["budget_note"]
    assert draft.budget_note == "We pay."


def test_what_a_rule_refuses_is_told_at_its_field(draft_of_two):
    draft, ana, _rui, needs = draft_of_two
    foreign = factories.need()
    values = {"need_ids": [str(foreign.id)], "host_search": "wanted"}
    answer = autosave(ana, draft, values, step="meet")
    assert answer.status_code == 422
    assert "need_ids" in answer.json["errors"]
    assert draft.host_search == "wanted"
    both = autosave(ana, draft, {"need_ids": [str(need.id) for need in needs]}, step="meet")
    assert both.status_code == 200
    assert len(draft.needs) == 2
    upside_down = {"starts_on": "2027-05-02", "ends_on": "2027-05-01"}
    answer = autosave(ana, draft, upside_down, step="when")
    assert set(answer.json["errors"]) == {"ends_on"}
    assert str(draft.starts_on) == "2027-05-02"


def test_a_title_that_was_emptied_for_a_moment_is_not_lost(draft_of_two):
    draft, ana, _rui, _needs = draft_of_two
    answer = autosave(ana, draft, {"title": "", "purpose": "Kept"})
    assert answer.status_code == 422
    assert (draft.title, draft.purpose) == ("Markets", "Kept")


def test_a_long_list_is_saved_by_its_name(draft_of_two):
    draft, ana, _rui, _needs = draft_of_two
    host = factories.organisation("Maringá", country_code="BR")
    for _city in range(101):
        factories.organisation()
    answer = autosave(ana, draft, {"host_id": "Maringá, Brazil"}, {"host_id": ""}, step="meet")
    assert answer.status_code == 200, answer.json
    assert [p.organisation for p in draft.with_role("host")] == [host]


def test_whoever_is_signed_out_hears_it_as_json(browser, draft_of_two):
    draft, *_rest = draft_of_two
    answer = autosave(browser.as_(), draft, {"purpose": "Lost?"})
    assert answer.status_code == 401
    assert answer.json["title"] == "Please sign in again"


def test_what_was_sent_is_not_written_on(browser, draft_of_two):
    draft, ana, *_rest = draft_of_two
    draft.state = "submitted"
    db.session.commit()
    answer = autosave(ana, draft, {"purpose": "Too late"})
    assert answer.status_code == 403
    assert draft.purpose == ""


def test_without_a_script_the_second_who_saves_chooses_field_by_field(draft_of_two):
    draft, ana, rui, _needs = draft_of_two
    text = ana.get(f"/my/proposals/{draft.id}/learn").text
    shown = text.split('name="shown" value="')[1].split('"')[0]
    version = draft.version_id
    autosave(rui, draft, {"purpose": "Rui's purpose", "themes": ["mobility"]})
    sent = {
        "title": "Markets",
        "purpose": "Ana's purpose",
        "learning_question": "Who?",
        "version_id": version,
        "shown": shown,
    }
    answer = ana.post(f"/my/proposals/{draft.id}/learn", data=sent)
    assert answer.status_code == 409
    for words in ("Rui saved this on", "Rui&#39;s purpose", "Ana&#39;s purpose", 'value="Who?"'):
        assert words in answer.text
    fresh = {name: _hidden(answer.text, name) for name in ("version_id", "shown")}
    sent |= fresh | {"choose-purpose": "theirs", "themes": ["mobility"]}
    assert ana.post(f"/my/proposals/{draft.id}/learn", data=sent).status_code == 302
    db.session.refresh(draft)
    assert (draft.purpose, draft.learning_question) == ("Rui's purpose", "Who?")
    assert [term.code for term in draft.tagged("theme")] == ["mobility"]


def _hidden(text, name):
    return text.split(f'name="{name}" value="')[1].split('"')[0]


def test_who_else_writes_is_said(draft_of_two):
    draft, ana, rui, _needs = draft_of_two
    autosave(rui, draft, {"purpose": "Mine"})
    assert "Rui, last on" in ana.get(f"/my/proposals/{draft.id}").text
