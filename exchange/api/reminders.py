"""/api/v1/reminders"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.edge import access
from exchange.listing import page_of
from exchange.reminders import actions, queries
from exchange.reminders.models import Reminder
from exchange.reminders.schemas import ReminderFilter
from exchange.schemas import StepSchema

resources = Blueprint(
    "api_reminders", __name__, url_prefix="/api/v1/reminders", description="Reminders"
)


class ReminderOut(Schema):
    """A reminder."""

    id = fields.Integer()
    kind = fields.String()
    subject_type = fields.String()
    subject_id = fields.Integer()
    wanted_state = fields.String()
    level = fields.String()
    due_on = fields.Date()
    due_at = fields.DateTime()
    state = fields.String()
    state_since = fields.DateTime()
    sent_at = fields.DateTime(allow_none=True)
    answered_at = fields.DateTime(allow_none=True)
    reason = fields.String()
    person_id = fields.Integer(allow_none=True)


class RateOut(Schema):
    """How a kind of reminder does."""

    kind = fields.String()
    planned = fields.Integer()
    sent = fields.Integer()
    answered = fields.Integer()
    skipped = fields.Integer()
    percent = fields.Integer(allow_none=True)


@resources.route("")
class Reminders(MethodView):
    """The list of reminders."""

    @access("reminder.see")
    @resources.arguments(ReminderFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List reminders."""
        query = queries.listed(policy.scoped(Reminder, edge.actor()), filters)
        return page_body(page_of(query, filters, queries.SORTS), ReminderOut())


@resources.route("/kinds")
class ReminderKinds(MethodView):
    """The kinds of reminders."""

    @access("reminder.see")
    @resources.response(200, RateOut(many=True))
    def get(self) -> Any:
        """List the kinds, with how many were sent and answered."""
        return queries.rates()


@resources.route("/<int:id>")
class OneReminder(MethodView):
    """One reminder."""

    @access("reminder.see", Reminder)
    @resources.response(200, ReminderOut)
    def get(self, reminder: Reminder) -> Any:
        """Show a reminder."""
        return reminder


@resources.route("/<int:id>/steps")
class ReminderSteps(MethodView):
    """The moves of a reminder."""

    @access("reminder.see", Reminder)
    @resources.arguments(StepSchema)
    def post(self, reminder: Reminder, asked: dict[str, Any]) -> Any:
        """Take a planned reminder back."""
        return post_step("reminder", reminder, actions.advance, asked), 201
