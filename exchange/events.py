"""What happened, told after the commit: a rollback tells nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy.orm import Session

from exchange.extensions import db

_KEY = "peer_exchange_events"
Listener = Callable[["Event"], None]
_listeners: list[Listener] = []


@dataclass(frozen=True)
class Event:
    """``name`` is noun.verb ("need.published"); ``facts`` hold ids and codes, never rows."""

    name: str
    facts: dict[str, Any] = field(default_factory=dict)


def publish(name: str, **facts: Any) -> None:
    """Note that something happened in this transaction."""
    db.session.info.setdefault(_KEY, []).append(Event(name, facts))


def subscribe(listener: Listener) -> None:
    """Have ``listener`` called with each event after its commit. It must not block."""
    if listener not in _listeners:
        _listeners.append(listener)


def unsubscribe(listener: Listener) -> None:
    """Stop calling ``listener``."""
    if listener in _listeners:
        _listeners.remove(listener)


def forget(session: Session) -> None:
    """Drop what a rolled back transaction had published."""
    session.info.pop(_KEY, None)


def deliver(session: Session) -> None:
    """Hand the events of a committed transaction to the listeners."""
    for event in session.info.pop(_KEY, []):
        for listener in tuple(_listeners):
            listener(event)
