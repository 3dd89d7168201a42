"""What happens to reminders. The caller commits.

Like mails (see ``messages/actions.py``), what the program does to a reminder changes its row and
writes no step; what a person does is a step.
"""

from datetime import datetime

from sqlalchemy import select

from exchange import steps
from exchange.directory.models import Person
from exchange.extensions import db
from exchange.messages import actions as messages
from exchange.reminders import plan as planning
from exchange.reminders.audience import Asked, asked_of
from exchange.reminders.facts import facts_for, link_for
from exchange.reminders.kinds import KINDS, Kind
from exchange.reminders.models import Reminder
from exchange.reminders.subjects import MODELS
from exchange.steps import Step
from workflows.reminder import REMINDER, ReminderState

LONGEST_REASON = 200


def plan(at: datetime) -> int:
    """Note which reminders were answered and plan what is wanted; return how many are new."""
    planning.note_answers(at)
    return planning.plan(at)


def send(reminder_id: int, *, at: datetime) -> Reminder | None:
    """Write the messages of one reminder that is due and mark it as sent, all in one transaction.

    It is skipped, with the reason, when its subject no longer asks for it. None when another
    worker has it, or had it.
    """
    query = select(Reminder).where(
        Reminder.id == reminder_id, Reminder.state == ReminderState.planned
    )
    reminder = db.session.scalars(query.with_for_update(skip_locked=True)).first()
    if reminder is None:
        return None
    kind = KINDS.get(reminder.kind)
    reason = planning.why_not(reminder, kind, at=at) if kind else "kind_gone"
    if kind is None or reason:
        skip(reminder, reason, at=at)
        return reminder
    _send(reminder, kind, at)
    return reminder


def _send(reminder: Reminder, kind: Kind, at: datetime) -> None:
    subject = db.session.get(MODELS[kind.workflow], reminder.subject_id)
    asked = asked_of(kind.audience, subject, reminder.level)
    if not asked:
        skip(reminder, "nobody_to_ask", at=at)
        return
    link, people = link_for(kind, subject), [one.reader for one in asked]
    facts = facts_for(kind, subject, at=at)
    for one in asked:
        _write(reminder, kind, one, facts, link)
    reminder.person_id = next((p.id for p in people if isinstance(p, Person)), None)
    REMINDER.fire("send", reminder)
    reminder.sent_at = reminder.state_since = at


def _write(
    reminder: Reminder, kind: Kind, asked: Asked, facts: dict[str, object], link: str
) -> None:
    messages.write(
        kind.name,
        asked.reader,
        facts={**facts, "organisation": asked.organisation, "level": str(reminder.level)},
        link=link,
        subject=(kind.workflow, reminder.subject_id),
        dedupe_key=f"reminder:{reminder.id}:{asked.key}"[:160],
    )


def skip(reminder: Reminder, reason: str, *, at: datetime) -> None:
    """Note that a reminder is not sent, and why (a code of ``labels/mails.py``)."""
    REMINDER.fire("skip", reminder)
    reminder.reason, reminder.state_since = reason[:LONGEST_REASON], at


def advance(
    reminder: Reminder,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Make a person's move: do not send this one."""
    step = steps.advance(
        REMINDER, reminder, trigger, actor=actor, note=note, expected_state=expected_state
    )
    reminder.reason = f"by_hand: {note.strip()}"[:LONGEST_REASON]
    return step
