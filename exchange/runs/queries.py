"""Reading runs: lists, what waits for a worker, how far a run is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, or_, select
from sqlalchemy.orm import joinedload

from exchange.catalogue.models import Need, Offer
from exchange.directory.models import Person
from exchange.extensions import db
from exchange.listing import DEFAULT_SIZE, MAX_SIZE, Page
from exchange.matching.models import Wish
from exchange.programmes.models import GENERAL, Programme
from exchange.runs.models import Block, Outcome, Run, RunPair
from workflows.matching_run import AT_WORK, RunState
from workflows.need import NeedState
from workflows.offer import OfferState

SORTS = {"newest": Run.id}
WISH_SORTS = {"newest": Wish.id}
PAIR_SORTS = {"score": RunPair.score, "need": RunPair.need_id, "offer": RunPair.offer_id}
# Comparing is nearly all of the work of a run; its last part is the search for the best whole.
SHARE_OF_COMPARING = 0.8


# What a run is made of


def code_of(programme: Programme | None) -> str:
    """The code by which the runs of a programme are counted; None is the network at large."""
    return programme.code if programme else GENERAL


def needs_of(code: str) -> Any:
    """The clause of the published needs of a programme: those of the network name none."""
    published = Need.state == NeedState.published
    named = Need.programme_id.in_(select(Programme.id).where(Programme.code == code))
    return published & (or_(named, Need.programme_id.is_(None)) if code == GENERAL else named)


def need_ids(code: str) -> list[int]:
    """The ids of the published needs of a programme, in their order."""
    return list(db.session.scalars(select(Need.id).where(needs_of(code)).order_by(Need.id)))


def is_demonstration(code: str) -> bool:
    """Whether a programme has needs, and all of them are of the demonstration."""
    query = select(func.count(Need.id), func.count(Need.id).filter(Need.demo)).where(needs_of(code))
    every, demo = db.session.execute(query).one()
    return bool(every) and every == demo


def offers_count() -> int:
    """How many offers are published."""
    query = select(func.count(Offer.id)).where(Offer.state == OfferState.published)
    return db.session.scalar(query) or 0


def wishes(query: Select[Any]) -> Select[Any]:
    """A list of wishes of officers with what it shows: one statement, any length."""
    shown = (
        joinedload(Wish.need).joinedload(Need.organisation),
        joinedload(Wish.offer).joinedload(Offer.organisation),
        joinedload(Wish.person).lazyload(Person.affiliations),
    )
    return query.options(*shown)


# Runs of a programme


def programme(code: str) -> Programme | None:
    """The programme with this code."""
    return db.session.scalars(select(Programme).where(Programme.code == code)).first()


def last_number(programme_code: str) -> int:
    """The number of the last published run of a programme; 0 before the first."""
    query = select(func.max(Run.number)).where(Run.programme_code == programme_code)
    return db.session.scalar(query) or 0


def last_published(programme_code: str, *, before: Run | None = None) -> Run | None:
    """The last published run of a programme, or the last one that was begun ``before`` another."""
    query = select(Run).where(Run.programme_code == programme_code, Run.number.is_not(None))
    if before is not None:
        query = query.where(Run.id < before.id)
    return db.session.scalars(query.order_by(Run.number.desc()).limit(1)).first()


def last_solved() -> Run | None:
    """The newest run of any programme that has pairs to look at, published or not."""
    solved = Run.state.in_((RunState.draft, RunState.published))
    return db.session.scalars(select(Run).where(solved).order_by(Run.id.desc()).limit(1)).first()


def at_work(programme_code: str) -> Run | None:
    """The run of a programme that workers are busy with; there is one at most."""
    query = select(Run).where(Run.programme_code == programme_code, Run.state.in_(AT_WORK))
    return db.session.scalars(query).first()


# What waits for a worker


def unfinished() -> list[int]:
    """Ids of the runs that workers are busy with, and of those that publish themselves next."""
    own = (Run.state == RunState.draft) & (Run.mode != "review")
    query = select(Run.id).where(or_(Run.state.in_(AT_WORK), own)).order_by(Run.id)
    return list(db.session.scalars(query))


def needs_in(run_id: int) -> list[int]:
    """The ids of the needs of a run, as they were when it was begun."""
    query = select(Block.need_ids).where(Block.run_id == run_id).order_by(Block.number)
    return [need_id for ids in db.session.scalars(query) for need_id in ids]


def open_blocks(run_id: int) -> list[tuple[int, datetime | None]]:
    """Id and claim of the blocks of a run that are not done, in their order."""
    query = select(Block.id, Block.claimed_at).where(
        Block.run_id == run_id, Block.done_at.is_(None)
    )
    return [(row.id, row.claimed_at) for row in db.session.execute(query.order_by(Block.number))]


def to_ask(silent_since: datetime) -> list[int]:
    """Ids of the published runs with pairs about which nobody was asked yet, and whose worker has
    said nothing since then."""
    query = (
        select(RunPair.run_id)
        .join(Run, Run.id == RunPair.run_id)
        .where(RunPair.outcome == Outcome.drafted, Run.state == RunState.published)
        .where(or_(Run.heartbeat_at.is_(None), Run.heartbeat_at < silent_since))
    )
    return list(db.session.scalars(query.distinct().order_by(RunPair.run_id)))


def pairs_to_ask(run_id: int) -> list[int]:
    """Ids of the pairs of a run that are still to be asked, the best first."""
    query = select(RunPair.id).where(RunPair.run_id == run_id, RunPair.outcome == Outcome.drafted)
    return list(db.session.scalars(query.order_by(RunPair.score.desc(), RunPair.id)))


# Lists and pages


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow a list of runs and load what it shows: one statement, any length."""
    for name, column in (
        ("state", Run.state),
        ("programme", Run.programme_code),
        ("occasion", Run.occasion),
    ):
        if filters.get(name):
            query = query.where(column == filters[name])
    return query.options(
        joinedload(Run.programme), joinedload(Run.person).lazyload(Person.affiliations)
    )


