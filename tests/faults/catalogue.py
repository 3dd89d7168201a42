"""Every fault by name, with where it can be tried."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.faults import brokers, clocks, crowds, databases, mailing, older, processes, upgrades
from tests.faults.installation import SETUPS
from tests.faults.table import Line

EVERYWHERE = tuple(SETUPS)
SERVERS = ("redis", "rabbit")
# What has nothing to do with the broker is tried with one of them.
DATABASES = ("files", "redis")


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
    "broker-slow": Fault(brokers.slow, SERVERS),
    "database-restarted": Fault(databases.restarted, ("redis",)),
    "database-held": Fault(databases.held, DATABASES),
    "pool-exhausted": Fault(databases.exhausted, ("redis",)),
    "disk-full": Fault(databases.full, DATABASES),
    "mail-later": Fault(mailing.later, DATABASES),
    "mail-never": Fault(mailing.never, DATABASES),
    "mail-hangs": Fault(mailing.hang, DATABASES),
    "mail-dropped": Fault(mailing.drop, DATABASES),
    "mail-cut": Fault(mailing.cut, DATABASES),
    "clock-jump": Fault(clocks.jumped, DATABASES),
    "two-schedulers": Fault(crowds.schedulers),
    "five-workers": Fault(crowds.sweepers, DATABASES),
    "last-place": Fault(crowds.places, DATABASES),
    "double-clicks": Fault(crowds.clicks, DATABASES),
    "upgrade": Fault(upgrades.upgraded, DATABASES),
    "older-beside": Fault(older.beside, DATABASES),
}
