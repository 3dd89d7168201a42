"""From an event of the domain to a nudge: the only bridge between them.

Doorbells are coarse: one message for a kind of work ("deliver what is due"), not one for each
row. So no backlog can form, and losing one costs one sweep interval.
"""

from typing import Any

from flask import Flask

from exchange.events import Event, subscribe
from tasks.app import celery
from tasks.doorbell import Doorbell

# The beginning of an event's name → the work it may have made.
DOORBELLS = {
    "message.": "tasks.sweep.due_messages",
    "reminder.": "tasks.sweep.due_messages",
    "need.": "tasks.sweep.matching",
    "offer.": "tasks.sweep.matching",
    "match.": "tasks.sweep.matching",
    "exchange.": "tasks.sweep.reminders",
    "visit.": "tasks.sweep.reminders",
    "follow_up.": "tasks.sweep.reminders",
}


def send(task_name: str, ids: dict[str, Any]) -> None:
    """Put one message on the queue; it may raise whatever the broker raises."""
    celery.send_task(task_name, kwargs=ids, retry=False)


doorbell = Doorbell(send)


def ring(task_name: str, **ids: Any) -> None:
    """Ask for a task soon, without waiting and without a promise."""
    doorbell.ring(task_name, **ids)


def hear(event: Event) -> None:
    """Ring for what an event may have made to do."""
    for beginning, task_name in DOORBELLS.items():
        if event.name.startswith(beginning):
            ring(task_name)


def connect(_app: Flask) -> None:
    """Listen to the events of the application. Called once by create_app."""
    subscribe(hear)
