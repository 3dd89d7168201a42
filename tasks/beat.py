"""Entry point of the scheduler: `celery -A tasks.beat beat`. It loads no task and no Flask."""

import logging
from typing import Any

from celery.beat import Scheduler
from celery.signals import setup_logging

from exchange import logs
from exchange.config import load
from tasks.app import celery, configure
from tasks.schedule import schedule
from tasks.watched import BY_CLOCK

__all__ = ["ForgetfulScheduler", "celery"]

log = logging.getLogger(__name__)


class ForgetfulScheduler(Scheduler):
    """Keeps nothing between two starts: all it rings are sweeps, which find what was missed.

    So there is no schedule file to break, and two schedulers on one machine do no harm.
    """

    def setup_schedule(self) -> None:
        """Take the table as it is."""
        self.merge_inplace(self.app.conf.beat_schedule)

    def tick(self, *args: Any, **kwargs: Any) -> float:
        """Ring what is due; returns the seconds until the next look.

        All that waits to ring waits until an hour on the clock. When the clock was put back, that
        hour may be a day away: then the waiting begins anew.
        """
        at = self.app.now()
        if any((entry.last_run_at or at) > at for entry in self.schedule.values()):
            log.warning("the clock was put back: the timetable begins anew")
            for entry in self.schedule.values():
                entry.last_run_at = at
            self.populate_heap()
        return float(super().tick(*args, **kwargs))


settings = load()
configure(settings)
celery.conf.beat_schedule = schedule(settings.sweep_seconds)
for entry in celery.conf.beat_schedule.values():
    # Whoever does it knows by this that the clock still rings.
    entry["options"]["headers"] = {BY_CLOCK: True}
celery.conf.beat_scheduler = ForgetfulScheduler
# Wake up no later than the next sweep may be due.
celery.conf.beat_max_loop_interval = min(settings.sweep_seconds, 60)


@setup_logging.connect
def same_log(**_: Any) -> None:
    """The scheduler logs like the web does."""
    logs.configure(settings)
