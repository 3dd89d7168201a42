"""gunicorn's settings (`gunicorn --config python:exchange.web_server "exchange.app:create_app()"`).

Behind a proxy in production the same file serves; the numbers come from the environment.
"""

import os
import shutil
from typing import Any

from gunicorn.config import KNOWN_SETTINGS

from exchange import logs, tracing
from exchange.config import load
from exchange.processes import die_with_parent, started

_settings = load()
# The web processes of a machine count together, in files of this folder.
_counts = _settings.var / "metrics"
if _settings.metrics_token:
    os.environ["PROMETHEUS_MULTIPROC_DIR"] = str(_counts)

bind = f"{_settings.host}:{_settings.port}"
workers = _settings.web_workers
# Threads: a page waits for the database most of its time, and one process is enough for SQLite.
worker_class = "gthread"
threads = _settings.web_threads
# A request that takes longer than this is a fault; its worker is replaced.
timeout = 60
# Shorter than the patience of the supervisor, so that Ctrl-C lets requests end and still stops.
graceful_timeout = 5
keepalive = 5
# The heartbeat of workers is a file: in memory where there is such a folder, never on a slow disk.
worker_tmp_dir = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None  # noqa: S108
# Request lines are the application's own log; gunicorn says only what it does itself.
accesslog = None
loglevel = "warning"
proc_name = "exchange-web"

# New versions open a control socket beside the program; nobody here speaks to it.
if any(setting.name == "control_socket_disable" for setting in KNOWN_SETTINGS):
    control_socket_disable = True


def post_fork(_server: Any, worker: Any) -> None:
    """A worker ends with its master even when that one is killed, be it this very moment: an orphan
    would keep the address from the next master. It logs like all others."""
    die_with_parent(parent=worker.ppid)
    logs.configure(_settings)


def post_worker_init(_worker: Any) -> None:
    """The application stands."""
    started()


def worker_exit(_server: Any, _worker: Any) -> None:
    """What it did last is told before it goes."""
    tracing.end()


def on_starting(_server: Any) -> None:
    """Figures begin at nought with every start, as Prometheus expects."""
    shutil.rmtree(_counts, ignore_errors=True)
    if _settings.metrics_token:
        _counts.mkdir(parents=True)


def child_exit(_server: Any, worker: Any) -> None:
    """What a process that ended had counted stays; what it was doing does not."""
    if _settings.metrics_token:
        from prometheus_client import multiprocess  # late: the variable must stand before

        multiprocess.mark_process_dead(worker.pid)
