"""The long work of a run, for workers and for the command line.

It opens its own transactions, all of them short: one to take a piece of work, one to write what was
found. In between nothing is locked and nothing is lost but time: a worker that is killed leaves
rows from which the next one goes on.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import timedelta
from time import perf_counter, sleep
from typing import TYPE_CHECKING, Any

from sqlalchemy import insert, select

from exchange import steps
from exchange.clock import now
from exchange.directory.models import Person
from exchange.extensions import db
from exchange.matching.core.configuration import Configuration
from exchange.runs import blocks, ordering, publishing, queries, watching
from exchange.runs.beating import beating
from exchange.runs.models import Block, Run, RunPair
from exchange.runs.packing import Found, pack, unpack
from exchange.runs.report import joined
from exchange.runs.watching import Due
from exchange.transaction import read_only, transaction
from workflows.matching_run import AT_WORK, MATCHING_RUN, RunState

if TYPE_CHECKING:
    from exchange.matching.core.rounds import Step

# For so many needs of a run the offers are counted that each rule removed, evenly spread.
COUNTED = 300
# Whatever the settings say: shorter than a worker may take for one task (``tasks``).
LONGEST = 3_000
# Who asks about the pairs of a run says so this often; who is silent for longer has died.
ASKING, SAY = timedelta(seconds=20), timedelta(seconds=4)
log = logging.getLogger(__name__)

Tell = Callable[[Mapping[str, Any]], None]


def look_after_all(patience: timedelta) -> Due:
    """Find the next work of every run, and take over what dead workers left."""
    with read_only(), transaction():
        unfinished, due = queries.unfinished(), Due(ask=queries.to_ask(now() - ASKING))
    for run_id in unfinished:
        with transaction():
            more = watching.look_after(run_id, patience=patience)
        due.blocks += more.blocks
        due.solve += more.solve
        due.publish += more.publish
    return due


def compare(block_id: int, *, patience: timedelta) -> int | None:
    """Compare a block of needs with all offers.

    :returns: the id of its run when this was the last block, so that it can be solved now.
    """
    with transaction():
        claim = blocks.claim(block_id, patience=patience)
    if claim is None:
        return None
    try:
        with beating(claim.run_id, patience=patience):
            found = _find(claim)
    except Exception as error:
        _stumble(claim.run_id, error)
        raise
    with transaction() as session:
        if not blocks.settle(claim, pack(found)):
            session.rollback()
    return _last_of(claim.run_id)


def solve(run_id: int, *, patience: timedelta, tell: Tell | None = None) -> bool:
    """Find the best whole of a run whose blocks are done; False when somebody else does.

    Where no officer publishes, the run publishes itself then; who is asked is the work of ``ask``.
    """
    with transaction():
        job = _take(run_id)
    if job is None:
        return False
    try:
        with beating(run_id, patience=patience) as note:
            rows, report = _solved(job, note, tell)
            with transaction():
                _settle(job, rows, report)
    except Exception as error:
        _stumble(run_id, error)
        raise
    publish_by_itself(run_id)
    return True


def work_off(run_id: int, *, patience: timedelta, tell: Tell) -> None:
    """Do all the work of a run in this process, until it is a draft or has published itself.

    Workers that are there help: each block is done by whoever takes it first.

    :param tell: gets what is done so far, whenever something was.
    """
    while _at_work(run_id):
        with transaction():
            due = watching.look_after(run_id, patience=patience)
            waiting = [block_id for block_id, claimed in queries.open_blocks(run_id) if not claimed]
        for number, block_id in enumerate(waiting, start=1):
            compare(block_id, patience=patience)
            tell({"block": number, "blocks": len(waiting)})
        if not waiting and not (due.solve and solve(run_id, patience=patience, tell=tell)):
            sleep(0.2)


def publish_by_itself(run_id: int) -> bool:
    """Publish a finished run of a programme where no officer does."""
    with transaction():
        return publishing.publish_by_itself(run_id)


def ask(run_id: int) -> int:
    """Ask about the pairs of a published run, each in a transaction of its own; return how many
    were settled. A pair that fails is left for the next look, and the others go on."""
    with transaction():
        if not publishing.take_to_ask(run_id, silent=ASKING):
            return 0
        pair_ids = queries.pairs_to_ask(run_id)
        actor = publishing.publisher(run_id)
        actor_id, said, settled = actor.id if actor else None, now(), 0
    for pair_id in pair_ids:
        if now() - said > SAY:
            said = now()
            with transaction():
                publishing.take_to_ask(run_id, silent=timedelta())
        settled += _ask(pair_id, actor_id)
    return settled


def _ask(pair_id: int, actor_id: int | None) -> bool:
    try:
        with transaction():
            actor = db.session.get(Person, actor_id) if actor_id else None
            return publishing.settle_pair(pair_id, actor=actor) is not None
    except Exception:
        log.exception("pair %s of a run waits for the next look", pair_id)
        return False


@dataclass(frozen=True)
class _Job:
    """What a solver needs of its run. ``attempts`` is its place among those who tried: when it is
    another at the end, somebody has taken the run over, and this one's word does not count."""

    run_id: int
    attempts: int
    configuration: Configuration


