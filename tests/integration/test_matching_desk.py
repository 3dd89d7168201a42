"""The desk of matching: programmes, runs, wishes and settings on their pages and in the API."""

import pytest

from exchange.catalogue.models import Need
from exchange.extensions import db
from exchange.matching import settings
from exchange.matching.models import Match, Settings, Wish
from exchange.programmes.models import GENERAL, MatchingMode, Programme
from exchange.runs.models import Run, RunPair
from exchange.transaction import transaction
from tests import factories
from tests.factories.running import finished_run, work_through
from workflows.match import MatchState
from workflows.matching_run import RunState

WASTE = ("waste-circular-economy",)


@pytest.fixture
def desk(browser):
    """The pages of an officer."""
    return browser.as_(factories.officer(name="Lucía"))


@pytest.fixture
def call(app):
    """A programme whose runs are reviewed, with two needs that one offer can serve."""
    programme = factories.programme("markets")
    host = factories.organisation("Lyon", population=520_000, country_code="FR")
    factories.offer(organisation=host, title="Markets that sort", themes=WASTE)
    for number in (1, 2):
        city = factories.organisation(f"Learner {number}", population=300_000)
        need = factories.need(organisation=city, title=f"Sorting {number}", themes=WASTE)
        need.programme = programme
    db.session.commit()
    return programme


# Programmes


def test_an_officer_makes_a_programme_and_says_who_asks(desk):
    bad = {"code": "Call 1", "title_en": "A call", "mode": "review"}
    shown = desk.post("/programmes/new", data=bad)
    assert shown.status_code == 422
    assert "A call" in shown.text
    made = desk.post("/programmes/new", data={**bad, "code": "call-1"}, follow_redirects=True)
    assert "nobody is asked until an officer has looked at this run" in made.text
    programme = db.session.query(Programme).one()
    edited = {"title_en": "A call", "mode": "suggest", "version_id": programme.version_id}
    shown = desk.post(f"/programmes/{programme.id}/edit", data=edited, follow_redirects=True)
    assert "an officer decides each time" in shown.text
    assert "Closed" in shown.text
    old = desk.post(
        f"/programmes/{programme.id}/edit", data={**edited, "title_en": "Another", "version_id": 1}
    )
    assert old.status_code == 409


def test_the_network_at_large_has_a_mode_of_its_own(desk):
    assert "The program asks the two cities as soon as" in desk.get("/programmes").text
    desk.get("/programmes/network")
    assert db.session.query(Programme).count() == 0, "looking makes nothing"
    desk.post("/programmes/network", data={"mode": "review"})
    row = db.session.query(Programme).one()
    assert (row.code, row.mode) == (GENERAL, MatchingMode.review)
    listed = desk.get("/programmes").text
    assert "nobody is asked until an officer" in listed
    assert "No programme yet" in listed


def test_members_see_programmes_and_change_none(browser, call):
    page = browser.as_(factories.person(of=factories.organisation()))
    assert "Call markets" in page.get("/programmes").text
    assert "Write a need for it" in page.get(f"/programmes/{call.id}").text
    for path in ("/programmes/new", f"/programmes/{call.id}/edit", "/programmes/network"):
        assert page.get(path).status_code == 403
    client = browser.api(factories.person(of=factories.organisation()))
    assert client.post("/api/v1/programmes", json={}).status_code == 403


def test_programmes_in_the_api(browser, call):
    client = browser.api(factories.officer())
    sent = {"code": "cities", "title_en": "Cities", "mode": "automatic"}
    made = client.post("/api/v1/programmes", json=sent)
    assert made.status_code == 201
    assert client.post("/api/v1/programmes", json=sent).status_code == 422
    path = f"/api/v1/programmes/{made.json['id']}"
    assert client.patch(path, json={"open": False}).json["open"] is False
    assert client.get(f"/api/v1/programmes/{call.id}").json["published_needs"] == 2
    listed = client.get("/api/v1/programmes?open=true").json
    assert [row["code"] for row in listed["items"]] == ["markets"]
    assert client.get("/api/v1/programmes/network").json["mode"] == "automatic"
    assert client.put("/api/v1/programmes/network", json={"mode": "suggest"}).json["mode"] == (
        "suggest"
    )


