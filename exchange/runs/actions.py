"""What happens to runs of the matcher. The caller commits.

How a run begins is in ``beginning.py``, how it is published in ``publishing.py``, what officers
wish in ``wishes.py``. Workers find their work by the rows: ``watching.py``, ``blocks.py``,
``work.py``.
"""

from typing import Any

from exchange import steps
from exchange.directory.models import Person
from exchange.errors import Invalid
from exchange.runs import blocks
from exchange.runs.beginning import begin, only_one
from exchange.runs.models import Run
from exchange.runs.publishing import publish
from exchange.runs.wishes import unwish, wish
from exchange.steps import Step
from workflows.matching_run import MATCHING_RUN

__all__ = ["advance", "begin", "discard", "publish", "retry", "unwish", "wish"]


def discard(
    run: Run, *, actor: Person | None, note: str = "", expected_state: str | None = None
) -> Step:
    """Throw a run away, at work or drafted. What its workers still find is not kept."""
    step = steps.advance(
        MATCHING_RUN, run, "discard", actor=actor, note=note, expected_state=expected_state
    )
    blocks.forget(run.id)
    return step


def retry(
    run: Run, *, actor: Person | None, note: str = "", expected_state: str | None = None
) -> Step:
    """Let workers go on with a run that failed; blocks that are done are not compared again.

    :raises Conflict: ``run_at_work``, another run of the programme was begun meanwhile.
    """
    with only_one():
        step = steps.advance(
            MATCHING_RUN, run, "retry", actor=actor, note=note, expected_state=expected_state
        )
    run.attempts, run.heartbeat_at = 0, None
    run.report = {name: value for name, value in run.report.items() if name != "failure"}
    blocks.give_back(run.id)
    return step


def advance(
    run: Run,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """A move that an officer makes by its name.

    :raises Invalid: the move is none of an officer's.
    """
    moved: dict[str, Any] = {"actor": actor, "expected_state": expected_state}
    if trigger == "publish":
        return publish(run, **moved)
    if trigger == "discard":
        return discard(run, note=note, **moved)
    if trigger == "retry":
        return retry(run, note=note, **moved)
    raise Invalid("trigger", "unknown_trigger", trigger=trigger)