def _find(claim: blocks.Claim) -> Found:
    from exchange.runs import finding, loading  # late: numpy, for who matches

    with read_only(), transaction():
        run = db.session.get_one(Run, claim.run_id)
        counted = -(-COUNTED // run.blocks_total)
        loaded = loading.load(claim.run_id, claim.configuration)
    return finding.find(loaded, claim.need_ids, counted=counted)


def _take(run_id: int) -> _Job | None:
    run = db.session.get(Run, run_id)
    if run is None:
        return None
    steps.lock(run)
    if run.state != RunState.comparing or MATCHING_RUN.unmet("solve", run):
        return None
    steps.advance(MATCHING_RUN, run, "solve", actor=None)
    run.heartbeat_at = run.state_since
    return _Job(run.id, run.attempts, Configuration.from_dict(run.configuration))


def _solved(
    job: _Job, note: Callable[..., None], tell: Tell | None
) -> tuple[list[dict[str, Any]], dict[str, Any]]:
    from exchange.runs import loading, solving  # late: numpy, for who matches
    from exchange.runs.share import Share

    begun = perf_counter()
    with read_only(), transaction():
        need_ids = queries.needs_in(job.run_id)
        loaded = loading.load(job.run_id, job.configuration)
        wishes = loading.wishes(need_ids)
        founds = [(ids, unpack(packed)) for ids, packed in _blocks(job.run_id)]
    share = Share(loaded)
    again = share.take(founds)
    loaded_in = perf_counter() - begun

    def progress(step: "Step") -> None:
        note(report={"progress": asdict(step)})
        if tell is not None:
            tell(asdict(step))

    seconds = min(job.configuration.seconds, LONGEST)
    solved = solving.solve(share, wishes, seconds=seconds, progress=progress)
    report = joined(solved.report, [found.facts for _ids, found in founds], len(need_ids))
    report |= {"hash": job.configuration.hash, "facts": loaded.stamp, "compared_again": again}
    report["seconds"]["load"] = round(loaded_in, 3)
    return solved.rows, report


def _settle(job: _Job, rows: list[dict[str, Any]], report: dict[str, Any]) -> None:
    """Write down pairs and report and finish the run, all at once; nothing when another solver
    has taken it over, or an officer has thrown it away."""
    run = db.session.get(Run, job.run_id)
    if run is None:
        return
    steps.lock(run)
    if run.state != RunState.solving or run.attempts != job.attempts:
        return
    there = ordering.share({row["need_id"] for row in rows}, {row["offer_id"] for row in rows})
    kept = [row for row in rows if row["need_id"] in there[0] and row["offer_id"] in there[1]]
    if kept:
        db.session.execute(insert(RunPair), [{"run_id": run.id, **row} for row in kept])
    run.report = report
    steps.advance(MATCHING_RUN, run, "finish", actor=None)
    blocks.forget(run.id)


def _stumble(run_id: int, error: BaseException) -> None:
    db.session.rollback()
    with transaction():
        watching.stumbled(run_id, error)


def _blocks(run_id: int) -> list[tuple[list[int], bytes]]:
    query = select(Block.need_ids, Block.found).where(Block.run_id == run_id)
    rows = db.session.execute(query.order_by(Block.number))
    return [(need_ids, found) for need_ids, found in rows if found is not None]


def _at_work(run_id: int) -> bool:
    with read_only(), transaction():
        return db.session.get_one(Run, run_id).state in AT_WORK


def _last_of(run_id: int) -> int | None:
    with read_only(), transaction():
        run = db.session.get(Run, run_id)
        return run_id if run is not None and run.blocks_done >= run.blocks_total else None
