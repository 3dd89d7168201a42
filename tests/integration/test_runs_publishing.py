"""Publishing a run: once, pair by pair, each looked at again; nobody is asked twice."""

import pytest
from sqlalchemy import select

from exchange.catalogue.actions import advance_need, advance_offer
from exchange.errors import Conflict
from exchange.extensions import db
from exchange.matching import actions as matching
from exchange.matching.models import Match, Shown, ShownIn
from exchange.programmes.models import MatchingMode
from exchange.runs import actions, publishing, queries, work
from exchange.runs.models import Occasion, Outcome, RunPair
from exchange.steps import steps_of
from exchange.transaction import transaction
from tests import factories
from tests.integration.run_stories import PATIENCE, begin, fresh, review, settled, work_off
from workflows.engine import TransitionRefused
from workflows.match import MatchState
from workflows.matching_run import RunState


@pytest.fixture
def draft(app):
    review()
    return lambda: work_off(begin())


def publish(run, actor=None):
    with transaction():
        actions.advance(run, "publish", actor=actor)
    return fresh(run.id)


def matches(*states):
    return db.session.scalars(select(Match).where(Match.state.in_(states or MatchState))).all()


def one_pair():
    return factories.need(), factories.offer()


def only_pair(run_id):
    return fresh(run_id).pairs[0]


# The three modes


def test_where_an_officer_reviews_nobody_is_asked_before_the_run_is_published(draft):
    one_pair()
    officer = factories.officer()
    run = draft()
    settled()
    assert (run.state, run.number, matches()) == (RunState.draft, None, [])
    run = publish(run, officer)
    assert (run.state, run.number) == (RunState.published, 1)
    settled()
    (match,) = matches(MatchState.proposed)
    assert (match.score, match.position) == (run.pairs[0].score, 1)
    assert match.configuration_hash == run.configuration_hash
    assert match.holds_place
    assert match.holds_host
    assert steps_of("match", match.id)[0].actor == officer
    assert queries.outcomes(run)["asked"] == 1


def test_where_the_program_asks_a_run_publishes_itself(app):
    one_pair()
    run = work_off(begin())
    assert (run.state, run.number) == (RunState.published, 1)
    settled()
    assert [pair.outcome for pair in fresh(run.id).pairs] == [Outcome.asked]


def test_where_the_program_only_suggests_a_run_writes_suggestions(app):
    review(mode=MatchingMode.suggest)
    need, offer = one_pair()
    run = work_off(begin())
    settled()
    (match,) = matches()
    assert match.state == MatchState.suggested
    assert not match.holds_place
    assert [pair.outcome for pair in fresh(run.id).pairs] == [Outcome.suggested]
    db.session.expire_all()
    assert (need.hosts_held, offer.places_taken) == (0, 0)


def test_a_suggestion_that_is_there_becomes_the_match_of_the_run(draft):
    need, _offer = one_pair()
    with transaction():
        matching.suggest_for_need(need.id)
    publish(draft())
    settled()
    assert [match.state for match in matches()] == [MatchState.proposed]


# Once


def test_only_the_first_of_two_drafts_is_published(draft):
    one_pair()
    first, second = draft(), draft()
    publish(first)
    with pytest.raises(TransitionRefused) as refusal, transaction():
        actions.publish(second, actor=None)
    assert refusal.value.reasons == ("no_run_was_published_since",)
    assert fresh(second.id).state == RunState.draft


def test_the_database_itself_gives_a_number_once(draft, monkeypatch):
    one_pair()
    first, second = draft(), draft()
    publish(first)
    monkeypatch.setattr(queries, "last_number", lambda _code: 0)
    with pytest.raises(Conflict, match="another_was_published"), transaction():
        actions.publish(second, actor=None)
    second = fresh(second.id)
    assert (second.state, second.number) == (RunState.draft, None)


def test_a_page_that_is_old_publishes_nothing(draft):
    run = draft()
    with pytest.raises(Conflict, match="moved_on"), transaction():
        actions.publish(run, actor=None, expected_state="solving")


def test_an_automatic_draft_that_came_second_is_thrown_away(app):
    one_pair()
    review()
    late = work_off(begin())
    one = work_off(begin())
    publish(one)
    with transaction():
        late = fresh(late.id)
        late.mode = MatchingMode.automatic
    due = work.look_after_all(PATIENCE)
    assert due.publish == [late.id]
    assert not work.publish_by_itself(late.id)
    assert fresh(late.id).state == RunState.discarded


def test_a_pair_is_asked_about_once_whoever_looks(draft):
    one_pair()
    run = publish(draft())
    settled()
    (pair,) = run.pairs
    with transaction():
        assert publishing.settle_pair(pair.id, actor=None) is None
    assert work.ask(run.id) == 0
    assert len(matches()) == 1


