"""A run of the matcher from its beginning to the cities that are asked."""

from datetime import timedelta

from exchange.extensions import db
from exchange.matching.models import Match
from exchange.runs import actions, work
from exchange.runs.models import Outcome, Run
from exchange.transaction import transaction
from tests import factories
from workflows.match import MatchState
from workflows.matching_run import RunState

PATIENCE = timedelta(seconds=30)


def begun(programme=None, **options):
    with transaction():
        return actions.begin(programme, actor=options.pop("actor", None), **options).id


def worked(run_id):
    """Do all the work of a run in this process, as workers would."""
    for _ in range(20):
        due = work.look_after_all(PATIENCE)
        for block_id in due.blocks:
            last = work.compare(block_id, patience=PATIENCE)
            if last:
                work.solve(last, patience=PATIENCE)
        for one in due.ask:
            work.ask(one)
    db.session.expire_all()
    return db.session.get_one(Run, run_id)


def test_a_run_goes_from_the_queue_to_the_cities(app):
    for _ in range(3):
        factories.need(), factories.offer()
    run = worked(begun())
    assert run.state == RunState.published
    assert run.number == 1
    assert {pair.outcome for pair in run.pairs} == {Outcome.asked}
    assert db.session.query(Match).filter_by(state=MatchState.proposed).count() == 3