def listed_pairs(query: Select[Any], run: Run, filters: Mapping[str, Any]) -> Select[Any]:
    """The pairs of a run, narrowed, with what a list shows of them: one statement."""
    query = query.where(RunPair.run_id == run.id)
    for name, column in (
        ("outcome", RunPair.outcome),
        ("need", RunPair.need_id),
        ("offer", RunPair.offer_id),
    ):
        if filters.get(name):
            query = query.where(column == filters[name])
    return query.options(
        joinedload(RunPair.need).joinedload(Need.organisation),
        joinedload(RunPair.offer).joinedload(Offer.organisation),
    )


@dataclass(frozen=True)
class Missed:
    """An offer that fits a need better than the one it got, and why it did not get it."""

    offer: Offer
    because: str


def missed_in(pair: RunPair) -> Missed | None:
    """What a run knows of an offer that fits the need of a pair better."""
    known = pair.trade_off
    offer = db.session.get(Offer, known["offer"]) if known else None
    return Missed(offer, known["because"]) if known and offer else None


def missed_by(need_id: int, offer_id: int) -> Missed | None:
    """The same of the newest run that proposes this pair."""
    query = select(RunPair).where(RunPair.need_id == need_id, RunPair.offer_id == offer_id)
    pair = db.session.scalars(query.order_by(RunPair.id.desc()).limit(1)).first()
    return missed_in(pair) if pair else None


def changed_since(run: Run) -> int:
    """How many needs of a run's programme, and how many offers, were changed or published since it
    was begun: it does not know how they are now."""
    since = run.created_at
    needs = select(func.count(Need.id)).where(needs_of(run.programme_code), Need.updated_at > since)
    offers = select(func.count(Offer.id)).where(
        Offer.state == OfferState.published, Offer.updated_at > since
    )
    return (db.session.scalar(needs) or 0) + (db.session.scalar(offers) or 0)


def without(run: Run, filters: Mapping[str, Any]) -> Page:
    """A page of the needs that a run left without a host, each with why: two statements."""
    left = sorted((int(key), why) for key, why in run.report.get("unserved", {}).items())
    number, size = filters.get("page") or 1, min(filters.get("size") or DEFAULT_SIZE, MAX_SIZE)
    page = dict(left[(number - 1) * size : number * size])
    query = select(Need).where(Need.id.in_(page)).options(joinedload(Need.organisation))
    needs = db.session.scalars(query.order_by(Need.id))
    return Page([(need, page[need.id]) for need in needs], number, size, len(left))


def outcomes(run: Run) -> dict[str, int]:
    """How many pairs of a run stand where: outcome → number."""
    query = select(RunPair.outcome, func.count(RunPair.id)).where(RunPair.run_id == run.id)
    found = {str(row[0]): row[1] for row in db.session.execute(query.group_by(RunPair.outcome))}
    return {str(outcome): found.get(str(outcome), 0) for outcome in Outcome}


@dataclass(frozen=True)
class Progress:
    """How far a run is. ``share`` of the whole way goes from 0 to 1; ``steps`` are what the solver
    says of itself: its round, and the gap that is still open in basis points."""

    stage: RunState
    blocks_done: int
    blocks_total: int
    share: float
    since: datetime
    heartbeat: datetime | None
    person: Person | None
    attempts: int
    steps: Mapping[str, Any]

    @property
    def at_work(self) -> bool:
        """Whether it will still change by itself."""
        return self.stage in AT_WORK


def progress(run: Run) -> Progress:
    """How far ``run`` is, as it was read: no statement but for the person's name."""
    return Progress(
        stage=run.state,
        blocks_done=run.blocks_done,
        blocks_total=run.blocks_total,
        share=_share(run),
        since=run.state_since,
        heartbeat=run.heartbeat_at,
        person=run.person,
        attempts=run.attempts,
        steps=run.report.get("progress", {}),
    )


def _share(run: Run) -> float:
    if run.state not in AT_WORK:
        return 1.0
    return SHARE_OF_COMPARING * run.blocks_done / max(run.blocks_total, 1)
