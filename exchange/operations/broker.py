"""The queue, seen from outside: whether it answers, how long it is, how old its oldest message."""

import socket
from dataclasses import dataclass
from time import time
from typing import Any
from urllib.parse import urlsplit

from exchange.config import Settings

# Nobody waits longer than this for a queue: whoever asks wants a page.
PATIENCE = 1.0
NAME = "nudges"
PORTS = {"redis": 6379, "rediss": 6379, "amqp": 5672, "amqps": 5671}


@dataclass(frozen=True)
class Queue:
    """``length`` and ``age`` (seconds of the oldest message) are None where it cannot tell."""

    there: bool
    length: int | None = None
    age: float | None = None
    problem: str = ""


def look(settings: Settings) -> Queue:
    """Look at the queue; a broker that does not answer is told, never raised."""
    if settings.broker_url.startswith("filesystem"):
        return _folder(settings)
    if settings.broker_url.startswith("memory"):
        return Queue(True)
    try:
        return Queue(True, _length(settings.broker_url))
    except Exception as problem:  # noqa: BLE001 - whatever a broker raises means the same here
        return Queue(False, problem=type(problem).__name__)


def answers(settings: Settings) -> bool:
    """Does something listen where the queue should be? Quicker than looking into it."""
    if not settings.broker_url.startswith(tuple(PORTS)):
        return look(settings).there
    at = urlsplit(settings.broker_url)
    try:
        where = (at.hostname or "localhost", at.port or PORTS[at.scheme])
        with socket.create_connection(where, timeout=PATIENCE):
            return True
    except OSError:
        return False


def _folder(settings: Settings) -> Queue:
    folder = settings.broker_folder / "messages"
    try:
        found = [path.stat().st_mtime for path in folder.glob("*.msg")]
    except OSError as problem:  # one that was taken while we looked, or a folder that is gone
        return Queue(folder.is_dir(), problem="" if folder.is_dir() else type(problem).__name__)
    if not folder.is_dir():
        return Queue(False, problem="FileNotFoundError")
    return Queue(True, len(found), max(0.0, time() - min(found)) if found else 0.0)


def _length(url: str) -> int:
    from kombu import Connection  # late: a page that does not ask needs no queue

    options = {"socket_timeout": PATIENCE, "socket_connect_timeout": PATIENCE}
    if url.startswith("amqp"):
        options = {"connect_timeout": PATIENCE}
    with Connection(url, connect_timeout=PATIENCE, transport_options=options) as connection:
        channel: Any = connection.channel()
        try:
            return int(channel.queue_declare(NAME, passive=True).message_count)
        finally:
            channel.close()