# Runs


def test_a_run_is_begun_watched_reviewed_and_published(desk, call):
    begun = desk.post("/matching/runs/new", data={"programme_id": call.id}, follow_redirects=True)
    assert 'http-equiv="refresh"' in begun.text
    assert "0 of 1 blocks are compared." in begun.text
    assert "Waiting for a worker" in begun.text
    again = desk.post("/matching/runs/new", data={"programme_id": call.id})
    assert again.status_code == 409
    run = work_through(db.session.query(Run).one().id)
    shown = desk.get(f"/matching/runs/{run.id}").text
    assert 'http-equiv="refresh"' not in shown
    assert "proven: no other whole is better" in shown
    assert "1 of 2" in shown
    assert "the places it could have went to others" in shown
    assert db.session.query(Match).count() == 0, "nobody is asked while it is a draft"
    pairs = desk.get(f"/matching/runs/{run.id}/pairs").text
    assert "Markets that sort" in pairs
    pair = db.session.query(RunPair).one()
    why = desk.get(f"/matching/runs/{run.id}/pairs/{pair.id}").text
    assert "work on “Waste and circular economy" in why
    assert desk.get(f"/matching/runs/{run.id + 1}/pairs/{pair.id}").status_code == 404
    left = desk.get(f"/matching/runs/{run.id}/without").text
    assert "Sorting" in left
    move = {"trigger": "publish", "expected_state": "draft"}
    desk.post(f"/matching/runs/{run.id}/move", data=move)
    run = work_through(run.id)
    assert (run.state, run.number) == (RunState.published, 1)
    assert db.session.query(Match).one().state == MatchState.proposed
    assert "Asked: 1" in desk.get(f"/matching/runs/{run.id}").text.replace(
        "Both sides asked", "Asked"
    )
    late = desk.post(f"/matching/runs/{run.id}/move", data={"trigger": "discard"})
    assert late.status_code == 409


def test_a_draft_says_how_much_has_changed_since(desk, call):
    run = finished_run(call)
    assert "changed since it was begun" not in desk.get(f"/matching/runs/{run.id}").text
    need = call_needs(call)[0]
    need.title = "Other words"
    db.session.commit()
    assert (
        "1 need or offer has changed since it was begun."
        in desk.get(f"/matching/runs/{run.id}").text
    )


def test_a_run_is_compared_with_the_one_before(desk, call):
    first = finished_run(call)
    desk.post(f"/matching/runs/{first.id}/move", data={"trigger": "publish"})
    work_through(first.id)
    factories.offer(title="Another host", themes=WASTE)
    second = finished_run(call)
    shown = desk.get(f"/matching/runs/{second.id}/comparison").text
    assert "Run 1" in shown
    assert "Another host" in shown
    assert "pairs that are asked or agreed already" in shown


def test_a_failed_run_says_why_and_is_tried_again(desk, call):
    run = finished_run(call)
    with transaction():
        db.session.query(Run).update({"state": RunState.failed})
        run.report = {"failure": {"code": "work_failed", "attempts": 3, "error": "KeyError: 7"}}
    shown = desk.get(f"/matching/runs/{run.id}").text
    assert "The work on it failed several times" in shown
    assert "KeyError: 7" in shown
    desk.post(f"/matching/runs/{run.id}/move", data={"trigger": "retry"})
    db.session.expire_all()
    assert run.state == RunState.queued


def test_runs_are_for_staff(browser, call):
    run = finished_run(call)
    page = browser.as_(factories.person(of=factories.organisation()))
    for path in (
        "/matching",
        "/matching/runs",
        "/matching/runs/new",
        f"/matching/runs/{run.id}/pairs",
    ):
        assert page.get(path).status_code in (403, 404), path
    assert page.get(f"/matching/runs/{run.id}").status_code == 404
    sent = page.post(f"/matching/runs/{run.id}/move", data={"trigger": "publish"})
    assert sent.status_code == 404
    assert ">Matching desk<" not in page.get("/needs").text
    assert browser.as_().get("/matching").status_code == 302


