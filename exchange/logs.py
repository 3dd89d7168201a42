"""One log for web, worker and scheduler: lines for people, or JSON for machines."""

import logging
import re
import sys
from typing import Any

import structlog

from exchange.config import Settings

BREAKS = re.compile(r"[\x00-\x1f\x7f\x85\u2028\u2029]")
# Never in a log, whatever a caller passes.
SECRET_WORDS = ("password", "secret", "token", "authorization", "cookie")


def configure(settings: Settings) -> None:
    """Send the log of structlog and of every library to stdout, in one format, times in UTC."""
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.PositionalArgumentsFormatter(),
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        hide_secrets,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stdout)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared, processors=_last(settings.log_format)
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(settings.log_level)
    _quieten()


def hide_secrets(_logger: Any, _method: str, entry: Any) -> Any:
    """Take out what must not be written down."""
    for key in entry:
        if any(word in key.lower() for word in SECRET_WORDS):
            entry[key] = "(hidden)"
    return entry


def _last(log_format: str) -> list[Any]:
    tidy = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    if log_format == "json":
        as_json = structlog.processors.JSONRenderer(ensure_ascii=False)
        return [tidy, structlog.processors.format_exc_info, as_json]
    # The usual formatter prints the local variables of every frame, and so what people typed.
    plain = structlog.dev.plain_traceback
    as_text = structlog.dev.ConsoleRenderer(colors=False, pad_event_to=0, exception_formatter=plain)
    return [tidy, one_line, as_text]


def one_line(_logger: Any, _method: str, entry: Any) -> Any:
    """What is said stays on its line, whatever others have typed into it."""
    entry["event"] = BREAKS.sub(lambda found: repr(found[0])[1:-1], str(entry.get("event", "")))
    return entry


def _quieten() -> None:
    """Lines for each sweep and each look at a table would hide the others."""
    for name in (
        "celery.beat",
        "celery.worker.strategy",
        "celery.app.trace",
        "alembic",
        "transitions",
    ):
        logging.getLogger(name).setLevel(logging.WARNING)
    # It warns that filesystem:// names no host, at each connection.
    logging.getLogger("kombu.connection").setLevel(logging.ERROR)
