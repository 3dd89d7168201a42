"""How lists of reminders are narrowed."""

from exchange.reminders.models import EscalationLevel
from exchange.schemas import Choice, Filter, Text
from workflows.reminder import ReminderState


class ReminderFilter(Filter):
    """The filters of the list of reminders; ``mail`` is a kind."""

    state = Choice(ReminderState)
    mail = Text(longest=60)
    level = Choice(EscalationLevel)
