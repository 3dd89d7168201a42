"""Many at once: one run at work, one published, each pair asked about once, no place twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import func, select

from exchange.catalogue.models import Offer
from exchange.errors import Conflict
from exchange.extensions import db
from exchange.matching import actions as matching
from exchange.matching import locking, looking
from exchange.matching.models import Match
from exchange.runs import actions, beginning, work
from exchange.runs.models import Outcome, Run, RunPair
from exchange.transaction import transaction
from tests import factories
from tests.integration.run_stories import PATIENCE, begin, fresh, review, work_off
from workflows.engine import TransitionRefused
from workflows.match import MatchState
from workflows.matching_run import RunState

REFUSED = (Conflict, TransitionRefused)


def at_once(app, *jobs):
    """Begin all jobs at the same moment, each in a thread with its own session."""
    start = Barrier(len(jobs))

    def run(job):
        with app.app_context():
            try:
                start.wait(10)
                return job()
            except REFUSED as refusal:
                return refusal
            finally:
                db.session.remove()

    db.session.rollback()  # whoever only reads must not hold the others up
    with ThreadPoolExecutor(len(jobs)) as pool:
        return list(pool.map(run, jobs))


def in_transaction(job):
    def run():
        with transaction():
            return job()

    return run


def publish(run_id):
    return actions.publish(db.session.get_one(Run, run_id), actor=None).to_state


def test_of_many_who_begin_a_run_at_once_one_does(app):
    factories.need(), factories.offer()
    begun = at_once(app, *[in_transaction(lambda: actions.begin(None, actor=None).id)] * 6)
    assert sum(isinstance(one, int) for one in begun) == 1
    assert {one.code for one in begun if isinstance(one, Conflict)} == {"run_at_work"}
    assert db.session.query(Run).count() == 1


def test_of_two_drafts_published_at_once_one_is(app):
    review()
    for _ in range(3):
        factories.need(), factories.offer()
    for number in range(1, 6):
        drafts = [work_off(begin()).id for _ in range(3)]
        done = at_once(app, *[in_transaction(lambda i=i: publish(i)) for i in drafts])
        assert sum(one == "published" for one in done) == 1, done
        assert len([one for one in done if isinstance(one, REFUSED)]) == 2
        numbers = [fresh(run_id).number for run_id in drafts]
        assert sorted(numbers, key=str) == [number, None, None]


def test_one_draft_published_by_many_at_once_asks_everybody_once(app):
    review()
    for _ in range(6):
        factories.need(), factories.offer()
    run_id = work_off(begin()).id
    done = at_once(app, *[in_transaction(lambda: publish(run_id))] * 4)
    assert sum(one == "published" for one in done) == 1
    at_once(app, *[lambda: work.ask(run_id)] * 4)
    db.session.expire_all()
    assert {pair.outcome for pair in fresh(run_id).pairs} == {Outcome.asked}
    asked = db.session.scalars(select(Match).where(Match.state == MatchState.proposed)).all()
    assert len(asked) == len({match.need_id for match in asked}) == 6


def test_askers_and_cities_at_once_give_no_place_twice(app, monkeypatch):
    """Two who both believe that the other is dead, while officers ask by hand."""
    monkeypatch.setattr(work, "ASKING", PATIENCE * 0)
    review()
    need_ids = [factories.need().id for _ in range(8)]
    offer_ids = [factories.offer(places=2).id for _ in range(4)]
    run_id = work_off(begin()).id
    with transaction():
        publish(run_id)

    def by_hand():
        for need_id, offer_id in zip(need_ids, offer_ids * 2, strict=True):
            try:
                with transaction():
                    need = db.session.get_one(factories.Need, need_id)
                    offer = db.session.get_one(Offer, offer_id)
                    match = matching.create_by_officer(need, offer, actor=None)
                    matching.propose(match, actor=None)
            except (TransitionRefused, matching.Invalid):
                continue

    at_once(app, lambda: work.ask(run_id), lambda: work.ask(run_id), by_hand)
    work.ask(run_id)
    db.session.rollback()
    drafted = db.session.query(RunPair).filter_by(outcome=Outcome.drafted).count()
    assert drafted == 0
    holders = select(func.count(Match.id)).where(Match.offer_id == Offer.id, Match.holds_place)
    rows = db.session.execute(select(Offer.places, Offer.places_taken, holders.scalar_subquery()))
    for places, taken, held in rows:
        assert taken == held <= places
    for need in db.session.query(factories.Need):
        assert need.hosts_held <= need.hosts_wanted


def test_writing_many_pairs_waits_for_nobody_for_ever(app):
    """While the solver writes its pairs, the worker looks at the same needs and offers."""
    review()
    need_ids = [factories.need().id for _ in range(30)]
    offer_ids = [factories.offer(places=2).id for _ in range(30)]
    for _ in range(3):
        run_id = begin()
        (block_id,) = work.look_after_all(PATIENCE).blocks
        work.compare(block_id, patience=PATIENCE)

        def looks():
            for need_id in need_ids:
                looking.at_need(need_id)

        def turns():
            for need_id, offer_id in zip(need_ids, reversed(offer_ids), strict=True):
                with transaction():
                    locking.in_order([need_id], [offer_id])
                    db.session.get_one(factories.Need, need_id).title = "Another"

        done = at_once(app, lambda i=run_id: work.solve(i, patience=PATIENCE), looks, turns)
        assert done == [True, None, None]
        assert len(fresh(run_id).pairs) == 30


def test_many_workers_do_each_block_once(app, monkeypatch):
    for name in ("FEWEST", "MOST"):
        monkeypatch.setattr(beginning, name, 2)
    review()
    for _ in range(10):
        factories.need(), factories.offer()
    run_id = begin()
    due = work.look_after_all(PATIENCE)
    assert len(due.blocks) == 5

    def worker():
        return [work.compare(block_id, patience=PATIENCE) for block_id in due.blocks]

    last = [one for found in at_once(app, worker, worker, worker) for one in found if one]
    assert set(last) == {run_id}
    assert fresh(run_id).blocks_done == 5
    solved = at_once(app, *[lambda: work.solve(run_id, patience=PATIENCE)] * 3)
    assert sorted(solved) == [False, False, True]
    run = fresh(run_id)
    assert run.state == RunState.draft
    assert len(run.pairs) == 10
    assert run.report["compared_again"] == 0
