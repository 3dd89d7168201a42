"""Entry point of the worker: `celery -A tasks.worker worker`."""

import warnings
from importlib import import_module
from typing import Any

from celery.exceptions import SecurityWarning
from celery.signals import (
    setup_logging,
    worker_process_init,
    worker_process_shutdown,
    worker_ready,
    worker_shutdown,
)

from exchange import logs, tracing
from exchange.app import create_app
from exchange.config import load
from exchange.processes import started
from tasks.app import bind, celery, configure, task_modules
from tasks.pulse import Pulse

__all__ = ["celery"]

# Who starts the tree chooses its user: in a container that is often root.
warnings.filterwarnings("ignore", category=SecurityWarning)

settings = load()
configure(settings)
flask_app = create_app()
bind(flask_app)
speaks: list[Pulse] = []
for module in task_modules():
    import_module(module)
started()


@setup_logging.connect
def same_log(**_: Any) -> None:
    """The worker logs like the web does."""
    logs.configure(settings)


@worker_ready.connect
@worker_process_init.connect
def begin_to_speak(**_: Any) -> None:
    """This process, or the child that was forked, says that it is alive."""
    speaks[:] = [Pulse(flask_app, celery)]
    speaks[0].start()


@worker_shutdown.connect
@worker_process_shutdown.connect
def end_to_speak(**_: Any) -> None:
    """It ends in order: nobody need miss it."""
    while speaks:
        speaks.pop().stop()
    tracing.end()
