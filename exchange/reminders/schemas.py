"""How lists of reminders are narrowed."""

from marshmallow import fields

from exchange.reminders.models import EscalationLevel
from exchange.schemas import Choice, Email, Filter, Flag, LongText, Schema, Text, Whole
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


class DoneSchema(Schema):
    """Nothing is asked of whoever has done it."""


class MoreTimeSchema(Schema):
    """Until when nobody should be reminded."""

    until = fields.Date(required=True, metadata={"words": "put_off_until"})


class PassOnSchema(Schema):
    """The colleague whom it concerns."""

    name = Text(required=True, longest=200)
    email = Email(required=True)


class StopSchema(Schema):
    """Why it should end."""

    reason = LongText(required=True)


class RuleSchema(Schema):
    """What staff decide about a kind of reminder."""

    active = Flag(load_default=False, metadata={"words": "rule_active"})
    days = Text(required=True, longest=60, metadata={"words": "rule_days"})
    held = Flag(load_default=False, metadata={"words": "rule_held"})
