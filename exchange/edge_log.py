"""One line for each request, with the number that its answer carries: ``X-Request-ID``.

The line names the route and not the address: an address may hold a secret or a name.
"""

from collections.abc import Callable
from functools import partial
from time import perf_counter

import structlog
from flask import Flask, Response, g, request
from sqlalchemy import inspect

from exchange import edge, trace, tracing

HEADER = "X-Request-ID"
# Asked for by machines, many times a minute: a line of each would hide the others.
QUIET = frozenset({"static", "machines.health", "machines.ready", "machines.metrics"})

log = structlog.get_logger("exchange.request")


Count = Callable[[str, str, int, float], None]


def register(app: Flask, count: Count | None = None) -> None:
    """Number and time every request. Registered before all others, it has the last word.

    :param count: is told the endpoint, the method, the status and the seconds of each.
    """
    app.before_request(_begin)
    app.after_request(partial(_end, count))


def _begin() -> None:
    g.begun = perf_counter()
    given = request.headers.get(HEADER, "") if edge.settings().trusted_proxies else ""
    g.request_id = trace.begin_request(given)


def _end(count: Count | None, response: Response) -> Response:
    seconds = perf_counter() - g.begun
    if count is not None:
        count(request.endpoint or "", request.method, response.status_code, seconds)
    response.headers[HEADER] = g.request_id
    quiet = request.endpoint in QUIET and response.status_code < 400
    route = str(request.url_rule or "")
    if not quiet:
        tracing.request(g.request_id, request.method, route, response.status_code, seconds)
    (log.debug if quiet else log.info)(
        "request",
        method=request.method,
        route=route,
        endpoint=request.endpoint or "",
        status=response.status_code,
        ms=round(seconds * 1000, 1),
        actor_id=actor_id(),
    )
    return response


def actor_id() -> int | None:
    """Who asks, as a number, without reading their row again."""
    person = g.get("actor")
    identity = inspect(person).identity if person is not None else None
    return identity[0] if identity else None
