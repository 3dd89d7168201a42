"""Entry point of the worker: `celery -A tasks.worker worker`."""

import warnings
from importlib import import_module
from typing import Any

from celery.exceptions import SecurityWarning
from celery.signals import setup_logging

from exchange import logs
from exchange.app import create_app
from exchange.config import load
from tasks.app import bind, celery, configure, task_modules

__all__ = ["celery"]

# Who starts the tree chooses its user: in a container that is often root.
warnings.filterwarnings("ignore", category=SecurityWarning)

settings = load()
configure(settings)
bind(create_app())
for module in task_modules():
    import_module(module)


@setup_logging.connect
def same_log(**_: Any) -> None:
    """The worker logs like the web does."""
    logs.configure(settings)
