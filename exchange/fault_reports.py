"""Faults of ours, told to a Sentry (or what speaks like one), when `EXCHANGE_SENTRY_DSN` is set.

What goes out: the kind of the fault, the places in the code, the number of the request or task and
the endpoint or task. Never the words of the fault, which may hold what somebody typed, nor values,
addresses, cookies, bodies or who asked: with the number, the log of this machine says the rest.
"""

from importlib.metadata import version
from typing import Any

import structlog
from structlog.contextvars import get_contextvars

from exchange.config import Settings

# The one that sends, of this process; none where nothing is reported.
sends: list[Any] = []
NUMBERS = ("request_id", "task_id")

log = structlog.get_logger()


def use(settings: Settings) -> None:
    """Report the faults of this process; without the setting nothing is loaded or sent."""
    sends[:] = [_client(settings)] if settings.sentry_dsn else []


def report(fault: BaseException, **where: str) -> None:
    """Tell of one fault, in the background; one that cannot be told is no second fault.

    :param where: names of the program, such as the endpoint or the task.
    """
    try:
        for client in sends:
            client.capture_event(_event(client, fault, where))
    except Exception as problem:  # noqa: BLE001 - the log has the fault already
        log.warning("a fault was not reported", problem=type(problem).__name__)


def flush(seconds: float) -> None:
    """Wait until what was reported is sent, for that long at most."""
    for client in sends:
        client.flush(timeout=seconds)


def _client(settings: Settings) -> Any:
    from sentry_sdk import Client  # late: an extra, for who reports

    return Client(
        dsn=settings.sentry_dsn,
        release=version("peer-exchange"),
        environment="production" if settings.production else "trial",
        server_name="",
        # Nothing is hooked into libraries: what is sent is what report() is given.
        default_integrations=False,
        auto_enabling_integrations=False,
        auto_session_tracking=False,
        send_client_reports=False,
        include_local_variables=False,
        max_breadcrumbs=0,
        spotlight=False,
    )


def _event(client: Any, fault: BaseException, where: dict[str, str]) -> Any:
    from sentry_sdk.utils import event_from_exception

    event, _hint = event_from_exception(fault, client_options=client.options)
    for one in event["exception"]["values"]:
        one["value"] = ""
    known = get_contextvars()
    numbers = {name: str(known[name]) for name in NUMBERS if known.get(name)}
    return {**event, "tags": {**where, **numbers}}
