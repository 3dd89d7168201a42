"""A run of the matcher: begun, worked off in blocks, taken over, tried again, thrown away."""

from datetime import timedelta

import pytest
import time_machine

from exchange.clock import now
from exchange.errors import Conflict, Invalid
from exchange.extensions import db
from exchange.matching import settings, shelf
from exchange.matching.models import Wish, Wished
from exchange.matching.text.choose import Refused
from exchange.matching.text.fallback import FallbackEncoder
from exchange.programmes import actions as programmes
from exchange.programmes.models import MatchingMode
from exchange.runs import actions, beginning, blocks, queries, work
from exchange.runs.models import Block, Run, RunPair
from exchange.steps import steps_of
from exchange.transaction import transaction
from tasks import housekeeping
from tasks import matching as tasks
from tests import factories
from tests.integration.run_stories import PATIENCE, begin, fresh, review, work_off
from workflows.matching_run import RunState
from workflows.need import NeedState
from workflows.offer import OfferState

SILENCE = PATIENCE + timedelta(seconds=1)


def pairs(count, **facts):
    for _ in range(count):
        factories.need(**facts), factories.offer()


def small_blocks(monkeypatch, size=2):
    monkeypatch.setattr(beginning, "FEWEST", size)
    monkeypatch.setattr(beginning, "MOST", size)


def look(run_id):
    """What the sweep finds for a run."""
    due = work.look_after_all(PATIENCE)
    return fresh(run_id), due


def programme(code="forum-2026", mode=MatchingMode.review):
    with transaction():
        return programmes.create({"code": code, "title_en": code, "mode": mode})


def after(silence):
    return time_machine.travel(now() + silence, tick=False)


# Beginning


def test_a_run_writes_down_what_it_looks_at(app, monkeypatch):
    small_blocks(monkeypatch)
    pairs(5)
    factories.need(state=NeedState.draft), factories.offer(state=OfferState.draft)
    officer = factories.officer()
    run = fresh(begin(actor=officer))
    assert (run.state, run.person, run.programme_code) == (RunState.queued, officer, "network")
    assert (run.needs_count, run.offers_count, run.blocks_total, run.blocks_done) == (5, 5, 3, 0)
    assert [len(block.need_ids) for block in run.blocks] == [2, 2, 1]
    assert run.configuration_hash == settings.current().hash
    assert run.configuration == settings.current().as_dict()


def test_the_needs_of_a_programme_are_its_own(app):
    own = programme()
    inside, outside = factories.need(programme=own), factories.need()
    factories.offer(places=5)
    assert fresh(begin(own)).blocks[0].need_ids == [inside.id]
    assert fresh(begin()).blocks[0].need_ids == [outside.id]


def test_a_run_may_have_settings_of_its_own(app):
    run = fresh(begin(values={"floor": 4000}))
    assert run.configuration["floor"] == 4000
    assert run.configuration_hash != settings.current().hash
    with pytest.raises(Invalid), transaction():
        actions.begin(programme(), actor=None, values={"floor": -4})


def test_only_one_run_of_a_programme_is_at_work(app):
    own = programme()
    first = begin()
    begin(own)
    with pytest.raises(Conflict, match="run_at_work"), transaction():
        actions.begin(None, actor=None)
    with transaction():
        actions.discard(db.session.get_one(Run, first), actor=None)
    begin()


def test_the_database_itself_refuses_a_second_run_at_work(app, monkeypatch):
    begin()
    monkeypatch.setattr(queries, "at_work", lambda _code: None)
    with pytest.raises(Conflict, match="run_at_work"), transaction():
        actions.begin(None, actor=None)
    assert db.session.query(Run).count() == 1


def test_a_run_without_needs_comes_to_an_end(app):
    factories.offer()
    run = work_off(begin())
    assert run.state == RunState.published
    assert run.report["served"] == run.report["places"] == 0


# Blocks


def test_blocks_give_the_same_run_as_one_block(app, monkeypatch):
    review()
    for number in range(7):
        factories.need(themes=("mobility", "health")[number % 2 :], hosts_wanted=1 + number % 2)
        factories.offer(themes=("mobility", "health")[: 1 + number % 2])
    whole = work_off(begin())
    small_blocks(monkeypatch)
    parts = work_off(begin())
    assert (whole.blocks_total, parts.blocks_total) == (1, 4)
    told = [[(p.need_id, p.offer_id, p.score, p.rank) for p in run.pairs] for run in (whole, parts)]
    assert told[0] == told[1]
    assert whole.report["objective"] == parts.report["objective"]
    assert parts.report["compared_again"] == 0


