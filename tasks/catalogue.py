"""The shelf life of needs and offers, and the end of pauses."""

from exchange.catalogue import actions, pausing
from exchange.clock import today
from exchange.mechanisms import actions as mechanisms
from exchange.transaction import transaction
from tasks.app import celery


@celery.task(name="tasks.catalogue.expire")
def expire() -> None:
    """Expire needs and offers, of mechanisms too, that are past their day; end what paused."""
    with transaction():
        actions.expire_due(today())
        mechanisms.expire_due(today())
        pausing.resume_due(today())
