"""Hourly: what nobody needs any more."""

from exchange.accounts.retention import purge as purge_accounts
from exchange.clock import now
from exchange.transaction import transaction
from tasks.app import celery


@celery.task(name="tasks.housekeeping.purge")
def purge() -> None:
    """Remove ended sign-ins, used or expired links, and old refused attempts."""
    with transaction():
        purge_accounts(now=now())
