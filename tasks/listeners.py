"""From an event of the domain to a nudge: the only bridge between them.

Doorbells are coarse: one message for a kind of work ("deliver what is due"), not one for each
row. So no backlog can form, and losing one costs one sweep interval.
"""

from typing import Any

from flask import Flask

from exchange.config import Settings
from exchange.events import Event, subscribe
from tasks.doorbell import Doorbell

DUE_MESSAGES = "tasks.sweep.due_messages"
REMINDERS = "tasks.sweep.reminders"
MATCHING = "tasks.sweep.matching"
RUNS = "tasks.sweep.matching_runs"
VISITS = "tasks.sweep.visits"
FOLLOW_UPS = "tasks.follow_ups.sweep"
IMPORTS = "tasks.sweep.imports"
WEBHOOKS = "tasks.sweep.webhooks"
DATA_EXPORTS = "tasks.sweep.data_exports"

# What an event of a noun may have made to do. Whatever is not here may have written a message.
WORK = {
    "need": (MATCHING, REMINDERS, DUE_MESSAGES),
    "offer": (MATCHING, REMINDERS, DUE_MESSAGES),
    "match": (MATCHING, REMINDERS, DUE_MESSAGES, WEBHOOKS),
    "matching_run": (RUNS, REMINDERS, DUE_MESSAGES),
    "exchange": (MATCHING, VISITS, REMINDERS, DUE_MESSAGES, WEBHOOKS),
    "visit": (VISITS, REMINDERS, DUE_MESSAGES, WEBHOOKS),
    "participant": (REMINDERS, DUE_MESSAGES),
    "note": (FOLLOW_UPS, REMINDERS, DUE_MESSAGES),
    "road_map_action": (REMINDERS, DUE_MESSAGES),
    "follow_up": (REMINDERS, DUE_MESSAGES),
    "import": (IMPORTS,),
    "data_export": (DATA_EXPORTS,),
    "webhook": (WEBHOOKS,),
    "webhook_delivery": (WEBHOOKS,),
}
# The worker's own steps while it delivers: to ring for them would be to ring for ever.
SILENT = frozenset({"message.claim", "message.deliver", "message.fail", "message.skip"})

_settings: list[Settings] = []


def send(task_name: str, ids: dict[str, Any]) -> None:
    """Put one message on the queue; it may raise whatever the broker raises."""
    # Late, in the doorbell's thread: a web process is up sooner without Celery.
    from tasks.app import celery, configure

    if _settings:
        configure(_settings.pop())
    celery.send_task(task_name, kwargs=ids, retry=False)


doorbell = Doorbell(send)


def ring(task_name: str, **ids: Any) -> None:
    """Ask for a task soon, without waiting and without a promise."""
    doorbell.ring(task_name, **ids)


def hear(event: Event) -> None:
    """Ring for what an event may have made to do."""
    if event.name == "operations.ring":
        ring(event.facts["task"], **{k: v for k, v in event.facts.items() if k != "task"})
    elif event.name not in SILENT:
        for task_name in WORK.get(event.name.partition(".")[0], (DUE_MESSAGES,)):
            ring(task_name)


def connect(app: Flask) -> None:
    """Listen to the events of the application. Called once by create_app."""
    _settings[:] = [app.config["EXCHANGE"]]
    subscribe(hear)
