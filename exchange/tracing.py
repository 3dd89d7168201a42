"""Requests, tasks and mails as spans of OpenTelemetry, sent to the collector of
`EXCHANGE_OTLP_ENDPOINT`; without it nothing is loaded or sent.

No context travels with a nudge: a lost one would break the trace, and the row is the truth. Trace
and span are made of the number of the request (`exchange/trace.py`), which the ring and the row
carry anyway. So every process, and every later sweep, names the same trace for the same click.

What goes out are names of the program, numbers of requests and tasks, and outcomes: no address of a
page or of a person, nothing that was typed, nor who asked.
"""

import os
import time
from collections.abc import Sequence
from contextvars import ContextVar
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from threading import Lock, Thread
from typing import Any

import structlog
from structlog.contextvars import get_contextvars

from exchange.config import Settings

# A collector that does not answer for so many seconds is away.
PATIENCE = 5
# Shorter: the supervisor and the web server wait for those who end, but not for long.
LAST_WORDS = 2
# What somebody sends as a method may be anything (semantic conventions for HTTP spans).
METHODS = frozenset(("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"))

log = structlog.get_logger()


@dataclass(frozen=True)
class Told:
    """One thing that was done and has just ended.

    ``number`` names its own span, so that others can hang on it; ``under`` is the number of what it
    was done for, ``beside`` are others that asked for it as well.
    """

    name: str
    kind: str
    seconds: float
    facts: dict[str, str | int]
    problem: str = ""
    number: str = ""
    under: str = ""
    beside: Sequence[str] = ()


def trace_of(number: str) -> int:
    """The trace of all that is done under a number: 128 bits, never 0."""
    return int.from_bytes(sha256(f"trace {number}".encode()).digest()[:16]) or 1


def span_of(number: str) -> int:
    """The span of the request or task that has this number: 64 bits, never 0."""
    return int.from_bytes(sha256(f"span {number}".encode()).digest()[:8]) or 1


def use(settings: Settings) -> None:
    """Tell what this process does from now on, where a collector is named."""
    end()
    tells[:] = [_Teller(settings)] if settings.otlp_endpoint else []


def request(number: str, method: str, route: str, status: int, seconds: float) -> None:
    """A request was answered: ``number`` is its X-Request-ID, ``route`` the rule of its address."""
    method = method if method in METHODS else "_OTHER"
    facts: dict[str, str | int] = {
        "http.request.method": method,
        "http.response.status_code": status,
        "exchange.request_id": number,
    }
    if route:
        facts["http.route"] = route
    problem = str(status) if status >= 500 else ""
    _tell(Told(f"{method} {route}".strip(), "SERVER", seconds, facts, problem, number))


def task(name: str, task_id: str, asked_by: Sequence[str], problem: str, seconds: float) -> None:
    """A task ended; ``problem`` is the kind of its fault. One request that asked for it is what it
    hangs on; of several, each is linked; none is the clock."""
    facts: dict[str, str | int] = {
        "exchange.task": name,
        "exchange.task_id": task_id,
        "exchange.outcome": "failed" if problem else "done",
    }
    if len(asked_by) == 1:
        facts["exchange.request_id"] = asked_by[0]
        _tell(Told(name, "CONSUMER", seconds, facts, problem, under=asked_by[0]))
    else:
        _tell(Told(name, "CONSUMER", seconds, facts, problem, task_id, beside=asked_by))


def mail(kind: str, fate: str, written_by: str, seconds: float) -> None:
    """A mail was handed over, put off or given up; ``written_by`` is the number its row carries."""
    facts: dict[str, str | int] = {
        "exchange.mail": kind,
        "exchange.outcome": fate,
        "exchange.written_by": written_by,
        "exchange.task_id": str(get_contextvars().get("task_id", "")),
    }
    problem = "" if fate == "deliver" else fate
    _tell(Told(f"mail {kind}", "PRODUCER", seconds, facts, problem, under=written_by))


def end(seconds: float = LAST_WORDS) -> None:
    """Send what still waits, for that long at most; afterwards nothing is told any more."""
    while tells:
        tells.pop().end(seconds)


def _tell(told: Told) -> None:
    try:
        for teller in tells:
            teller.tell(told)
    except Exception as problem:  # noqa: BLE001 - what was done is done, and the log has it
        log.warning("a span was not told", problem=type(problem).__name__)


class _Teller:
    """The library, loaded with the first span: a thread of it must not be there when a process is
    forked, and a command that tells nothing needs none."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._lock = Lock()
        self._provider: Any = None

    def tell(self, told: Told) -> None:
        """Lay one span into the queue of the library; its own thread sends it."""
        from opentelemetry import trace as api
        from opentelemetry.trace import Link, Status, StatusCode

        with self._lock:
            if self._provider is None:
                self._provider = _provider(self._settings)
        ended = time.time_ns()
        token = _number.set(told.number)
        try:
            span = self._provider.get_tracer("exchange").start_span(
                told.name,
                context=_context(told.under),
                kind=api.SpanKind[told.kind],
                attributes=told.facts,
                links=[Link(_remote(number)) for number in told.beside],
                start_time=ended - int(told.seconds * 1e9),
            )
        finally:
            _number.reset(token)
        if told.problem:
            span.set_attribute("error.type", told.problem)
            span.set_status(Status(StatusCode.ERROR))
        span.end(ended)

    def end(self, seconds: float) -> None:
        """Let the library send the rest; a collector that is away does not keep a process."""
        if self._provider is not None:
            last = Thread(target=self._provider.shutdown, daemon=True)
            last.start()
            last.join(seconds)


tells: list[_Teller] = []
# The number that the next span of this thread is named after; empty: by chance.
_number: ContextVar[str] = ContextVar("number", default="")


def _provider(settings: Settings) -> Any:
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor
    from opentelemetry.sdk.trace.id_generator import RandomIdGenerator
    from opentelemetry.sdk.trace.sampling import ALWAYS_ON

    class Ids(RandomIdGenerator):
        """Made of the number, where there is one."""

        def generate_trace_id(self) -> int:
            number = _number.get()
            return trace_of(number) if number else super().generate_trace_id()

        def generate_span_id(self) -> int:
            number = _number.get()
            return span_of(number) if number else super().generate_span_id()

    known = {
        "service.name": "peer-exchange",
        "service.version": version("peer-exchange"),
        "deployment.environment.name": "production" if settings.production else "trial",
        "process.pid": os.getpid(),
    }
    # How processes end is ours to say (end): the library would wait half a minute.
    provider = TracerProvider(
        sampler=ALWAYS_ON, resource=Resource(known), id_generator=Ids(), shutdown_on_exit=False
    )
    sends = OTLPSpanExporter(f"{settings.otlp_endpoint}/v1/traces", timeout=PATIENCE)
    provider.add_span_processor(BatchSpanProcessor(sends))
    return provider


def _remote(number: str) -> Any:
    from opentelemetry.trace import SpanContext, TraceFlags

    sampled = TraceFlags(TraceFlags.SAMPLED)
    return SpanContext(trace_of(number), span_of(number), is_remote=True, trace_flags=sampled)


def _context(under: str) -> Any:
    """Of the span it hangs on; an empty one begins a trace, whatever else the process traces."""
    from opentelemetry.context import Context
    from opentelemetry.trace import NonRecordingSpan, set_span_in_context

    return set_span_in_context(NonRecordingSpan(_remote(under)), Context()) if under else Context()
