"""Figures for Prometheus: what this machine's web processes answered, and how the installation is.

Requests are counted in files that all web processes of a machine share; everything else is read
from the rows when it is asked for, and is the same whichever machine is asked.
"""

import os
import shutil
from collections.abc import Iterable, Iterator
from datetime import datetime
from importlib.metadata import version

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from exchange.clock import now
from exchange.config import Settings
from exchange.extensions import db
from exchange.operations import broker, health, queries

# The folder that the processes share; the library reads the variable when it is imported.
SHARED = "PROMETHEUS_MULTIPROC_DIR"
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)

OWN = CollectorRegistry()
REQUESTS = Counter(
    "exchange_requests",
    "Requests that were answered.",
    ("endpoint", "method", "status"),
    registry=OWN,
)
SECONDS = Histogram(
    "exchange_request_seconds",
    "How long the answers took.",
    ("endpoint",),
    buckets=BUCKETS,
    registry=OWN,
)


def count(endpoint: str, method: str, status: int, seconds: float) -> None:
    """Count one request."""
    REQUESTS.labels(endpoint, method, status).inc()
    SECONDS.labels(endpoint).observe(seconds)


def text(settings: Settings) -> bytes:
    """All figures, in Prometheus' text format."""
    registry = CollectorRegistry()
    if SHARED in os.environ:
        MultiProcessCollector(registry)
    else:
        registry.register(OWN)
    registry.register(Installation(settings))
    return generate_latest(registry)


class Installation(Collector):
    """The figures that are read when they are asked for."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    def describe(self) -> Iterable[Metric]:
        """Nothing beforehand: to register it must not read the database."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The queue and the disk always; the rest as far as the database answers."""
        yield from self._outside()
        try:
            found = list(_of_the_rows(now()))
        except SQLAlchemyError:
            db.session.rollback()
            found = []
        yield _gauge("database_up", "Whether the database answers.", bool(found))
        yield from found

    def _outside(self) -> Iterator[Metric]:
        queue = broker.look(self.settings)
        yield _gauge("queue_up", "Whether the broker answers.", queue.there)
        if queue.length is not None:
            yield _gauge("queue_length", "Messages that wait in the queue.", queue.length)
        if queue.age is not None:
            yield _gauge("queue_age_seconds", "How long the oldest of them waits.", queue.age)
        free = shutil.disk_usage(self.settings.var).free
        yield _gauge("disk_free_bytes", "Room where the program writes.", free)


def _of_the_rows(at: datetime) -> Iterator[Metric]:
    behind = health.revisions_behind()
    yield _gauge("migrations_behind", "Whether the database is not at the last.", bool(behind))
    info = GaugeMetricFamily("exchange_release", "What runs here.", labels=["release"])
    info.add_metric([version("peer-exchange")], 1)
    yield info
    yield from _waiting(at)
    states = (
        ("exchanges", "Exchanges in each state.", queries.exchanges_by_state()),
        ("messages", "Mails in each state.", queries.messages_by_state()),
        ("failures", "What failed and waits for somebody.", queries.failures().counts),
    )
    for name, words, counts in states:
        yield _by(name, words, "kind" if name == "failures" else "state", counts)
    yield from _tasks(at)


def _waiting(at: datetime) -> Iterator[Metric]:
    found = queries.waiting(at)
    counts = {one.what: one.count for one in found}
    ages = {one.what: one.age(at) for one in found}
    yield _by("waiting_rows", "Rows that are due and wait for the worker.", "what", counts)
    yield _by("waiting_seconds", "How long the oldest of them is due.", "what", ages)
    words = "How long the oldest mail that is due was not sent."
    yield _gauge("oldest_unsent_message_seconds", words, ages["messages"])


def _tasks(at: datetime) -> Iterator[Metric]:
    rows = queries.tallies()
    ended = CounterMetricFamily(
        "exchange_tasks", "Tasks that came to an end.", labels=["task", "outcome"]
    )
    seconds = CounterMetricFamily("exchange_task_seconds", "Time they took.", labels=["task"])
    for row in rows:
        ended.add_metric([row.task, "done"], row.done)
        ended.add_metric([row.task, "failed"], row.failed)
        seconds.add_metric([row.task], row.seconds)
    yield ended
    yield seconds
    waited = {row.task: row.waited for row in rows}
    yield _by("task_waited_seconds", "How long the last one lay in the queue.", "task", waited)
    failing = {row.task: float(bool(row.problem)) for row in rows}
    yield _by("task_failing", "Whether its last end was a failure.", "task", failing)
    rung = {row.task: (at - row.rung_at).total_seconds() for row in rows if row.rung_at}
    yield _by("sweep_age_seconds", "Time since the clock's last ring was done.", "task", rung)
    every = {row.task: float(row.every) for row in rows if row.every}
    yield _by("sweep_every_seconds", "Time between two rings of the clock.", "task", every)
    heard = queries.clock_rang_at(rows)
    if heard is not None:
        words = "Time since the scheduler was last heard of."
        yield _gauge("scheduler_age_seconds", words, (at - heard).total_seconds())
    alive = queries.processes(at)
    yield _gauge("worker_processes", "Processes of the worker that are alive.", len(alive))


def _gauge(name: str, words: str, value: float) -> Metric:
    return GaugeMetricFamily(f"exchange_{name}", words, value=float(value))


def _by(name: str, words: str, label: str, values: dict[str, float] | dict[str, int]) -> Metric:
    family = GaugeMetricFamily(f"exchange_{name}", words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], float(value))
    return family
