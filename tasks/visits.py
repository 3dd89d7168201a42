"""What the calendar moves: visits begin on their first day and are completed after their last."""

from exchange.transaction import transaction
from exchange.visits.actions import begin_due
from tasks.app import celery


@celery.task(name="tasks.sweep.visits")
def sweep() -> None:
    """Begin and complete the visits whose day has come, each by the clock of its place."""
    with transaction():
        begin_due()