def test_runs_in_the_api(browser, call):
    client = browser.api(factories.officer())
    gone = client.post("/api/v1/matching/runs", json={"programme_id": call.id + 1})
    assert (gone.status_code, set(gone.json["error"]["fields"])) == (422, {"programme_id"})
    begun = client.post("/api/v1/matching/runs", json={"programme_id": call.id})
    assert begun.status_code == 202
    assert begun.json["state"] == "queued"
    path = f"/api/v1/matching/runs/{begun.json['id']}"
    run = work_through(begun.json["id"])
    shown = client.get(path).json
    assert shown["report"]["served"] == 1
    assert shown["proof"] == "proven: no other whole is better"
    pairs = client.get(f"{path}/pairs?outcome=drafted").json
    assert pairs["total"] == 1
    reasons = pairs["items"][0]["reasons"]
    assert sum(reason["points"] for reason in reasons) == pairs["items"][0]["score"]
    left = client.get(f"{path}/without").json
    assert left["items"][0]["code"] == "places_given_to_others"
    comparison = client.get(f"{path}/comparison").json
    assert comparison["before_id"] is None
    assert len(comparison["new"]) == 1
    moved = client.post(f"{path}/steps", json={"trigger": "publish", "expected_state": "queued"})
    assert moved.status_code == 409
    moved = client.post(f"{path}/steps", json={"trigger": "publish", "expected_state": "draft"})
    assert moved.json["state"] == "published"
    assert client.get("/api/v1/matching/runs?state=published").json["total"] == 1
    assert run.configuration_hash == shown["configuration_hash"]


@pytest.mark.parametrize("rows", [1, 3, 30])
def test_the_pairs_of_a_run_cost_the_same_however_many(desk, statements, rows):
    run = Run(programme_code="many", mode=MatchingMode.review, state=RunState.draft)
    run.pairs = [
        RunPair(need=factories.need(), offer=factories.offer(), score=5000) for _ in range(rows)
    ]
    run.report = {"unserved": {str(factories.need().id): "vetoed" for _ in range(rows)}}
    db.session.add(run)
    db.session.commit()
    for part in ("pairs", "without"):
        path = f"/matching/runs/{run.id}/{part}?size=50"
        desk.get(path)
        with statements() as seen:
            assert desk.get(path).status_code == 200
        assert len(seen) <= 8, part


# Wishes


def test_an_officer_pins_and_vetoes_pairs(desk, call):
    need, offer = call_needs(call)[0], factories.offer(themes=WASTE)
    pair = {"need_id": need.id, "offer_id": offer.id}
    form = desk.get("/matching/wishes/new", query_string=pair).text
    assert offer.organisation.name in form
    refused = desk.post("/matching/wishes/new", data={**pair, "kind": "veto", "note": " "})
    assert refused.status_code == 422
    kept = desk.post("/matching/wishes/new", data={**pair, "note": "They quarrelled"})
    assert "They quarrelled" in kept.text
    sent = {**pair, "kind": "veto", "note": "They quarrelled"}
    listed = desk.post("/matching/wishes/new", data=sent, follow_redirects=True).text
    assert "They quarrelled" in listed
    wish = db.session.query(Wish).one()
    desk.post(f"/matching/wishes/{wish.id}/delete")
    assert db.session.query(Wish).count() == 0
    assert desk.get("/matching/wishes/new?need_id=1").status_code == 404


def test_wishes_in_the_api(browser, call):
    client = browser.api(factories.officer())
    need, offer = call_needs(call)[0], factories.offer()
    sent = {"need_id": need.id, "offer_id": offer.id, "kind": "pin"}
    made = client.post("/api/v1/matching/wishes", json=sent)
    assert made.status_code == 201
    assert client.get("/api/v1/matching/wishes").json["items"][0]["kind"] == "pin"
    path = f"/api/v1/matching/wishes/{made.json['id']}"
    assert client.delete(path).status_code == 204
    assert client.get(path).status_code == 404
    member = browser.api(factories.person(of=factories.organisation()))
    assert member.post("/api/v1/matching/wishes", json=sent).status_code == 403


