"""Every few seconds, and when something moved."""

from exchange.reminders.send import plan_now, send_due
from tasks.app import celery


@celery.task(name="tasks.sweep.reminders")
def reminders() -> None:
    """Plan what is wanted and send what is due."""
    plan_now()
    send_due()