def test_what_blocks_found_is_dropped_when_the_run_is_done(app):
    pairs(2)
    run = work_off(begin())
    assert [block.found for block in run.blocks] == [None]
    assert run.blocks[0].done_at is not None


def test_a_block_is_done_once_however_often_it_is_rung_for(app, monkeypatch):
    small_blocks(monkeypatch)
    pairs(4)
    run_id = begin()
    run, due = look(run_id)
    assert run.state == RunState.comparing
    first, last = due.blocks
    assert work.compare(first, patience=PATIENCE) is None
    assert work.compare(first, patience=PATIENCE) is None
    assert fresh(run_id).blocks_done == 1
    assert work.compare(last, patience=PATIENCE) == run_id
    assert fresh(run_id).blocks_done == 2


def test_of_two_workers_with_the_same_block_the_first_counts(app):
    pairs(2)
    run_id = begin()
    _run, due = look(run_id)
    with transaction():
        slow = blocks.claim(due.blocks[0], patience=PATIENCE)
    with transaction():
        assert blocks.claim(due.blocks[0], patience=PATIENCE) is None
    with after(SILENCE), transaction():
        quick = blocks.claim(due.blocks[0], patience=PATIENCE)
    with transaction():
        assert blocks.settle(quick, b"quick")
    with transaction() as session:
        assert not blocks.settle(slow, b"slow")
        session.rollback()
    run = fresh(run_id)
    assert (run.blocks_done, run.blocks[0].found) == (1, b"quick")


def test_blocks_of_a_process_that_saw_other_facts_are_compared_again(app, monkeypatch):
    review()
    small_blocks(monkeypatch)
    pairs(4)
    run_id = begin()
    _run, due = look(run_id)
    work.compare(due.blocks[0], patience=PATIENCE)
    factories.offer(places=4)
    shelf.use()  # another process, which reads the rows later
    work.compare(due.blocks[1], patience=PATIENCE)
    work.solve(run_id, patience=PATIENCE)
    run = fresh(run_id)
    assert (run.report["compared_again"], run.report["offers"]) == (2, 5)
    again = work_off(begin())
    told = [[(p.need_id, p.offer_id, p.score) for p in one.pairs] for one in (run, again)]
    assert told[0] == told[1]


def test_a_process_reads_the_rows_once_for_a_run(app, monkeypatch):
    review()
    small_blocks(monkeypatch)
    pairs(4)
    run_id = begin()
    _run, due = look(run_id)
    work.compare(due.blocks[0], patience=PATIENCE)
    factories.offer(places=4)
    work.compare(due.blocks[1], patience=PATIENCE)
    work.solve(run_id, patience=PATIENCE)
    report = fresh(run_id).report
    assert (report["compared_again"], report["offers"]) == (0, 4)
    assert work_off(begin()).report["offers"] == 5


# What it says


def test_the_report_says_what_was_found_and_what_was_not(app):
    review()
    city = factories.organisation("Small", population=20_000)
    alone = factories.need(languages=("pt",), language="pt", organisation=city)
    factories.need()
    factories.offer(places=5)
    run = work_off(begin())
    report = run.report
    assert (report["needs"], report["offers"], report["pairs"]) == (2, 1, 2)
    assert (report["fits"], report["served"], report["places"]) == (1, 1, 1)
    assert report["removed"] == {"a_common_language": 1}
    assert report["unserved"] == {str(alone.id): "no_candidates"}
    assert report["coverage"]["size"] == {"small": [0, 1], "unknown": [1, 1]}
    assert report["coverage"]["language"] == {"en": [1, 1], "pt": [0, 1]}
    assert report["certified"]
    assert report["gap"] == 0
    assert report["hash"] == run.configuration_hash
    assert {"compare", "load", "solve", "explain"} == set(report["seconds"])


def test_a_pair_knows_its_rank_and_its_reasons(app):
    review()
    factories.need(themes=("mobility", "health"))
    best = factories.offer(themes=("mobility", "health"))
    factories.offer(themes=("mobility",))
    (pair,) = work_off(begin()).pairs
    assert (pair.offer_id, pair.rank) == (best.id, 1)
    assert sum(reason["points"] for reason in pair.reasons) == pair.score
    assert any(reason["code"] == "same_themes" for reason in pair.reasons)


def test_the_reasons_hold_the_words_that_two_texts_share(app):
    review()
    for text in ("Drains of our market halls", "Tram lines to the harbour", "Forests", "Schools"):
        factories.need(text=text, title=text), factories.offer(text=text, title=text)
    for pair in work_off(begin()).pairs:
        (shown,) = [r["evidence"] for r in pair.reasons if r["code"] == "same_words"]
        assert shown["words"]


