"""Publishing a run: first its number, then its pairs, one short transaction each.

Publishing is one move under lock; a number is given once for a programme, so of two officers (or
of an officer and the nightly run) one wins. Asking all cities at once would hold the database for
too long, and half of it would be lost with its process: so each pair is looked at again and asked
in a transaction of its own, in which its outcome is written down. Whatever a dead process left is
still ``drafted``, and the sweep goes on from there; a pair that has an outcome is asked by nobody.
The caller commits.
"""

from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, case, or_, select, update
from sqlalchemy.exc import IntegrityError

from exchange import steps
from exchange.catalogue.models import Need
from exchange.clock import now
from exchange.directory.models import Person
from exchange.errors import Conflict
from exchange.extensions import db
from exchange.matching import locking
from exchange.programmes.models import MatchingMode
from exchange.runs import queries
from exchange.runs.models import Occasion, Outcome, Run, RunPair
from exchange.runs.telling import tell
from exchange.steps import Step
from workflows.matching_run import MATCHING_RUN, RunState


def publish(run: Run, *, actor: Person | None, expected_state: str | None = None) -> Step:
    """Publish a draft: it gets its number, and its pairs are asked from now on.

    :raises Conflict: ``moved_on``; ``another_was_published`` at the same moment.
    :raises TransitionRefused: it is no draft, or another was published since it was begun.
    """
    step = steps.advance(MATCHING_RUN, run, "publish", actor=actor, expected_state=expected_state)
    try:
        with db.session.begin_nested():
            run.number = run.base_number + 1
            db.session.flush()
    except IntegrityError as taken:
        raise Conflict("another_was_published") from taken
    run.heartbeat_at = None  # its next worker is the one that asks
    _count_passed_over(run)
    return step


def publish_by_itself(run_id: int) -> bool:
    """Publish a draft of a programme where no officer does, or discard it when another run was
    published since; False when it is no such draft."""
    run = db.session.get(Run, run_id)
    if run is None:
        return False
    steps.lock(run)
    if run.state != RunState.draft or run.mode == MatchingMode.review:
        return False
    if MATCHING_RUN.unmet("publish", run) or _tells_nothing(run):
        steps.advance(MATCHING_RUN, run, "discard", actor=None)
        return False
    publish(run, actor=None)
    return True


def publisher(run_id: int) -> Person | None:
    """Who published a run; None when the program did."""
    query = select(Step).where(
        Step.subject_type == MATCHING_RUN.name, Step.subject_id == run_id, Step.trigger == "publish"
    )
    step = db.session.scalars(query).first()
    return step.actor if step else None


def take_to_ask(run_id: int, *, silent: timedelta) -> bool:
    """Say that somebody asks about the pairs of a run; False when another has said so for less
    than ``silent``."""
    at = now()
    free = or_(Run.heartbeat_at.is_(None), Run.heartbeat_at <= at - silent)
    published = (Run.id == run_id, Run.state == RunState.published)
    result = db.session.execute(
        update(Run).where(*published, free).values(heartbeat_at=at),
        execution_options={"synchronize_session": False},
    )
    return cast("CursorResult[Any]", result).rowcount == 1


def settle_pair(pair_id: int, *, actor: Person | None) -> Outcome | None:
    """Look again at a pair of a published run and ask both sides, or drop it with the reason.

    :param actor: whose step it is in the history of the match: who published the run.
    :returns: what became of it; None when somebody else had settled it.
    """
    pair = db.session.get(RunPair, pair_id)
    if pair is None:
        return None
    locking.in_order([pair.need_id], [pair.offer_id])
    steps.lock(pair)
    if pair.outcome != Outcome.drafted or pair.run.state != RunState.published:
        return None
    pair.outcome, pair.why_dropped = tell(pair, actor=actor)
    db.session.flush()
    _served_or_not(pair)
    return pair.outcome


def _tells_nothing(run: Run) -> bool:
    """A run after changes that found nobody a host: the list of runs need not show it."""
    if run.occasion != Occasion.changes:
        return False
    return db.session.scalar(select(RunPair.id).where(RunPair.run_id == run.id).limit(1)) is None


def _count_passed_over(run: Run) -> None:
    """Each need that the run left without a host waits one run longer."""
    if not _counts(run):
        return
    served = set(db.session.scalars(select(RunPair.need_id).where(RunPair.run_id == run.id)))
    left = sorted(need_id for need_id in queries.needs_in(run.id) if need_id not in served)
    # Who has a host from elsewhere waits no more.
    waits = case((Need.hosts_held == 0, Need.passed_over + 1), else_=0)
    for first in range(0, len(left), 500):
        ids = left[first : first + 500]
        locking.needs(ids)
        _note(Need.id.in_(ids), waits)


def _served_or_not(pair: RunPair) -> None:
    """A need that got somebody waits no longer; one whose last pair was dropped waits on."""
    if pair.outcome in (Outcome.asked, Outcome.suggested):
        _note(Need.id == pair.need_id, 0)
        return
    others = select(RunPair.id).where(
        RunPair.run_id == pair.run_id,
        RunPair.need_id == pair.need_id,
        RunPair.outcome != Outcome.dropped,
    )
    if _counts(pair.run) and db.session.scalar(others.limit(1)) is None:
        _note((Need.id == pair.need_id) & (Need.hosts_held == 0), Need.passed_over + 1)


def _counts(run: Run) -> bool:
    """A run after changes looks again at what a run of the same day left."""
    return run.occasion != Occasion.changes


def _note(which: Any, passed_over: Any) -> None:
    """That a need waits is no change of the need: the matcher need not look at it again."""
    db.session.execute(
        update(Need).where(which).values(passed_over=passed_over, updated_at=Need.updated_at),
        execution_options={"synchronize_session": False},
    )
