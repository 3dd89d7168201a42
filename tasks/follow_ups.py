"""Hourly: follow-ups that nobody planned yet, and those that nobody answers."""

from exchange.clock import today
from exchange.lessons import actions
from exchange.transaction import transaction
from tasks.app import celery


@celery.task(name="tasks.follow_ups.sweep")
def sweep() -> None:
    """Plan what is missing, and count what has waited for 30 days as unanswered."""
    with transaction():
        actions.plan_missing()
    with transaction():
        actions.count_unanswered_due(today())
