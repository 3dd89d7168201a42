"""What machines ask: is it alive, is it ready, its figures. Nothing here is for people."""

import hmac
from typing import Any

from flask import Blueprint, Response, request

from exchange import edge
from exchange.edge import access
from exchange.errors import NotFound
from exchange.operations import health as healths
from exchange.operations.health import Health

pages = Blueprint("machines", __name__)
METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8"


@pages.get("/healthz")
@access("home.see")
def health() -> Any:
    """Whether this process answers. It asks nothing of anybody: a process is not started again
    because a database is away."""
    return {"status": "ok"}


@pages.get("/readyz")
@access("home.see")
def ready() -> Any:
    """Whether pages can be served: database, migrations, queue and disk, with what is wrong."""
    found = healths.looks(edge.settings())
    status = healths.health(found)
    checks = {look.name: look.problem or "ok" for look in found}
    code = 503 if status == Health.not_ready else 200
    headers = {"Cache-Control": "no-store"} | ({"Retry-After": "10"} if code == 503 else {})
    return {"status": str(status), "checks": checks}, code, headers


@pages.get("/metrics")
@access("home.see")
def metrics() -> Any:
    """Figures for Prometheus, for who has the token; without one set, there is no such address."""
    token = edge.settings().metrics_token
    given = request.headers.get("Authorization", "").encode()
    if not token or not hmac.compare_digest(given, f"Bearer {token}".encode()):
        raise NotFound("not_found", noun="metrics", id=0)
    from exchange.operations.metrics import text  # late: the library, for who counts

    return Response(text(edge.settings()), content_type=METRICS_TYPE)
