"""Each task has one line in the log, under the number of the request that asked for it, and counts
in the figures of its process."""

from collections.abc import Callable
from time import perf_counter, time
from typing import Any

import structlog
from celery import Task
from celery.signals import before_task_publish

from exchange import fault_reports, trace, tracing
from exchange.clock import now
from exchange.operations.tallies import Ended
from tasks import pulse

# Headers of a message of ours.
ASKED_BY, SENT_AT, BY_CLOCK = "asked_by", "sent_at", "by_clock"
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
    request, begun = task.request, perf_counter()
    trace.begin_task(request.id or "", request.get(ASKED_BY) or ())
    waited = _waited(request.get(SENT_AT))
    pulse.done.begin()
    problem = ""
    try:
        return work()
    except BaseException as error:
        problem = type(error).__name__
        fault_reports.report(error, task=task.name)
        raise
    finally:
        ended = Ended(
            task.name,
            now(),
            perf_counter() - begun,
            waited,
            bool(request.get(BY_CLOCK)),
            problem,
            trace.current() if problem else "",
        )
        pulse.done.end(ended)
        _say(ended)
        tracing.task(task.name, request.id or "", trace.asked_by(), problem, ended.seconds)


def _waited(sent_at: float | None) -> float | None:
    """Seconds since it was sent; the clocks of two machines may differ a little."""
    return max(0.0, time() - sent_at) if sent_at else None


def _say(ended: Ended) -> None:
    worth = ended.problem or ended.seconds >= SLOW or trace.asked_by()
    (log.info if worth else log.debug)(
        "task",
        name=ended.task,
        outcome="failed" if ended.problem else "done",
        ms=round(ended.seconds * 1000, 1),
        waited_ms=None if ended.waited is None else round(ended.waited * 1000, 1),
    )
