"""The heartbeat of a run while somebody works on it.

A thread of its own writes it, in short transactions past the session: it goes on however long one
step of the solver takes, and ends with its process, however that ends.
"""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, Protocol

from sqlalchemy import update
from sqlalchemy.exc import DBAPIError

from exchange.clock import now
from exchange.extensions import db
from exchange.runs.models import Run
from workflows.matching_run import AT_WORK

log = logging.getLogger(__name__)

# So often within the time after which a worker counts as dead.
BEATS = 4
# Whoever has worked on one piece for longer hangs: his heart stops, and another goes on.
LONGEST = timedelta(hours=2)


class Note(Protocol):
    """Writes a sign of life into the row of the run, and ``values`` of its columns with it."""

    def __call__(self, **values: Any) -> None:
        """Write."""
        ...


@contextmanager
def beating(run_id: int, *, patience: timedelta) -> Iterator[Note]:
    """Within it the run has a heartbeat. Gives a function that writes how far the work is."""
    engine, done = db.engine, threading.Event()
    statement = update(Run).where(Run.id == run_id, Run.state.in_(AT_WORK))

    def note(**values: Any) -> None:
        try:
            with engine.begin() as connection:
                connection.execute(statement.values(heartbeat_at=now(), **values))
        except DBAPIError as error:  # the work goes on: a missed beat is only a beat
            log.warning("run %s: its heartbeat could not be written (%s)", run_id, error.orig)

    def beat() -> None:
        pause = patience.total_seconds() / BEATS
        for _ in range(int(LONGEST.total_seconds() / pause)):
            if done.wait(pause):
                return
            note()

    thread = threading.Thread(target=beat, name=f"run {run_id}", daemon=True)
    thread.start()
    try:
        yield note
    finally:
        done.set()
        thread.join()
