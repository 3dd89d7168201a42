"""How many people a change of a rule would write to at once: asked before it is saved."""

from collections.abc import Sequence
from datetime import datetime

from exchange.extensions import db
from exchange.reminders.audience import asked_of
from exchange.reminders.kinds import KINDS, LETTERS
from exchange.reminders.letters import due_after_forums
from exchange.reminders.models import EscalationLevel
from exchange.reminders.rules import due_at_once
from exchange.reminders.subjects import MODELS

# So many rows are looked at for their people; of the others each counts as one.
LOOKED_AT = 100


def would_mail(name: str, days: Sequence[int], *, at: datetime) -> int:
    """How many people would be written to within minutes if the kind had these days."""
    if name in LETTERS:
        return sum(len(due_after_forums(day, at)) for day in days)
    due = due_at_once(name, days, at=at)
    kind = KINDS[name]
    model = MODELS[kind.about]
    found = [db.session.get(model, row_id) for row_id in due[:LOOKED_AT]]
    people = sum(len(asked_of(kind.audience, row, EscalationLevel.owner)) for row in found)
    return people + len(due[LOOKED_AT:])
