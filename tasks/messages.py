"""Every few seconds, and when a message was written."""

from exchange.edge import settings
from exchange.messages.deliver import Post, deliver_due
from tasks.app import celery


@celery.task(name="tasks.sweep.due_messages")
def due_messages() -> None:
    """Bundle digests and deliver what is due."""
    deliver_due(Post.of(settings()))
