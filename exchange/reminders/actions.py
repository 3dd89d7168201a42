"""What happens to reminders. The caller commits.

Like mails (see ``messages/actions.py``), what the program does to a reminder changes its row and
writes no step; what a person does is a step.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import select

from exchange import steps
from exchange.directory.models import Person
from exchange.extensions import db
from exchange.messages import actions as messages
from exchange.reminders import plan as planning
from exchange.reminders.audience import Asked, asked_of
from exchange.reminders.facts import facts_for, link_for
from exchange.reminders.models import Reminder
from exchange.reminders.rules import Rule, rule_of
from exchange.reminders.subjects import MODELS, exchange_id_of, is_on_trial
from exchange.steps import Step
from workflows.reminder import REMINDER, ReminderState

LONGEST_REASON = 200


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
    rule = rule_of(reminder.kind)
    reason = _why_not(reminder, rule, at)
    if rule is None or reason:
        skip(reminder, reason, at=at)
        return reminder
    _send(reminder, rule, at)
    return reminder


def _why_not(reminder: Reminder, rule: Rule | None, at: datetime) -> str:
    if rule is None:
        return "kind_gone"
    return planning.why_not(reminder, rule.kind, at=at) if rule.active else "switched_off"


def _send(reminder: Reminder, rule: Rule, at: datetime) -> None:
    kind = rule.kind
    subject = db.session.get(MODELS[kind.about], reminder.subject_id)
    asked = asked_of(kind.audience, subject, reminder.level)
    if not asked:
        skip(reminder, "nobody_to_ask", at=at)
        return
    link, people = link_for(kind, subject), [one.reader for one in asked]
    facts = facts_for(kind, subject, at=at)
    hold = rule.held or is_on_trial(subject)
    for one in asked:
        _write(reminder, one, facts, link, exchange_id=exchange_id_of(subject), hold=hold)
    reminder.person_id = next((p.id for p in people if isinstance(p, Person)), None)
    REMINDER.fire("send", reminder)
    reminder.sent_at = reminder.state_since = at


def _write(
    reminder: Reminder, asked: Asked, facts: dict[str, object], link: str, **way: Any
) -> None:
    messages.write(
        reminder.kind,
        asked.reader,
        facts={**facts, "organisation": asked.organisation, "level": str(reminder.level)},
        link=link,
        subject=(reminder.subject_type, reminder.subject_id),
        dedupe_key=f"reminder:{reminder.id}:{asked.key}"[:160],
        **way,
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
