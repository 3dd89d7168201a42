"""Every few seconds, and when something moved: other programs are told."""

from exchange.webhooks import sending
from tasks.app import celery


@celery.task(name="tasks.sweep.webhooks")
def tell() -> None:
    """Write down what webhooks are to be told, and send what is due."""
    sending.tell_and_send()
