"""A worker is killed in the middle of a run, by the kernel and without a word; the run goes on.

Real web, worker and scheduler on PostgreSQL and Redis.
"""

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import insert, select, text

from exchange.app import create_app
from exchange.catalogue.models import Need, Offer, need_terms, offer_terms
from exchange.clock import now
from exchange.config import load
from exchange.directory.models import Level, Organisation, OrganisationKind
from exchange.extensions import db
from exchange.programmes import actions as programmes
from exchange.runs import actions, beginning
from exchange.runs.models import Block, Run
from exchange.steps import steps_of
from exchange.transaction import read_only
from exchange.vocabularies.models import Term
from tests.e2e.running import Program, servers, wait_for
from workflows.matching_run import RunState
from workflows.need import NeedState
from workflows.offer import OfferState

pytestmark = [
    pytest.mark.e2e,
    pytest.mark.slow,
    pytest.mark.services,
    pytest.mark.timeout(420),
    pytest.mark.xdist_group("up"),
]
SIZE = 800
SUBJECTS = ("drains", "trams", "housing", "schools", "forests", "harbours", "budgets", "markets")
SETTINGS = {"EXCHANGE_RUN_PATIENCE": "6"}


@pytest.fixture
def program(tmp_path: Path) -> Iterator[Program]:
    running = Program(tmp_path / "var", **servers("peer_exchange_killed", redis=8), **SETTINGS)
    yield running
    if running.process.poll() is None:
        running.stop()


@pytest.fixture
def app(program: Program) -> Iterator[Flask]:
    """The same installation, from this process: to write many rows at once, and to look."""
    known = {k: v for k, v in program.environ.items() if k.startswith("EXCHANGE_")}
    app = create_app(load(known))
    with app.app_context():
        yield app
        db.session.remove()
        db.engine.dispose()


def fill() -> None:
    """A network of ``SIZE`` needs and offers that the matcher has looked at one by one."""
    terms = [
        db.session.scalars(select(Term.id).filter_by(vocabulary=vocabulary, code=code)).one()
        for vocabulary, code in (("theme", "mobility"), ("language", "en"))
    ]
    city = {"kind": OrganisationKind.local_government, "level": Level.city, "country_code": "MZ"}
    names = [{"name": f"City {n}", "folded_name": f"city {n}", **city} for n in range(SIZE)]
    cities = db.session.scalars(insert(Organisation).returning(Organisation.id), names).all()
    for model, state, links, shift in (
        (Need, NeedState.published, need_terms, 0),
        (Offer, OfferState.published, offer_terms, 1),
    ):
        rows = [_listing(cities, n, shift, state) for n in range(SIZE)]
        made = db.session.scalars(insert(model).returning(model.id), rows).all()
        owner = links.c[0].name
        db.session.execute(
            insert(links), [{owner: key, "term_id": term} for key in made for term in terms]
        )
    db.session.commit()


def _listing(cities: Any, number: int, shift: int, state: Any) -> dict[str, Any]:
    at = now()
    words = " ".join(SUBJECTS[(number * step + shift) % len(SUBJECTS)] for step in (1, 3, 5))
    return {
        "organisation_id": cities[(number + shift) % SIZE],
        "title": f"{words} {number}",
        "text": f"How to plan, pay for and run {words} in a city of the size of ours.",
        "language": "en",
        "state": state,
        "updated_at": at,
        "examined_at": at,
    }


def draw_up() -> int:
    """Begin a run; the sweep will find it."""
    programmes.edit(programmes.general(), {"mode": "review"})
    run = actions.begin(None, actor=None)
    db.session.commit()
    return run.id


@contextmanager
def reading() -> Iterator[None]:
    """Look at the database as it is now, and hold nobody up."""
    with read_only():
        yield
        db.session.rollback()


def state_of(run_id: int) -> RunState:
    with reading():
        return db.session.get_one(Run, run_id, populate_existing=True).state


@contextmanager
def nobody_writes_pairs() -> Iterator[None]:
    """Hold the table of pairs, so that a solver is still at work however quick the machine is."""
    with db.engine.begin() as connection:
        connection.execute(text("LOCK TABLE matching_run_pair IN SHARE MODE"))
        yield


def in_the_middle(run_id: int, state: RunState) -> bool:
    """Whether somebody is at work on the run right now."""
    if state_of(run_id) != state:
        return False
    claimed = select(Block.id).where(Block.run_id == run_id, Block.claimed_at.is_not(None))
    undone = claimed.where(Block.done_at.is_(None)).limit(1)
    with reading():
        return state == RunState.solving or db.session.scalar(undone) is not None


def test_a_run_survives_the_death_of_its_worker(program, app, monkeypatch):
    monkeypatch.setattr(beginning, "MOST", 400)
    fill()
    run_id = draw_up()
    wait_for(lambda: in_the_middle(run_id, RunState.comparing), "a block at work", 100, program)
    os.kill(program.worker(), signal.SIGKILL)
    assert state_of(run_id) == RunState.comparing
    with nobody_writes_pairs():
        wait_for(lambda: in_the_middle(run_id, RunState.solving), "the solver", 100, program)
        os.kill(program.worker(), signal.SIGKILL)
        assert state_of(run_id) == RunState.solving
    wait_for(lambda: state_of(run_id) == RunState.draft, "the draft", 100, program)
    with reading():
        run = db.session.get_one(Run, run_id)
        assert run.attempts == 2
        steps = list(reversed(steps_of("matching_run", run_id)))
        # A slow machine also sends again what nobody has begun: that is no death, and has no note.
        assert sum(bool(step.note) for step in steps if step.trigger == "take_over") == 2
        assert steps[-1].trigger == "finish"
        assert run.report["certified"]
        assert len(run.pairs) == run.report["places"] == run.report["served"] > SIZE / 2
        assert len({pair.need_id for pair in run.pairs}) == len(run.pairs)
        assert {block.found for block in run.blocks} == {None}
    assert program.stop() == 0
