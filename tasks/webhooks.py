"""Every few seconds, and when something moved: other programs are told."""

from exchange.clock import now
from exchange.transaction import transaction
from exchange.webhooks import sending, telling
from tasks.app import celery


@celery.task(name="tasks.sweep.webhooks")
def tell() -> None:
    """Write down what webhooks are to be told, and send what is due."""
    sending.tell_and_send()


@celery.task(name="tasks.webhooks.forget")
def forget() -> None:
    """Forget deliveries of old."""
    with transaction():
        telling.forget_old(now())
