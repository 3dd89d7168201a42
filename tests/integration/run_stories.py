"""What stories about runs have in common: a run that is worked off in this process."""

from datetime import timedelta
from typing import Any

from exchange.extensions import db
from exchange.programmes import actions as programmes
from exchange.programmes.models import MatchingMode, Programme
from exchange.runs import actions, work
from exchange.runs.models import Run
from exchange.transaction import transaction

PATIENCE = timedelta(seconds=60)


def review(programme: Programme | None = None, mode: MatchingMode = MatchingMode.review) -> None:
    """Let an officer review the runs of a programme, or of the network at large."""
    with transaction():
        row = programme or programmes.general()
        programmes.edit(row, {"mode": mode})


def begin(programme: Programme | None = None, **options: Any) -> int:
    """Begin a run; return its id."""
    with transaction():
        return actions.begin(programme, actor=options.pop("actor", None), **options).id


def work_off(run_id: int) -> Run:
    """Do all the work of a run as one worker would, but ask nobody yet."""
    work.work_off(run_id, patience=PATIENCE, tell=lambda _step: None)
    return fresh(run_id)


def settled() -> None:
    """Ask about the pairs of every published run, as the sweep would."""
    for run_id in work.look_after_all(PATIENCE).ask:
        work.ask(run_id)
    db.session.expire_all()


def fresh(run_id: int) -> Run:
    """A run as the database has it now."""
    db.session.expire_all()
    return db.session.get_one(Run, run_id)
