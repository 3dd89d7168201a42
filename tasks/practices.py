"""The night of the observatories: which are due, and a nudge for each."""

from celery import group

from exchange.clock import now
from exchange.edge import settings
from exchange.practices import nightly
from exchange.transaction import read_only, transaction
from tasks.app import celery


@celery.task(name="tasks.practices.harvest")
def harvest(*, observatory_id: int) -> None:
    """Look at the address of an observatory, and take in what it gives."""
    nightly.look_at(observatory_id)


@celery.task(name="tasks.practices.nightly")
def harvest_by_night() -> None:
    """Ring for each observatory that is due; at any hour of the day nothing."""
    with read_only(), transaction():
        found = nightly.due(now(), settings().time_zone)
    group([harvest.s(observatory_id=one) for one in found]).apply_async()
