"""Sending what is due, each reminder in a short transaction of its own.

One that cannot be sent does not keep the others waiting: a fault of the database leaves it for the
next sweep, a fault of ours is written on the row, where people see it.
"""

import structlog
from sqlalchemy.exc import SQLAlchemyError

from exchange import fault_reports
from exchange.clock import now
from exchange.extensions import db
from exchange.reminders import actions
from exchange.reminders import plan as planning
from exchange.reminders.models import Reminder
from exchange.transaction import read_only, transaction
from workflows.reminder import ReminderState

log = structlog.get_logger()


def plan_now() -> int:
    """Bring the plan up to date; return how many reminders are new.

    What is wanted is found while others write, and written in short transactions: with very many
    exchanges it is long work. A row that somebody moves meanwhile is looked at again when its
    reminder is due, and by the next plan.
    """
    at = now()
    with transaction():
        planning.note_answers(at)
    with read_only(), transaction():
        found = planning.changes(at)
    for piece in found.pieces():
        with transaction():
            planning.write(piece)
    return len(found.new)


def send_due(*, limit: int = 500) -> int:
    """Send up to ``limit`` reminders that are due; return how many were sent."""
    return sum(_send_one(reminder_id) for reminder_id in planning.due_ids(now(), limit))


def _send_one(reminder_id: int) -> bool:
    try:
        with transaction():
            reminder = actions.send(reminder_id, at=now())
            return reminder is not None and reminder.state == ReminderState.sent
    except SQLAlchemyError as problem:
        log.warning("reminder put off", reminder=reminder_id, problem=type(problem).__name__)
    except Exception as problem:  # whatever it is, the others must go out
        log.error("reminder cannot be sent", reminder=reminder_id, exc_info=problem)
        fault_reports.report(problem)
        _note_fault(reminder_id, problem)
    return False


def _note_fault(reminder_id: int, problem: Exception) -> None:
    with transaction():
        reminder = db.session.get(Reminder, reminder_id, with_for_update={"of": Reminder})
        if reminder is not None and reminder.state == ReminderState.planned:
            actions.skip(reminder, f"fault: {type(problem).__name__}", at=now())
