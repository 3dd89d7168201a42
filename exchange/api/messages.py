"""/api/v1/messages"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.edge import access
from exchange.edge_seen import shown
from exchange.listing import page_of
from exchange.messages import actions, queries
from exchange.messages.models import Message
from exchange.messages.schemas import MessageFilter
from exchange.schemas import StepSchema

resources = Blueprint(
    "api_messages", __name__, url_prefix="/api/v1/messages", description="Messages"
)


class MessageOut(Schema):
    """A message without its text: that may hold a link that only its reader may follow."""

    id = fields.Integer()
    kind = fields.String()
    person_id = fields.Integer(allow_none=True)
    to_name = fields.String()
    to_email = fields.String()
    language = fields.String()
    action_required = fields.Boolean()
    subject = fields.String()
    subject_type = fields.String()
    subject_id = fields.Integer(allow_none=True)
    held = fields.Boolean()
    state = fields.String()
    state_since = fields.DateTime()
    reason = fields.String()
    attempts = fields.Integer()
    next_try_at = fields.DateTime()
    sent_at = fields.DateTime(allow_none=True)
    created_at = fields.DateTime()


@resources.route("")
class Messages(MethodView):
    """The list of messages."""

    @access("message.see")
    @resources.arguments(MessageFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List messages."""
        query = queries.listed(policy.scoped(Message, edge.actor()), filters)
        page = page_of(query, filters, queries.SORTS)
        shown(*page.items)
        return page_body(page, MessageOut())


@resources.route("/<int:id>")
class OneMessage(MethodView):
    """One message."""

    @access("message.see", Message)
    @resources.response(200, MessageOut)
    def get(self, message: Message) -> Any:
        """Show a message."""
        return message


@resources.route("/<int:id>/steps")
class MessageSteps(MethodView):
    """The moves of a message."""

    @access("message.see", Message)
    @resources.arguments(StepSchema)
    def post(self, message: Message, asked: dict[str, Any]) -> Any:
        """Send a message again, or do not send it."""
        return post_step("message", message, actions.advance, asked), 201
