"""Each process of the worker says every few seconds that it is alive, and what it did since."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import structlog
from celery.schedules import crontab, maybe_schedule
from flask import Flask

from exchange.clock import now
from exchange.operations import tallies
from exchange.operations.tallies import SAY_EVERY, Clock, Tallies
from exchange.transaction import transaction
from tasks.schedule import schedule

HOUR, DAY = 3600, 86400

log = structlog.get_logger("exchange.pulse")
done = Tallies()


class Pulse:
    """A thread that speaks for its process until it is stopped."""

    def __init__(self, app: Flask, celery: Any) -> None:
        self._app, self._celery = app, celery
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None
        self._since = now()

    def start(self) -> None:
        """Begin to speak; a second time changes nothing."""
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="pulse", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Say the last, and take the row of this process away."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join(SAY_EVERY)
            self.say(leaving=True)

    def _work(self) -> None:
        self.say()
        while not self._stop.wait(SAY_EVERY):
            self.say()

    def say(self, *, leaving: bool = False) -> None:
        """Write what is to be said; what a database that is away did not take is said later."""
        ended, at = done.take(), now()
        settings = self._app.config["EXCHANGE"]
        try:
            with self._app.app_context(), transaction():
                known = clocks(settings.sweep_seconds, at, self._celery)
                tallies.say(ended, done.at_work, known, at=at, since=self._since)
                if leaving:
                    tallies.leave()
        except Exception as problem:  # noqa: BLE001 - whatever it is, the work itself goes on
            done.ended[:0] = ended
            log.warning("this process could not say that it is alive", problem=repr(problem)[:200])


def clocks(sweep_seconds: int, at: datetime, app: Any) -> dict[str, Clock]:
    """When the clock rings for each task of the timetable."""
    return {
        row["task"]: _clock(maybe_schedule(row["schedule"], app=app), at)
        for row in schedule(sweep_seconds).values()
    }


def _clock(rule: Any, at: datetime) -> Clock:
    if isinstance(rule, crontab):
        last, wait, _now = rule.remaining_delta(at)
        hours: Any = rule
        return Clock(HOUR if len(hours.hour) == 24 else DAY, (last + wait).astimezone(UTC))
    every = int(rule.run_every.total_seconds())
    return Clock(every, at + timedelta(seconds=every))
