"""What one process of the worker did since it last said so, kept in memory and written as rows.

A row for each task would be many writes a second for nobody; what a killed process had not said yet
is missing from the figures and from nothing else.
"""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from importlib.metadata import version
from threading import Lock

from sqlalchemy import delete, select

from exchange.extensions import db
from exchange.operations.models import Process, TaskTally

# How often a process says that it is alive, and after how long it counts as gone.
SAY_EVERY = 15.0
GONE_AFTER = timedelta(seconds=60)
FORGET_AFTER = timedelta(days=1)


@dataclass(frozen=True)
class Ended:
    """One task that came to its end. ``problem`` is the kind of its failure, never its words."""

    task: str
    at: datetime
    seconds: float
    waited: float | None = None
    by_clock: bool = False
    problem: str = ""
    trace_id: str = ""


@dataclass
class Tallies:
    """The tasks of this process since the last ``take``."""

    ended: list[Ended] = field(default_factory=list)
    at_work: int = 0
    _lock: Lock = field(default_factory=Lock)

    def begin(self) -> None:
        """A task begins."""
        with self._lock:
            self.at_work += 1

    def end(self, ended: Ended) -> None:
        """A task has ended."""
        with self._lock:
            self.at_work -= 1
            self.ended.append(ended)

    def take(self) -> list[Ended]:
        """What ended since the last look."""
        with self._lock:
            taken, self.ended = self.ended, []
        return taken


@dataclass(frozen=True)
class Clock:
    """When the clock rings for a task: every so many seconds, and next at an instant."""

    every: int
    next_at: datetime


def say(
    ended: list[Ended], at_work: int, clocks: Mapping[str, Clock], *, at: datetime, since: datetime
) -> None:
    """Write down that this process is alive, and what it did. The caller commits."""
    _alive(at_work, at, since)
    names = {one.task for one in ended} | set(clocks)
    # In one order everywhere: two processes never wait for each other.
    query = select(TaskTally).where(TaskTally.task.in_(names)).order_by(TaskTally.task)
    known = {row.task: row for row in db.session.scalars(query.with_for_update())}
    for name in sorted(names - set(known)):
        known[name] = TaskTally(task=name, done=0, failed=0, seconds=0.0, waited=0.0)
        db.session.add(known[name])
    for one in ended:
        _add(known[one.task], one)
    for name, clock in clocks.items():
        known[name].every, known[name].next_at = clock.every, clock.next_at
    db.session.flush()


def _add(row: TaskTally, one: Ended) -> None:
    row.seconds += one.seconds
    if one.waited is not None:
        row.waited = one.waited
    if one.by_clock:
        row.rung_at = one.at
    if one.problem:
        row.failed += 1
        row.failed_at, row.problem, row.trace_id = one.at, one.problem[:200], one.trace_id
    else:
        row.done += 1
        row.done_at, row.problem = one.at, ""


def process_name() -> str:
    """The machine and the number of this process."""
    return f"{socket.gethostname()[:120]}:{os.getpid()}"


def _alive(at_work: int, at: datetime, since: datetime) -> None:
    row = db.session.scalar(select(Process).where(Process.name == process_name()))
    if row is None:
        host, _colon, pid = process_name().rpartition(":")
        release = version("peer-exchange")
        row = Process(name=process_name(), host=host, pid=int(pid), release=release)
        db.session.add(row)
    row.started_at, row.seen_at, row.at_work = since, at, at_work
    db.session.execute(delete(Process).where(Process.seen_at < at - FORGET_AFTER))


def leave() -> None:
    """This process ends in order: its row goes. The caller commits."""
    db.session.execute(delete(Process).where(Process.name == process_name()))
