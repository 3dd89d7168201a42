"""The blocks of a run: taken by workers, each done once. The caller commits.

Nothing here waits for a worker: a claim that is old is taken again, and of two workers that
compared the same block the first one counts. Rows are locked in one order: run, block.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from sqlalchemy import CursorResult, or_, update

from exchange.clock import now
from exchange.extensions import db
from exchange.matching.core.configuration import Configuration
from exchange.runs.models import Block, Run
from workflows.matching_run import RunState

# A block that was claimed is done even when its run is being handed on.
OPEN = (RunState.comparing, RunState.queued)


@dataclass(frozen=True)
class Claim:
    """What a worker needs of the block it has taken."""

    block_id: int
    run_id: int
    need_ids: tuple[int, ...]
    configuration: Configuration


def claim(block_id: int, *, patience: timedelta) -> Claim | None:
    """Take a block; None when it is done, when its run is not comparing, or when another worker
    has had it for less than ``patience``."""
    block = db.session.get(Block, block_id)
    if block is None or not _alive(block.run_id, (RunState.comparing,)):
        return None
    at = now()
    free = or_(Block.claimed_at.is_(None), Block.claimed_at < at - patience)
    taken = _one(
        update(Block)
        .where(Block.id == block_id, Block.done_at.is_(None), free)
        .values(claimed_at=at)
    )
    if not taken:
        return None
    configuration = Configuration.from_dict(block.run.configuration)
    return Claim(block.id, block.run_id, tuple(block.need_ids), configuration)


def settle(claim: Claim, found: bytes) -> bool:
    """Keep what a worker found; False when another was faster or the run has ended meanwhile: then
    the caller must keep nothing."""
    kept = _alive(claim.run_id, OPEN) and _one(
        update(Block)
        .where(Block.id == claim.block_id, Block.done_at.is_(None))
        .values(done_at=now(), found=found)
    )
    if kept:
        _execute(update(Run).where(Run.id == claim.run_id).values(blocks_done=Run.blocks_done + 1))
    return kept


def give_back(run_id: int) -> None:
    """Let the blocks that are not done be taken at once, and count those that are."""
    undone = (Block.run_id == run_id, Block.done_at.is_(None))
    _execute(update(Block).where(*undone).values(claimed_at=None))


def forget(run_id: int) -> None:
    """Drop what the blocks of a run found: its pairs are written down, or nobody wants them."""
    _execute(update(Block).where(Block.run_id == run_id).values(found=None))


def _alive(run_id: int, states: tuple[RunState, ...]) -> bool:
    """Say that a worker of the run lives; False when the run is in none of these states."""
    return _one(
        update(Run).where(Run.id == run_id, Run.state.in_(states)).values(heartbeat_at=now())
    )


def _one(statement: Any) -> bool:
    return _execute(statement) == 1


def _execute(statement: Any) -> int:
    """Run an UPDATE past the session; how many rows it changed."""
    options = {"synchronize_session": False}
    result = cast("CursorResult[Any]", db.session.execute(statement, execution_options=options))
    return int(result.rowcount)