def test_what_a_dead_publisher_left_is_asked_by_the_next(draft, monkeypatch):
    for _ in range(3):
        one_pair()
    run = publish(draft())
    real, done = publishing.settle_pair, []

    def dies_after_the_first(pair_id, *, actor):
        if done:
            raise KeyboardInterrupt
        done.append(pair_id)
        return real(pair_id, actor=actor)

    monkeypatch.setattr(publishing, "settle_pair", dies_after_the_first)
    with pytest.raises(KeyboardInterrupt):
        work.ask(run.id)
    monkeypatch.undo()
    assert queries.outcomes(fresh(run.id))["asked"] == 1
    assert work.look_after_all(PATIENCE).ask == []  # it is given a moment
    monkeypatch.setattr(work, "ASKING", PATIENCE * 0)
    settled()
    assert queries.outcomes(fresh(run.id)) == {
        "drafted": 0,
        "asked": 3,
        "suggested": 0,
        "dropped": 0,
    }
    assert len(matches(MatchState.proposed)) == 3


def test_a_pair_that_fails_waits_and_the_others_go_on(draft, monkeypatch, caplog):
    for _ in range(2):
        one_pair()
    run = publish(draft())
    real, bad = publishing.settle_pair, run.pairs[0].id

    def fails_once(pair_id, *, actor):
        if pair_id == bad:
            raise RuntimeError("something of ours")
        return real(pair_id, actor=actor)

    monkeypatch.setattr(publishing, "settle_pair", fails_once)
    assert work.ask(run.id) == 1
    assert "something of ours" in caplog.text
    monkeypatch.undo()
    monkeypatch.setattr(work, "ASKING", PATIENCE * 0)
    settled()
    assert queries.outcomes(fresh(run.id))["asked"] == 2


# Looked at again


def withdraw_need(need, _offer):
    advance_need(need, "withdraw", actor=None)


def withdraw_offer(_need, offer):
    advance_offer(offer, "withdraw", actor=None)


def fill_offer(_need, offer):
    other = factories.need(languages=("en", "fr"))
    matching.create_by_officer(other, offer, actor=None)
    match = other.matches[0]
    matching.propose(match, actor=None)


def ask_by_hand(need, offer):
    matching.propose(matching.create_by_officer(need, offer, actor=None), actor=None)


def speak_otherwise(need, _offer):
    need.terms = [factories.term("theme", "mobility"), factories.term("language", "pt")]


def find_its_host(need, _offer):
    other = factories.offer()
    matching.propose(matching.create_by_officer(need, other, actor=None), actor=None)


CHANGES = [
    ("the need was withdrawn", withdraw_need, "both_published"),
    ("the offer was withdrawn", withdraw_offer, "both_published"),
    ("its last place was given", fill_offer, "a_place_is_left"),
    ("an officer asked by hand", ask_by_hand, "not_together_yet"),
    ("they share no language any more", speak_otherwise, "a_common_language"),
    ("somebody else is asked for the need", find_its_host, "holds_a_host"),
]


@pytest.mark.parametrize(("story", "change", "why"), CHANGES, ids=[row[0] for row in CHANGES])
def test_a_pair_that_is_no_match_any_more_is_dropped(draft, story, change, why):
    need, offer = one_pair()
    run = draft()
    with transaction():
        change(need, offer)
    before = len(matches(MatchState.proposed))
    publish(run)
    settled()
    pair = only_pair(run.id)
    assert (pair.outcome, pair.why_dropped) == (Outcome.dropped, why)
    assert len(matches(MatchState.proposed)) == before
    assert db.session.query(Shown).filter_by(place=ShownIn.run).count() == 0


def test_what_was_shown_by_a_run_is_logged(draft):
    need, offer = one_pair()
    run = publish(draft())
    settled()
    (line,) = db.session.query(Shown).filter_by(place=ShownIn.run).all()
    assert (line.need_id, line.offer_id, line.position) == (need.id, offer.id, 1)
    assert line.configuration_hash == run.configuration_hash


# Waiting


def passed_over(need):
    db.session.expire_all()
    return need.passed_over


def test_a_need_that_runs_pass_over_waits_longer_and_is_seen(draft):
    need = factories.need(languages=("pt",))
    one_pair()
    seen = need.updated_at
    publish(draft())
    assert passed_over(need) == 1
    publish(draft())
    assert passed_over(need) == 2
    assert need.updated_at == seen
    factories.offer(languages=("pt",))
    publish(draft())
    settled()
    assert passed_over(need) == 0


def test_a_need_whose_pair_was_dropped_waits_too(draft):
    need, offer = one_pair()
    run = draft()
    with transaction():
        advance_offer(offer, "withdraw", actor=None)
    publish(run)
    assert passed_over(need) == 0
    settled()
    assert passed_over(need) == 1


def test_a_run_after_changes_counts_nobody_as_passed_over(app):
    need = factories.need(languages=("pt",))
    one_pair()
    run = work_off(begin(occasion=Occasion.changes))
    assert run.state == RunState.published
    settled()
    assert passed_over(need) == 0


def test_a_run_after_changes_that_finds_nothing_is_not_published(app):
    factories.need(languages=("pt",)), factories.offer()
    assert work_off(begin(occasion=Occasion.changes)).state == RunState.discarded
    assert db.session.query(RunPair).count() == 0
