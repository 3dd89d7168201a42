"""Every fault by name, with where it can be tried."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults import brokers, processes
from tests.faults.installation import SETUPS
from tests.faults.table import Line

EVERYWHERE = tuple(SETUPS)
SERVERS = ("redis", "rabbit")


@dataclass(frozen=True)
class Fault:
    """A fault: its name in the table, what tries it, and the set-ups where it exists."""

    says: str
    run: Callable[[Line, Path, int], Line]
    setups: tuple[str, ...] = EVERYWHERE


FAULTS = {
    "worker": Fault("worker killed", processes.worker),
    "scheduler": Fault("scheduler killed", processes.scheduler),
    "web": Fault("web killed", processes.web),
    "tree": Fault("whole tree killed", processes.tree),
    "broker-gone": Fault("broker gone", brokers.gone),
    "broker-wiped": Fault("broker wiped", brokers.wiped),
    "broker-hung": Fault("broker hangs", brokers.hung, SERVERS),
}
