"""A need on its pages: written, corrected, published, withdrawn; and who may not see it."""

import pytest

from exchange.catalogue.models import Need
from exchange.extensions import db
from tests import factories
from workflows.need import NeedState


def test_a_coordinator_writes_and_publishes_a_need(browser):
    city = factories.organisation("Nampula")
    page = browser.as_(factories.person(of=city))
    sent = {
        "organisation_id": city.id,
        "title": "Drainage of markets",
        "text": "Our markets flood.",
        "language": "en",
        "themes": ["informal-economy-markets"],
        "languages": ["pt", "en"],
    }
    answer = page.post("/needs/new", data=sent, follow_redirects=True)
    assert answer.status_code == 200
    assert "Publish" in answer.text
    need = db.session.query(Need).one()
    step = {"trigger": "publish", "expected_state": "draft"}
    answer = page.post(f"/needs/{need.id}/move", data=step, follow_redirects=True)
    assert "Published" in answer.text
    db.session.expire_all()
    assert need.state == NeedState.published
    assert need.expires_on is not None


def test_a_form_with_errors_keeps_what_was_typed(browser):
    city = factories.organisation()
    page = browser.as_(factories.person(of=city))
    answer = page.post("/needs/new", data={"text": "Only a text", "language": "xx1"})
    assert answer.status_code == 422
    assert "Only a text" in answer.text
    assert "This is needed." in answer.text
    assert db.session.query(Need).count() == 0


def test_a_foreign_draft_does_not_exist(browser):
    draft = factories.need(state=NeedState.draft)
    stranger = browser.as_(factories.person(of=factories.organisation()))
    assert stranger.get(f"/needs/{draft.id}").status_code == 404
    assert (
        browser.api(factories.person(of=factories.organisation()))
        .get(f"/api/v1/needs/{draft.id}")
        .status_code
        == 404
    )


def test_a_visitor_is_sent_to_the_sign_in_page(browser):
    need = factories.need()
    answer = browser.as_().get(f"/needs/{need.id}")
    assert answer.status_code == 302
    assert "/sign-in" in answer.location


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_list_costs_the_same_however_many(browser, statements, rows):
    for _ in range(rows):
        factories.need()
    page = browser.as_(factories.person(of=factories.organisation()))
    page.get("/needs")
    with statements() as seen:
        assert page.get("/needs").status_code == 200
    assert len(seen) <= 12
