"""Runs of the matcher, worked through in this process as workers would."""

from datetime import timedelta
from typing import Any

from exchange.extensions import db
from exchange.programmes.models import Programme
from exchange.runs import actions, work
from exchange.runs.models import Run
from exchange.transaction import transaction

PATIENCE = timedelta(seconds=30)


def finished_run(programme: Programme | None = None, **options: Any) -> Run:
    """A run that has been begun, compared and solved; published and asked about where the programme
    does that by itself."""
    with transaction():
        run_id = actions.begin(programme, actor=None, **options).id
    return work_through(run_id)


def work_through(run_id: int) -> Run:
    """Do whatever is due until nothing is."""
    for _ in range(20):
        due = work.look_after_all(PATIENCE)
        for block_id in due.blocks:
            work.compare(block_id, patience=PATIENCE)
        for one in due.solve:
            work.solve(one, patience=PATIENCE)
        for one in due.ask:
            work.ask(one)
        if not (due.blocks or due.solve or due.ask or due.publish):
            break
    db.session.expire_all()
    return db.session.get_one(Run, run_id)