# Settings


def test_settings_are_changed_with_a_reason_and_every_version_stays(desk):
    form = desk.get("/matching/settings").text
    assert 'name="weight_same_themes"' in form
    values = typed(weight_same_themes=3000)
    refused = desk.post("/matching/settings", data={**values, "do": "save", "note": "Less themes"})
    assert refused.status_code == 422
    assert "Less themes" in refused.text
    assert 'value="3000"' in refused.text
    values = typed(weight_same_themes=3000, weight_same_words=2500)
    unsaid = desk.post("/matching/settings", data={**values, "do": "save"})
    assert unsaid.status_code == 422
    sent = {**values, "do": "save", "note": "Texts say more"}
    assert desk.post("/matching/settings", data=sent).status_code == 302
    assert settings.current().weights["same_words"] == 2500
    versions = desk.get("/matching/settings/versions").text
    assert "Texts say more" in versions
    assert "Lucía" in versions
    stale = {**sent, "seen": "another", "note": "Later"}
    assert desk.post("/matching/settings", data=stale).status_code == 409


def test_settings_are_tried_on_the_last_run_before_they_are_saved(desk, call):
    factories.offer(title="By words", themes=("mobility",), text="Sorting in markets.")
    finished_run(call)
    values = typed(set_floor=9000)
    shown = desk.post("/matching/settings", data={**values, "do": "preview", "note": "Try"})
    assert shown.status_code == 200
    assert "With these settings 1 pair changes." in shown.text
    assert 'value="9000"' in shown.text
    assert "Try" in shown.text
    assert db.session.query(Settings).count() == 0
    wrong = desk.post("/matching/settings", data={**typed(set_floor=-1), "do": "preview"})
    assert wrong.status_code == 422


def test_settings_in_the_api(browser, call):
    client = browser.api(factories.officer())
    finished_run(call)
    shown = client.get("/api/v1/matching/settings").json
    assert shown["values"]["floor"] == 1500
    tried = client.post("/api/v1/matching/settings/preview", json={"values": {"floor": 9000}})
    assert tried.json["changed"] == 1
    refused = client.patch("/api/v1/matching/settings", json={"values": {"floor": "much"}})
    assert refused.status_code == 422
    sent = {"values": {"floor": 2000}, "note": "Fewer", "seen": shown["hash"]}
    assert client.patch("/api/v1/matching/settings", json=sent).json["values"]["floor"] == 2000
    assert client.patch("/api/v1/matching/settings", json=sent).status_code == 409
    assert client.get("/api/v1/matching/settings/versions").json["total"] == 1


# Quality


def test_quality_shows_figures_that_open_their_lists(desk, browser):
    need = factories.need(organisation=factories.organisation(population=2_000_000))
    shown = desk.get("/matching/quality").text
    assert "0 of 1" in shown
    assert 'href="/needs?unmatched=yes' in shown
    assert "1 million inhabitants or more" in shown
    assert need.title in desk.get("/needs?unmatched=yes").text
    assert desk.get("/matching/quality?section=AFRICA&since=2026-01-01").status_code == 200
    assert desk.get("/matching/quality?since=yesterday").status_code == 422
    told = browser.api(factories.officer()).get("/api/v1/matching/quality").json
    assert told["coverage"] == {"part": 0, "whole": 1}


def call_needs(programme):
    """The needs of a programme."""
    return db.session.query(Need).filter_by(programme_id=programme.id).order_by(Need.id).all()


def typed(**changes):
    """The form of the settings as it stands, with some values changed."""
    known = settings.current().as_dict()
    weights = {f"weight_{rule}": points for rule, points in known.pop("weights").items()}
    numbers = {f"set_{name}": value for name, value in known.items()}
    return {**weights, **numbers, "seen": settings.current().hash, **changes}
