"""When runs begin by themselves: after changes, once it is quiet; and every night."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from exchange.extensions import db
from exchange.matching import actions as matching
from exchange.programmes import actions as programmes
from exchange.programmes.models import MatchingMode
from exchange.runs import actions, due
from exchange.runs.models import Occasion, Run
from exchange.transaction import transaction
from tasks import matching_runs as tasks
from tests import factories
from tests.integration.run_stories import begin, fresh, review, settled, work_off
from workflows.matching_run import RunState

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
NIGHT = datetime(2026, 3, 10, 2, 20, tzinfo=UTC)
MADRID = "Europe/Madrid"


@pytest.fixture
def clock():
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


def after_changes(clock, **later):
    """Move the clock on and look; the programmes of the runs that begin."""
    clock.shift(timedelta(**later))
    with transaction():
        return [run.programme_code for run in due.after_changes(datetime.now(UTC))]


def every_night(at):
    with time_machine.travel(at, tick=False), transaction():
        return [run.programme_code for run in due.every_night(at, MADRID)]


def programme(mode, code="forum-2026", **facts):
    with transaction():
        return programmes.create({"code": code, "title_en": code, "mode": mode, **facts})


# After changes


def test_a_run_begins_once_it_has_been_quiet_for_a_minute(app, clock):
    factories.need(), factories.offer()
    assert after_changes(clock, seconds=50) == []
    assert after_changes(clock, seconds=20) == ["network"]
    assert after_changes(clock, minutes=30) == [], "it is at work"
    (run,) = db.session.query(Run).all()
    assert run.occasion == Occasion.changes


def test_nobody_waits_for_quiet_for_more_than_ten_minutes(app, clock):
    begun = []
    factories.offer()
    for _ in range(14):
        factories.need()
        begun.append(after_changes(clock, seconds=50))
    assert begun.index(["network"]) == 11, "600 seconds after the first change"


def test_nothing_begins_where_nothing_changed(app, clock):
    factories.need(languages=("pt",)), factories.offer()
    run = begin()
    assert work_off(run).state == RunState.published
    assert after_changes(clock, minutes=5) == []
    factories.offer(languages=("pt",))
    assert after_changes(clock, minutes=2) == ["network"]


def test_what_a_run_itself_holds_is_no_change(app, clock):
    factories.need(), factories.need(languages=("pt",)), factories.offer(places=2)
    work_off(begin())
    clock.shift(timedelta(minutes=1))
    settled()
    assert after_changes(clock, minutes=20) == []


def test_a_place_that_is_given_back_is_a_change(app, clock):
    need = factories.need()
    factories.need(languages=("pt",)), factories.offer()
    work_off(begin())
    settled()
    clock.shift(timedelta(minutes=1))
    with transaction():
        matching.withdraw(need.matches[0], actor=None)
    assert after_changes(clock, minutes=2) == ["network"]


def test_nothing_begins_when_nobody_looks_for_a_host_or_none_has_a_place(app, clock):
    factories.offer()
    assert after_changes(clock, minutes=2) == []
    factories.need()
    db.session.query(factories.Offer).update({"places_taken": 1})
    db.session.commit()
    assert after_changes(clock, minutes=2) == []


@pytest.mark.parametrize("mode", [MatchingMode.suggest, MatchingMode.review])
def test_where_an_officer_asks_only_an_officer_or_the_night_begins_a_run(app, clock, mode):
    review(mode=mode)
    factories.need(), factories.offer()
    assert after_changes(clock, minutes=5) == []


def test_each_programme_has_its_own_quiet(app, clock):
    own = programme(MatchingMode.automatic)
    closed = programme(MatchingMode.automatic, code="forum-2025", open=False)
    factories.offer(places=3)
    clock.shift(timedelta(minutes=2))
    factories.need(programme=closed), factories.need()
    clock.shift(timedelta(seconds=50))
    factories.need(programme=own)
    assert after_changes(clock, seconds=20) == ["network"]
    assert after_changes(clock, seconds=50) == ["forum-2026"]


# Every night


def test_a_night_has_one_run_of_each_open_programme(app):
    programme(MatchingMode.automatic)
    programme(MatchingMode.suggest, code="africa")
    programme(MatchingMode.automatic, code="closed", open=False)
    assert every_night(NIGHT) == ["network", "africa", "forum-2026"]
    assert every_night(NIGHT + timedelta(hours=1)) == []
    for run in db.session.query(Run):
        assert run.occasion == Occasion.night
        work_off(run.id)
    assert every_night(NIGHT + timedelta(minutes=90)) == []
    assert len(every_night(NIGHT + timedelta(days=1))) == 3


@pytest.mark.parametrize(
    ("hour", "night"), [(0, False), (1, True), (2, True), (3, True), (4, False), (12, False)]
)
def test_night_is_where_the_people_are(app, hour, night):
    """In winter two in the morning in Madrid is one o'clock UTC."""
    assert bool(every_night(NIGHT.replace(hour=hour))) == night


