"""The scheduler lives by the clock of its machine, which somebody may put back."""

from datetime import timedelta

from celery import Celery

from tasks.beat import ForgetfulScheduler


def test_a_clock_that_was_put_back_does_not_silence_the_timetable_until_it_has_caught_up() -> None:
    app = Celery(broker="memory://", set_as_current=False)
    app.conf.beat_schedule = {
        name: {"task": f"tasks.{name}", "schedule": 0.01} for name in ("first", "second")
    }
    scheduler = ForgetfulScheduler(app=app, lazy=True)
    scheduler.setup_schedule()
    tomorrow = app.now() + timedelta(days=1)
    for entry in scheduler.schedule.values():
        entry.last_run_at = tomorrow
    scheduler.populate_heap()
    rung = lambda: [entry.total_run_count for entry in scheduler.schedule.values()]  # noqa: E731
    for _look in range(10_000):
        scheduler.tick()
        if all(rung()):
            break
    assert all(rung())
    assert all(entry.last_run_at < tomorrow for entry in scheduler.schedule.values())