def test_how_far_a_run_is(app, monkeypatch):
    small_blocks(monkeypatch)
    pairs(4)
    officer = factories.officer()
    run_id = begin(actor=officer)
    _run, due = look(run_id)
    work.compare(due.blocks[0], patience=PATIENCE)
    said = queries.progress(fresh(run_id))
    assert (said.stage, said.blocks_done, said.blocks_total) == (RunState.comparing, 1, 2)
    assert said.share == pytest.approx(0.4)
    assert said.at_work
    assert said.person == officer
    assert said.heartbeat is not None
    assert queries.progress(work_off(run_id)).share == 1


# Wishes


def test_a_pin_is_taken_and_a_veto_is_not(app):
    review()
    need = factories.need(themes=("mobility", "health"))
    best = factories.offer(themes=("mobility", "health"))
    other = factories.offer(themes=("mobility",))
    officer = factories.officer()
    with transaction():
        actions.wish(need, other, Wished.pin, note="They met in Durban", actor=officer)
    run = work_off(begin())
    assert [(pair.offer_id, pair.pinned) for pair in run.pairs] == [(other.id, True)]
    assert run.report["kept_pins"] == [[need.id, other.id]]
    with transaction():
        actions.wish(need, best, Wished.veto, note="A conflict", actor=officer)
        actions.unwish(actions.wish(need, other, Wished.pin, actor=officer))
    assert [pair.offer_id for pair in work_off(begin()).pairs] == [other.id]


def test_a_pin_that_breaks_a_rule_is_told(app):
    review()
    need, offer = factories.need(languages=("pt",)), factories.offer()
    with transaction():
        actions.wish(need, offer, Wished.pin, actor=None)
    assert work_off(begin()).report["broken_pins"] == [[need.id, offer.id, "not_feasible"]]


def test_what_is_no_wish(app):
    city = factories.organisation()
    need, offer = factories.need(organisation=city), factories.offer(organisation=city)
    with pytest.raises(Invalid, match="no_match_another_organisation"):
        actions.wish(need, offer, Wished.pin, actor=None)
    with pytest.raises(Invalid, match="reason_required"):
        actions.wish(need, factories.offer(), Wished.veto, actor=None)


def test_a_veto_keeps_the_suggestion_away_at_once(app):
    need, offer = factories.need(), factories.offer()
    tasks.sweep.run()
    assert [match.offer_id for match in need.matches] == [offer.id]
    other, veto = factories.need(), factories.offer()
    with transaction():
        actions.wish(other, veto, Wished.veto, note="A conflict", actor=None)
    tasks.sweep.run()
    db.session.expire_all()
    assert other.matches == []
    with transaction():
        actions.unwish(db.session.query(Wish).one())
    tasks.sweep.run()
    db.session.expire_all()
    assert [match.offer_id for match in other.matches] == [veto.id]


def test_caps_of_the_settings_hold_for_a_run(app):
    review()
    host = factories.organisation()
    for _ in range(3):
        factories.need(), factories.offer(organisation=host)
    assert len(work_off(begin()).pairs) == 3
    capped = work_off(begin(values={"host_cap": 1}))
    assert len(capped.pairs) == 1
    assert set(capped.report["unserved"].values()) == {"capped"}


# Death


def test_a_run_whose_worker_died_goes_on_from_its_blocks(app, monkeypatch):
    review()
    small_blocks(monkeypatch)
    pairs(4)
    run_id = begin()
    _run, due = look(run_id)
    work.compare(due.blocks[0], patience=PATIENCE)
    with transaction():
        blocks.claim(due.blocks[1], patience=PATIENCE)  # and here it dies
    run, nothing = look(run_id)
    assert (run.state, nothing.blocks) == (RunState.comparing, [])
    with after(SILENCE):
        run, again = look(run_id)
        assert (run.attempts, run.blocks_done) == (1, 1)
        assert again.blocks == [due.blocks[1]]
        assert work.compare(again.blocks[0], patience=PATIENCE) == run_id
        work.solve(run_id, patience=PATIENCE)
    assert fresh(run_id).state == RunState.draft
    assert "take_over" in {step.trigger for step in steps_of("matching_run", run_id)}


def test_a_solver_that_was_taken_over_has_no_say_any_more(app, monkeypatch):
    review()
    pairs(2)
    run_id = begin()
    _run, due = look(run_id)
    work.compare(due.blocks[0], patience=PATIENCE)
    real = work._solved

    def while_another_takes_over(*given):
        found = real(*given)
        with after(SILENCE):
            look(run_id)
        return found

    monkeypatch.setattr(work, "_solved", while_another_takes_over)
    work.solve(run_id, patience=PATIENCE)
    run = fresh(run_id)
    assert (run.state, run.attempts) == (RunState.comparing, 1)
    assert run.pairs == []
    monkeypatch.setattr(work, "_solved", real)
    work.solve(run_id, patience=PATIENCE)
    assert len(fresh(run_id).pairs) == 2


