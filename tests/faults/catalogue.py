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
    """What tries a fault, and the set-ups where there is such a thing."""

    run: Callable[[Line, Path, int], Line]
    setups: tuple[str, ...] = EVERYWHERE


FAULTS = {
    "quick": Fault(brokers.quick, ("files",)),
    "worker": Fault(processes.worker),
    "scheduler": Fault(processes.scheduler),
    "web": Fault(processes.web),
    "tree": Fault(processes.tree),
    "broker-gone": Fault(brokers.gone),
    "broker-wiped": Fault(brokers.wiped),
    "broker-hung": Fault(brokers.hung, SERVERS),
}
