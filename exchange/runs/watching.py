"""Looking after runs: what waits is named, what a dead worker left goes on from the rows.

Nothing of a run lives in a message or in a process: whoever looks finds by the rows what is to be
done next. Each function is one short transaction; the caller commits.
"""

from dataclasses import dataclass, field
from datetime import timedelta

from exchange import steps
from exchange.clock import now
from exchange.extensions import db
from exchange.runs import blocks, queries
from exchange.runs.models import Run
from workflows.matching_run import MATCHING_RUN, RunState

# A worker that dies may have been unlucky; three in a row die of the run.
ATTEMPTS = 3
WORKERS_DIED, WORK_FAILED = "workers_died", "work_failed"


@dataclass
class Due:
    """What to ring for: blocks to compare, runs to solve, to publish and to ask about."""

    blocks: list[int] = field(default_factory=list)
    solve: list[int] = field(default_factory=list)
    publish: list[int] = field(default_factory=list)
    ask: list[int] = field(default_factory=list)


def look_after(run_id: int, *, patience: timedelta) -> Due:
    """Move a run on if it waits or if its workers are silent for longer than ``patience``; say
    what its next work is. A run that is worked on is left alone."""
    run = db.session.get(Run, run_id)
    due = Due()
    if run is None:
        return due
    steps.lock(run)
    if run.state in (RunState.comparing, RunState.solving) and _silent(run, patience):
        _go_on(run)
    if run.state == RunState.queued:
        _compare(run, due)
    elif run.state == RunState.comparing and run.blocks_done >= run.blocks_total:
        due.solve.append(run.id)
    elif run.state == RunState.draft:
        due.publish.append(run.id)
    return due


def stumbled(run_id: int, error: BaseException) -> None:
    """The work on a run failed with an error of ours: it is tried again, but not for ever."""
    run = db.session.get(Run, run_id)
    if run is None:
        return
    steps.lock(run)
    if run.state in (RunState.comparing, RunState.solving):
        _take_over(run, WORK_FAILED, f"{type(error).__name__}: {error}"[:500])


def _compare(run: Run, due: Due) -> None:
    """Blocks that a dead worker had claimed are free again: whoever handed the run on saw to it."""
    steps.advance(MATCHING_RUN, run, "compare", actor=None)
    run.heartbeat_at = now()
    due.blocks = [block_id for block_id, _claim in queries.open_blocks(run.id)]
    if not due.blocks:
        due.solve.append(run.id)


def _silent(run: Run, patience: timedelta) -> bool:
    return now() - (run.heartbeat_at or run.state_since) > patience


def _go_on(run: Run) -> None:
    """Its messages were lost, or still wait behind others: they are sent again. Only when
    somebody had begun is it the death of a worker."""
    begun = [at for _block_id, at in queries.open_blocks(run.id) if at is not None]
    if run.state == RunState.solving or begun:
        _take_over(run, WORKERS_DIED)
    elif run.blocks_done < run.blocks_total:
        steps.advance(MATCHING_RUN, run, "take_over", actor=None)


def _take_over(run: Run, code: str, error: str = "") -> None:
    if run.attempts + 1 >= ATTEMPTS:
        failure = {"code": code, "attempts": run.attempts + 1, "error": error}
        run.report = {**run.report, "failure": failure}
        steps.advance(MATCHING_RUN, run, "fail", actor=None, note=code)
        return
    steps.advance(MATCHING_RUN, run, "take_over", actor=None, note=code)
    run.attempts += 1
    blocks.give_back(run.id)
