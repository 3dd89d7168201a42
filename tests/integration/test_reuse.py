"""Re-use: what another city must know, who took a practice up, and the chain to what changed."""

from datetime import timedelta

import pytest

from exchange.clock import now
from exchange.errors import Invalid, NotAllowed
from exchange.extensions import db
from exchange.lessons.models import CostOrder
from exchange.pictures.chain import MOST, layout
from exchange.practices import actions, reusing
from exchange.practices.reuse import Adoption, PracticeSheet
from exchange.practices.scoring import WHOLE, WRITTEN, score
from exchange.reminders.models import Reminder
from exchange.reminders.send import plan_now
from exchange.transaction import transaction
from tests import factories
from tests.factories import lessons
from tests.factories.practices import practice
from workflows.adoption import AdoptionState
from workflows.practice import PracticeState


def test_a_city_takes_a_practice_up_and_says_what_changed(browser):
    row = practice("Clean markets")
    city = factories.organisation("Lichinga")
    client = browser.as_(factories.person(of=city))
    path = f"/practices/{row.id}/adoptions/new"
    sent = {"organisation_id": city.id, "language": "pt"}
    assert client.post(path, data=sent).status_code == 302
    assert client.post(path, data=sent).status_code == 422, "once a city"
    adoption = db.session.query(Adoption).one()
    page = f"/adoptions/{adoption.id}"
    refused = client.post(f"{page}/move", data={"trigger": "finish"})
    assert refused.status_code == 409, "first say what was made different"
    client.post(page, data={"adapted": "Duas vezes por semana.", "changed": "Menos cheias."})
    client.post(f"{page}/move", data={"trigger": "finish"})
    seen = browser.as_().get(f"/en/practices/{row.id}").text
    assert "Lichinga" in seen
    assert "Menos cheias." in seen
    assert "<svg" in seen
    assert "Ready to be re-used: 5 of 100" in seen
    stranger = browser.as_(factories.person(of=factories.organisation()))
    assert stranger.post(page, data={"adapted": "x"}).status_code == 403
    assert stranger.post(f"{page}/move", data={"trigger": "drop", "note": "x"}).status_code == 403


def test_the_sheet_is_that_of_the_exchange_until_somebody_writes_another(browser):
    story = lessons.evaluated()
    note = lessons.published(story)
    from exchange.lessons.actions import save_transferability

    save_transferability(story.exchange, {"conditions": "A market council."}, actor=story.author)
    row = actions.from_note(note, actor=story.officer)
    db.session.commit()
    assert reusing.sheet_of(row).conditions == "A market council."
    client = browser.as_(factories.person(of=story.host))
    what = {"what_failed": "Fines.", "conditions": "A council.", "cost_order": "under_10k"}
    client.post(f"/practices/{row.id}/sheet", data=what)
    own = db.session.query(PracticeSheet).one()
    assert (own.what_failed, own.conditions) == ("Fines.", "A council.")
    assert story.exchange.transferability.conditions == "A market council."
    stranger = browser.as_(factories.person(of=factories.organisation()))
    assert stranger.get(f"/practices/{row.id}/sheet").status_code in (403, 404)


def test_a_score_says_where_each_point_comes_from():
    full = PracticeSheet(**dict.fromkeys(WRITTEN, "x"), cost_order=CostOrder.under_10k)
    assert WHOLE == 100
    assert score(full, 9).points == 100
    assert score(None, 0).points == 0
    half = score(
        PracticeSheet(**{**dict.fromkeys(WRITTEN, " "), "adapt": "x"}, cost_order="unknown"), 1
    )
    assert half.points == WRITTEN["adapt"] + 5
    assert all(0 <= one.points <= one.most for one in half.reasons)


@pytest.mark.parametrize("state", [s for s in PracticeState if s != PracticeState.published])
def test_what_is_not_out_is_taken_up_by_nobody(app, state):
    city = factories.organisation()
    with pytest.raises(NotAllowed, match="not_published"):
        reusing.adopt(
            practice(state=state), {"organisation_id": city.id}, actor=factories.officer()
        )


def test_nobody_takes_up_its_own_practice(app):
    row = practice()
    with pytest.raises(Invalid, match="own_practice"):
        reusing.adopt(row, {"organisation_id": row.organisation_id}, actor=factories.officer())


def test_a_city_is_asked_after_half_a_year(app):
    row, city = practice(), factories.organisation()
    with transaction():
        data = {"organisation_id": city.id, "language": "en"}
        one = reusing.adopt(row, data, actor=factories.officer())
        one.state_since = now() - timedelta(days=179)
    plan_now()
    asked = db.session.query(Reminder).filter_by(kind="adoption_follow_up").all()
    assert {(reminder.subject_id, reminder.state) for reminder in asked} == {(one.id, "planned")}


def test_the_chain_holds_the_learners_of_the_exchange_and_those_who_took_it_up(app):
    story = lessons.evaluated()
    row = actions.from_note(lessons.published(story), actor=story.officer)
    used = Adoption(
        organisation=factories.organisation("Dondo"), changed="Dry streets", language="en"
    )
    dropped = Adoption(organisation=factories.organisation("Beira"), state=AdoptionState.dropped)
    chain = reusing.chain_of(row, [used, dropped])
    for one in (used, dropped):
        assert one not in db.session
    assert [(who.name, told) for who, told in chain] == [
        ("Nampula", []),
        ("Dondo", [("Dry streets", "en")]),
    ]


@pytest.mark.parametrize("number", [0, 1, MOST, MOST + 3])
def test_the_picture_has_a_row_for_each_and_says_how_many_are_left_out(number):
    picture = layout([one % 2 == 0 for one in range(number)])
    assert len(picture.links) == min(number, MOST)
    assert picture.others == max(0, number - MOST)
    assert all(bool(link.onward) == link.changed for link in picture.links)
    assert all(link.y + 56 <= picture.height for link in picture.links)


def test_the_api_tells_the_score_and_takes_adoptions(browser):
    row, city = practice(), factories.organisation()
    api, owner = (
        browser.api(factories.person(of=city)),
        browser.api(factories.person(of=row.organisation)),
    )
    path = f"/api/v1/practices/{row.id}"
    assert owner.put(f"{path}/sheet", json={"adapt": "The days."}).json["points"] == 15
    assert api.put(f"{path}/sheet", json={"adapt": "x"}).status_code == 403
    made = api.post(f"{path}/adoptions", json={"organisation_id": city.id, "language": "en"})
    assert made.status_code == 201
    mine = f"/api/v1/adoptions/{made.json['id']}"
    assert api.patch(mine, json={"adapted": "Days.", "changed": "Dry."}).json["adapted"] == "Days."
    assert api.post(f"{mine}/steps", json={"trigger": "finish"}).status_code == 201
    told = api.get(f"{path}/sheet").json
    assert told["points"] == 20
    assert told["adoptions"][0]["state"] == "in_use"
