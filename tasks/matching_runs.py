"""Full runs of the matcher: nudges for blocks, for the solver and for the letters; and their sweep.

There is no result backend, so no chord: the worker that does the last block rings for the solver,
and whatever ring is lost the sweep makes up by the rows.
"""

from datetime import timedelta

from celery import group

from exchange.clock import now
from exchange.edge import settings
from exchange.runs import due, work
from exchange.transaction import transaction
from tasks.app import celery

# A run of a very large network solves for longer than any other task takes.
SOLVE_SOFT, SOLVE_HARD = work.LONGEST + 600, work.LONGEST + 660


def patience() -> timedelta:
    """After how much silence the workers of a run count as dead."""
    return timedelta(seconds=settings().run_patience)


@celery.task(name="tasks.matching_runs.block")
def block(*, block_id: int) -> None:
    """Compare a block of needs with all offers; whoever does the last one rings for the solver."""
    run_id = work.compare(block_id, patience=patience())
    if run_id is not None:
        solve.delay(run_id=run_id)


@celery.task(name="tasks.matching_runs.solve", soft_time_limit=SOLVE_SOFT, time_limit=SOLVE_HARD)
def solve(*, run_id: int) -> None:
    """Find the best whole of a run."""
    work.solve(run_id, patience=patience())


@celery.task(name="tasks.matching_runs.ask")
def ask(*, run_id: int) -> None:
    """Ask both sides of each pair of a published run."""
    work.ask(run_id)


@celery.task(name="tasks.sweep.matching_runs")
def sweep() -> None:
    """Begin what is due, and ring for the next work of every run that is not finished."""
    with transaction():
        due.after_changes(now())
    found = work.look_after_all(patience())
    for run_id in found.publish:
        work.publish_by_itself(run_id)
    rings = [block.s(block_id=one) for one in found.blocks]
    rings += [solve.s(run_id=one) for one in found.solve]
    rings += [ask.s(run_id=one) for one in found.ask]
    group(rings).apply_async()


@celery.task(name="tasks.matching_runs.nightly")
def nightly() -> None:
    """Begin the runs of the night; at any other hour nothing."""
    with transaction():
        due.every_night(now(), settings().time_zone)
