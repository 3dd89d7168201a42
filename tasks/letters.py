"""Hourly: the week of staff on Monday mornings, and the days after a forum."""

from exchange.clock import now
from exchange.reminders import letters
from exchange.transaction import transaction
from tasks.app import celery


@celery.task(name="tasks.letters.write")
def write() -> None:
    """Write what is due and not written yet."""
    with transaction():
        letters.write_weekly(now())
    with transaction():
        letters.write_after_forums(now())
