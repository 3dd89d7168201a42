"""The Celery object. A message is a nudge: an id at most, lost or repeated without harm.

The truth is a row, and a sweep finds every row that waits. So the settings here prefer to
fail fast and to forget rather than to hold on.
"""

import pkgutil
from typing import Any

from celery import Celery, Task
from flask import Flask

import tasks
from exchange.audit.author import Author, acting
from exchange.audit.models import Through
from exchange.config import Settings
from tasks import file_queue, watched

# Files of this folder that hold no tasks.
WIRING = frozenset(
    (
        *("app", "worker", "beat", "schedule", "doorbell", "listeners", "alone", "file_queue"),
        *("redis_queue", "watched", "pulse"),
    )
)
SOFT_LIMIT, HARD_LIMIT = 200, 240


class InApplication(Task):
    """A task that runs inside the Flask application; its session ends with it.

    A nudge is never retried here: the next sweep finds its row again, and a row that fails
    for good says so itself.
    """

    abstract = True
    flask_app: Flask | None = None

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if InApplication.flask_app is None:
            raise RuntimeError("tasks.app.bind() was not called: start workers with tasks.worker")
        who = Author(Through.task, self.name)
        with InApplication.flask_app.app_context(), acting(lambda: who):
            return watched.run(self, lambda: self.run(*args, **kwargs))


def bind(flask_app: Flask) -> None:
    """Say in which application the tasks of this process run."""
    InApplication.flask_app = flask_app


def task_modules() -> list[str]:
    """Every file of tasks/ that holds tasks: a new one needs no list."""
    return [
        f"tasks.{module.name}"
        for module in pkgutil.iter_modules(tasks.__path__)
        if module.name not in WIRING
    ]


def configuration(settings: Settings) -> dict[str, Any]:
    """Celery's settings, each with its reason."""
    return {
        "broker_url": settings.broker_url,
        "broker_transport_options": transport_options(settings),
        # Text that anyone can read; pickle would let a message run code.
        "task_serializer": "json",
        "accept_content": ["json"],
        # Results are rows: nobody waits for the value of a task.
        "result_backend": None,
        "task_ignore_result": True,
        # A message is done when its work is done, also when the process dies on the way.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        # The soft limit raises inside a task, the hard one ends its process. The threads pool
        # of one machine knows neither: there, each statement and each mail has its own timeout.
        "task_soft_time_limit": SOFT_LIMIT,
        "task_time_limit": HARD_LIMIT,
        # Two messages a thread in hand are enough to stay busy and few enough to lose.
        "worker_prefetch_multiplier": 2,
        # A hung broker must not hang whoever rings: one try, one second.
        "task_publish_retry": False,
        "broker_connection_timeout": 1,
        "redis_socket_timeout": 5,
        "redis_socket_connect_timeout": 1,
        # The worker itself comes back whenever the broker does.
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        # At a lost connection the message will come again: do not do it twice at once.
        "worker_cancel_long_running_tasks_on_connection_loss": True,
        # Nothing listens to remote control or events: less noise, and no fanout folders.
        "worker_enable_remote_control": False,
        "worker_send_task_events": False,
        "task_default_queue": "nudges",
        # Instants are in UTC everywhere below the edge.
        "enable_utc": True,
        "timezone": "UTC",
        # The log belongs to the program that started us.
        "worker_hijack_root_logger": False,
        "worker_redirect_stdouts": False,
    }


def transport_options(settings: Settings) -> dict[str, Any]:
    """What each kind of broker wants to know."""
    scheme = settings.broker_url.partition("://")[0]
    if scheme == "filesystem":
        messages = settings.broker_folder / "messages"
        return {
            # One machine: what is written is what is read.
            "data_folder_in": str(messages),
            "data_folder_out": str(messages),
            "control_folder": str(settings.broker_folder / "control"),
            "store_processed": False,
            # Looking into a folder is cheap; this is how late a nudge may be.
            "polling_interval": 0.1,
        }
    if scheme in ("redis", "rediss"):
        return {
            # Longer than the hard limit of a task, else a slow one runs twice at once.
            "visibility_timeout": 300,
            "unacked_restore_interval": 10,
            "unacked_restore_throttle": 1,
            "socket_timeout": 5,
            "socket_connect_timeout": 1,
        }
    return {}


def make_folders(settings: Settings) -> None:
    """The folders of filesystem://, which does not make them."""
    if settings.broker_url.startswith("filesystem"):
        for name in ("messages", "control"):
            (settings.broker_folder / name).mkdir(parents=True, exist_ok=True)


def configure(settings: Settings) -> None:
    """Use these settings; the two wiring places call it before anything is sent."""
    make_folders(settings)
    file_queue.use()
    if settings.broker_url.startswith("redis"):
        from tasks import redis_queue  # late: not everybody has its library

        redis_queue.use()
    celery.conf.update(configuration(settings))


celery = Celery("peer_exchange", task_cls=InApplication)
