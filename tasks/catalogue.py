"""The shelf life of needs and offers, and the end of pauses."""

from exchange.catalogue import actions, pausing
from exchange.clock import today
from exchange.transaction import transaction
from tasks.app import celery


@celery.task(name="tasks.catalogue.expire")
def expire() -> None:
    """Expire needs and offers whose last day has passed; end the pauses that are over."""
    with transaction():
        actions.expire_due(today())
        pausing.resume_due(today())
