"""How lists of reminders are narrowed."""

from exchange.reminders.models import EscalationLevel
from exchange.schemas import Choice, Filter, Flag, Text, Whole
from workflows.reminder import ReminderState


class ReminderFilter(Filter):
    """The filters of the list of reminders; ``mail`` is a kind."""

    state = Choice(ReminderState)
    mail = Text(longest=60)
    level = Choice(EscalationLevel)
    was_sent = Flag()
    silent = Flag()
    section = Text(longest=20)
    owner = Whole(least=1)
    programme_id = Whole(least=1)
