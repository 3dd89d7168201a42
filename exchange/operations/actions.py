"""What an administrator does about it. The caller commits."""

from sqlalchemy import select

from exchange import events
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.operations.models import TaskTally
from exchange.practices.models import Observatory


def ring(task: str) -> TaskTally:
    """Have a task that the clock rings for done now.

    :raises Invalid: ``bad_value``, the clock knows no such task.
    """
    row = db.session.scalar(select(TaskTally).where(TaskTally.task == task, TaskTally.every > 0))
    if row is None:
        raise Invalid("task", "bad_value")
    events.publish("operations.ring", task=row.task)
    return row


def harvest(observatory: Observatory) -> None:
    """Have the address of an observatory looked at now."""
    events.publish("operations.ring", task="tasks.practices.harvest", observatory_id=observatory.id)