def test_lost_messages_are_sent_again_and_kill_nobody(app):
    pairs(1)
    run_id = begin()
    look(run_id)
    for number in range(1, 6):
        with after(SILENCE * number):
            run, due = look(run_id)
            assert len(due.blocks) == 1
    assert (run.attempts, run.state) == (0, RunState.comparing)


def test_a_run_of_which_workers_die_fails_with_a_reason_and_can_be_tried_again(app, monkeypatch):
    review()
    pairs(2)
    run_id = begin()
    look(run_id)

    def dies(*_given):
        raise MemoryError("no more")

    monkeypatch.setattr(work, "_find", dies)
    for _ in range(3):
        with pytest.raises(MemoryError):
            work.compare(fresh(run_id).blocks[0].id, patience=PATIENCE)
        look(run_id)
    run = fresh(run_id)
    assert run.state == RunState.failed
    assert run.report["failure"] == {
        "code": "work_failed",
        "attempts": 3,
        "error": "MemoryError: no more",
    }
    monkeypatch.undo()
    review()
    with transaction():
        actions.advance(run, "retry", actor=None)
    run = work_off(run_id)
    assert (run.state, run.attempts, "failure" in run.report) == (RunState.draft, 0, False)


def test_a_failed_run_is_not_tried_again_beside_another(app):
    failed = fresh(begin())
    with transaction():
        for _ in range(3):
            db.session.refresh(failed)
        from exchange import steps
        from workflows.matching_run import MATCHING_RUN

        steps.advance(MATCHING_RUN, failed, "fail", actor=None, note="workers_died")
    begin()
    with pytest.raises(Conflict, match="run_at_work"), transaction():
        actions.retry(failed, actor=None)
    assert fresh(failed.id).state == RunState.failed


def test_what_is_thrown_away_at_work_leaves_nothing(app, monkeypatch):
    pairs(2)
    run_id = begin()
    _run, due = look(run_id)
    real = work._find

    def while_an_officer_discards(claim):
        found = real(claim)
        with transaction():
            actions.advance(db.session.get_one(Run, run_id), "discard", actor=None)
        return found

    monkeypatch.setattr(work, "_find", while_an_officer_discards)
    work.compare(due.blocks[0], patience=PATIENCE)
    run = fresh(run_id)
    assert (run.state, run.blocks_done, run.blocks[0].found) == (RunState.discarded, 0, None)
    assert not work.solve(run_id, patience=PATIENCE)
    assert db.session.query(RunPair).count() == 0
    assert db.session.query(Block).count() == 1


def test_an_officer_makes_only_an_officers_moves(app):
    run = fresh(begin())
    with pytest.raises(Invalid, match="unknown_trigger"):
        actions.advance(run, "finish", actor=None)


def test_what_was_deleted_while_the_solver_thought_is_left_out(app, monkeypatch):
    review()
    pairs(2)
    run_id = begin()
    _run, due = look(run_id)
    work.compare(due.blocks[0], patience=PATIENCE)
    real = work._solved

    def while_somebody_deletes(*given):
        found = real(*given)
        with transaction():
            db.session.delete(db.session.query(factories.Offer).first())
        return found

    monkeypatch.setattr(work, "_solved", while_somebody_deletes)
    assert work.solve(run_id, patience=PATIENCE)
    run = fresh(run_id)
    assert (run.state, len(run.pairs)) == (RunState.draft, 1)


# Long after


def test_runs_that_came_to_nothing_are_forgotten_after_a_while(app):
    pairs(1)
    published = work_off(begin())
    with transaction():
        actions.discard(fresh(begin()), actor=None)
    with after(timedelta(days=80)):
        housekeeping.purge.run()
        assert db.session.query(Run).count() == 2
    with after(timedelta(days=100)):
        housekeeping.purge.run()
    assert [run.id for run in db.session.query(Run)] == [published.id]
    assert {block.run_id for block in db.session.query(Block)} == {published.id}


def test_a_run_over_the_demonstration_goes_with_it(app):
    factories.need(demo=True), factories.offer(demo=True)
    demo = fresh(begin())
    with transaction():
        actions.discard(demo, actor=None)
    factories.need()
    assert (demo.demo, fresh(begin()).demo) == (True, False)


def test_a_text_encoder_that_failed_is_told_in_the_report(app):
    shelf.use(lambda: FallbackEncoder(Refused("http:away", "no answer")))
    pairs(1)
    report = work_off(begin()).report
    assert report["encoder"] == "builtin"
    assert "no answer" in report["encoder_fell_back"]
