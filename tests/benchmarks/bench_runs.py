"""A full run by 1, 2 and 4 worker processes on PostgreSQL and Redis: how much faster, and the same.

``BENCH_NEEDS`` says how many needs (and offers) there are. The first run of a worker
reads all rows and all texts; the second finds them in its memory, as a server does that is up.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from exchange.app import create_app
from exchange.config import CHECKOUT, load
from exchange.extensions import Base, db
from exchange.programmes import actions as programmes
from exchange.runs import actions, beginning
from exchange.runs.models import Run, RunPair
from exchange.steps import steps_of
from exchange.vocabularies.reference import load_reference
from tests.benchmarks.stored_world import store
from tests.benchmarks.world import world
from tests.e2e.running import servers
from workflows.matching_run import RunState

# ruff: noqa: T201  (a benchmark prints)
pytestmark = [pytest.mark.slow, pytest.mark.services, pytest.mark.timeout(3600)]
NEEDS = int(os.environ.get("BENCH_NEEDS", "2000"))
BLOCKS = 16
WORKERS = (1, 2, 4)


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    own = {"EXCHANGE_VAR": str(tmp_path), "EXCHANGE_LOG_LEVEL": "WARNING"}
    return own | servers("peer_exchange_bench", redis=7)


@pytest.fixture
def app(environ: dict[str, str]) -> Iterator[Any]:
    from tasks.app import configure

    settings = load(environ)
    configure(settings)
    app = create_app(settings)
    with app.app_context():
        Base.metadata.create_all(db.engine)
        load_reference(cities_from=1_000_000)
        db.session.commit()
        yield app
        db.session.remove()
        db.engine.dispose()


@contextmanager
def workers(many: int, environ: dict[str, str]) -> Iterator[None]:
    """So many worker processes, ready."""
    celery = (str(Path(sys.executable).parent / "celery"), "-A", "tasks.worker", "worker")
    how = (
        "-P",
        "solo",
        "-l",
        "INFO",
        "--without-gossip",
        "--without-mingle",
        "--without-heartbeat",
    )
    started = [
        subprocess.Popen(
            [*celery, *how, "-n", f"bench{number}@localhost"],
            cwd=CHECKOUT,
            env={**os.environ, **environ, "EXCHANGE_LOG_LEVEL": "INFO", "OMP_NUM_THREADS": "1"},
            stderr=subprocess.STDOUT,
            stdout=subprocess.PIPE,
            text=True,
        )
        for number in range(many)
    ]
    try:
        for one in started:
            assert one.stdout
            while "ready." not in (line := one.stdout.readline()):
                assert line, "a worker ended"
        yield
    finally:
        for one in started:
            one.kill()
            one.communicate()


def run_it() -> tuple[float, float, set[tuple[int, ...]]]:
    """Seconds of comparing and of solving, and the pairs of one run."""
    from tasks.matching_runs import sweep

    run = actions.begin(None, actor=None)
    db.session.commit()
    run_id = run.id
    while db.session.get_one(Run, run_id, populate_existing=True).state != RunState.draft:
        db.session.rollback()
        sweep.run()
        time.sleep(0.2)
    at = {step.trigger: step.happened_at for step in steps_of("matching_run", run_id)}
    columns = (RunPair.need_id, RunPair.offer_id, RunPair.score)
    pairs = {tuple(row) for row in db.session.query(*columns).filter_by(run_id=run_id)}
    db.session.rollback()
    comparing, solving = at["solve"] - at["compare"], at["finish"] - at["solve"]
    return comparing.total_seconds(), solving.total_seconds(), pairs


def tell(found: dict[int, list[Any]]) -> None:
    """Seconds of the first and the second run of each number of workers, and how many times as
    fast as one worker each was: comparing alone, and the whole."""
    print(f"\nA run over {NEEDS} needs and offers in {BLOCKS} blocks, {os.cpu_count()} processors")
    print("  workers         compare     solve   times as fast: comparing   whole")
    for number, name in enumerate(("first run", "then")):
        alone = found[1][number]
        for many, runs in found.items():
            comparing, solving, _pairs = runs[number]
            part, whole = alone[0] / comparing, sum(alone[:2]) / (comparing + solving)
            took = f"{comparing:>8.2f} s{solving:>8.2f} s"
            print(f"  {many:>2} {name:<10}{took}{part:>26.2f}{whole:>8.2f}")


def test_more_workers_do_the_same_run_sooner(app, environ, monkeypatch):
    for name in ("FEWEST", "MOST"):
        monkeypatch.setattr(beginning, name, -(-NEEDS // BLOCKS))
    store(world(NEEDS, NEEDS))
    programmes.edit(programmes.general(), {"mode": "review"})
    db.session.commit()
    found: dict[int, list[Any]] = {}
    for many in WORKERS:
        with workers(many, environ):
            found[many] = [run_it(), run_it()]
    tell(found)
    results = [run[2] for runs in found.values() for run in runs]
    assert all(result == results[0] for result in results), "the number of workers changed the run"
    assert len(results[0]) > NEEDS / 2
