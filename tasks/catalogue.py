"""The shelf life of needs and offers."""

from exchange.catalogue import actions
from exchange.clock import today
from exchange.transaction import transaction
from tasks.app import celery


@celery.task(name="tasks.catalogue.expire")
def expire() -> None:
    """Expire needs and offers whose last day has passed."""
    with transaction():
        actions.expire_due(today())
