"""The heartbeat of a run: while somebody works on it, however long a step takes."""

import time
from datetime import timedelta

from sqlalchemy.exc import OperationalError

from exchange.extensions import db
from exchange.runs import beating, work
from exchange.runs.models import Run
from tests import factories
from tests.integration.run_stories import PATIENCE, begin, fresh
from workflows.matching_run import RunState

SHORT = timedelta(seconds=0.2)


def at_work():
    factories.need(), factories.offer()
    run_id = begin()
    work.look_after_all(PATIENCE)
    run = fresh(run_id)
    assert run.state == RunState.comparing
    first = run.heartbeat_at
    db.session.rollback()
    return run_id, first


def heartbeat(run_id):
    found = fresh(run_id).heartbeat_at
    db.session.rollback()
    return found


def test_it_beats_while_the_work_goes_on_and_no_longer(app):
    run_id, first = at_work()
    with beating.beating(run_id, patience=SHORT):
        time.sleep(0.3)
    last = heartbeat(run_id)
    assert last > first
    time.sleep(0.2)
    assert heartbeat(run_id) == last


def test_what_the_solver_says_is_written_with_it(app):
    run_id, _first = at_work()
    with beating.beating(run_id, patience=PATIENCE) as note:
        note(report={"progress": {"round": 2}})
    assert fresh(run_id).report == {"progress": {"round": 2}}


def test_whoever_hangs_is_given_up(app, monkeypatch):
    monkeypatch.setattr(beating, "LONGEST", SHORT / 2)
    run_id, _first = at_work()
    with beating.beating(run_id, patience=SHORT):
        time.sleep(0.3)
        last = heartbeat(run_id)
        time.sleep(0.2)
        assert heartbeat(run_id) == last


def test_a_database_that_is_away_for_a_moment_stops_no_work(app, monkeypatch, caplog):
    run_id, first = at_work()
    with beating.beating(run_id, patience=PATIENCE) as note:

        def away():
            raise OperationalError("UPDATE", {}, Exception("gone"))

        monkeypatch.setattr(db.engine, "begin", away)
        note()
        monkeypatch.undo()
    assert "could not be written" in caplog.text
    assert db.session.get_one(Run, run_id).heartbeat_at == first