def test_a_programme_that_is_busy_at_two_has_its_run_at_three(app):
    busy = begin()
    assert every_night(NIGHT) == []
    with transaction():
        actions.discard(fresh(busy), actor=None)
    assert every_night(NIGHT + timedelta(hours=1)) == ["network"]


def test_a_draft_that_waits_for_its_review_and_is_fresh_is_enough(app):
    with time_machine.travel(NIGHT - timedelta(hours=3), tick=False):
        review()
        factories.need(), factories.offer()
    (code,) = every_night(NIGHT)
    with time_machine.travel(NIGHT, tick=False):
        first = db.session.query(Run).one()
        assert work_off(first.id).state == RunState.draft
    assert code == "network"
    assert every_night(NIGHT + timedelta(days=1)) == []
    with time_machine.travel(NIGHT + timedelta(days=1, hours=5), tick=False):
        factories.need()
    assert every_night(NIGHT + timedelta(days=2)) == ["network"]
    assert fresh(first.id).state == RunState.discarded, "tonight's takes its place"


def test_a_draft_that_an_officer_drew_up_stays_beside_that_of_the_night(app):
    with time_machine.travel(NIGHT - timedelta(hours=3), tick=False):
        review()
        mine = work_off(begin(actor=factories.officer()))
    with time_machine.travel(NIGHT - timedelta(hours=2), tick=False):
        factories.need()
    assert every_night(NIGHT) == ["network"]
    assert fresh(mine.id).state == RunState.draft


# The tasks


@pytest.fixture
def rings(monkeypatch):
    """The nudges that the sweep sends; they are worked off by hand."""
    sent = []
    monkeypatch.setattr(tasks.celery.amqp, "send_task_message", _into(sent))
    return sent


def _into(sent):
    def send(_producer, name, message, **_options):
        if name.startswith("tasks.matching_runs."):  # what events ring for comes from a thread
            sent.append((name, message.body[1]))

    return send


def work_through(rings):
    """What a worker would do with the nudges."""
    done = []
    while rings:
        name, ids = rings.pop(0)
        done.append(name.removeprefix("tasks.matching_runs."))
        tasks.celery.tasks[name].run(**ids)
    return done


def test_the_sweep_takes_a_run_from_its_beginning_to_the_cities(app, clock, rings):
    factories.need(), factories.offer()
    clock.shift(timedelta(minutes=2))
    tasks.sweep.run()
    assert work_through(rings) == ["block", "solve"]
    (run,) = db.session.query(Run).all()
    assert run.state == RunState.published
    tasks.sweep.run()
    assert work_through(rings) == ["ask"]
    tasks.sweep.run()
    assert rings == []
    assert db.session.query(factories.Need).one().hosts_held == 1


def test_the_sweep_publishes_what_a_dead_solver_left(app, rings, monkeypatch):
    factories.need(), factories.offer()
    run_id = begin()
    monkeypatch.setattr(tasks.work, "publish_by_itself", lambda _run_id: None)
    tasks.sweep.run()
    work_through(rings)
    assert fresh(run_id).state == RunState.draft
    monkeypatch.undo()
    monkeypatch.setattr(tasks.celery.amqp, "send_task_message", _into(rings))
    tasks.sweep.run()
    assert fresh(run_id).state == RunState.published


def test_at_noon_the_task_of_the_night_does_nothing(app, clock):
    tasks.nightly.run()
    assert db.session.query(Run).count() == 0


def test_the_task_of_the_night_begins_runs(app):
    with time_machine.travel(NIGHT, tick=False):
        tasks.nightly.run()
    assert [run.occasion for run in db.session.query(Run)] == [Occasion.night]
