"""Each task has one line in the log, under the number of the request that asked for it."""

from collections.abc import Callable
from time import perf_counter, time
from typing import Any

import structlog
from celery import Task
from celery.signals import before_task_publish

from exchange import trace

ASKED_BY, SENT_AT = "asked_by", "sent_at"
# A sweep that the clock asks for every few seconds is worth a line when it takes longer than this.
SLOW = 1.0

log = structlog.get_logger("exchange.task")


@before_task_publish.connect
def name_who_asks(headers: dict[str, Any] | None = None, **_: Any) -> None:
    """Every message says which requests it is for, and when it was sent."""
    if headers is not None:
        headers[ASKED_BY] = list(trace.asked_by())
        headers[SENT_AT] = time()


def run(task: Task, work: Callable[[], Any]) -> Any:
    """Do the work of a task, and say how it ended; what it raises goes on to Celery."""
    begun, request = perf_counter(), task.request
    trace.begin_task(request.id or "", request.get(ASKED_BY) or ())
    outcome = "failed"
    try:
        result = work()
        outcome = "done"
        return result
    finally:
        _say(task.name, outcome, perf_counter() - begun, _waited(request.get(SENT_AT), begun))


def _waited(sent_at: float | None, begun: float) -> float | None:
    """Seconds between the sending and the beginning; clocks of two machines may differ a little."""
    return max(0.0, time() - (perf_counter() - begun) - sent_at) if sent_at else None


def _say(name: str, outcome: str, seconds: float, waited: float | None) -> None:
    worth = outcome != "done" or seconds >= SLOW or trace.asked_by()
    (log.info if worth else log.debug)(
        "task",
        name=name,
        outcome=outcome,
        ms=round(seconds * 1000, 1),
        waited_ms=None if waited is None else round(waited * 1000, 1),
    )
