"""/api/v1/follow-ups"""

from typing import Any

from flask import url_for
from flask.views import MethodView
from flask_smorest import Blueprint

from exchange import edge, policy
from exchange.api.lesson_schemas import FollowUpLinkOut, FollowUpOut
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.edge import access
from exchange.lessons import actions, queries
from exchange.lessons.models import FollowUp
from exchange.lessons.schemas import FollowUpAnswerSchema, FollowUpFilter
from exchange.listing import page_of
from exchange.schemas import StepSchema
from exchange.transaction import transaction

resources = Blueprint(
    "api_follow_ups", __name__, url_prefix="/api/v1/follow-ups", description="Follow-ups"
)


@resources.route("")
class FollowUps(MethodView):
    """The list of follow-ups."""

    @access("follow_up.see_list")
    @resources.arguments(FollowUpFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List the follow-ups of one's own exchanges; staff see all."""
        query = queries.follow_ups_listed(
            policy.scoped(FollowUp, edge.actor()), filters, edge.actor()
        )
        return page_body(page_of(query, filters, queries.FOLLOW_UP_SORTS), FollowUpOut())


@resources.route("/<int:id>")
class OneFollowUp(MethodView):
    """One follow-up."""

    @access("follow_up.see", FollowUp)
    @resources.response(200, FollowUpOut)
    def get(self, follow_up: FollowUp) -> Any:
        """Show a follow-up and its answers."""
        return follow_up


@resources.route("/<int:id>/answers")
class Answers(MethodView):
    """The answers of a partner."""

    @access("follow_up.answer", FollowUp)
    @resources.arguments(FollowUpAnswerSchema)
    @resources.response(201, FollowUpOut)
    def post(self, follow_up: FollowUp, data: dict[str, Any]) -> Any:
        """Answer the five questions, once."""
        told = {**data, "language": edge.current_language()}
        with transaction():
            actions.answer(follow_up, told, edge.signed_in().name, actor=edge.actor())
        return follow_up


@resources.route("/<int:id>/link")
class Links(MethodView):
    """Links that answer without signing in."""

    @access("follow_up.make_link", FollowUp)
    @resources.response(201, FollowUpLinkOut)
    def post(self, follow_up: FollowUp) -> Any:
        """Make a link to send to the partner; it is shown this once."""
        with transaction():
            secret = actions.ask(follow_up, actor=edge.actor())
        path = url_for("follow_ups.by_link", secret=secret)
        return {"link": edge.settings().public_url.rstrip("/") + path}


@resources.route("/<int:id>/steps")
class FollowUpSteps(MethodView):
    """The moves of a follow-up."""

    @access("follow_up.see", FollowUp)
    @resources.arguments(StepSchema)
    def post(self, follow_up: FollowUp, asked: dict[str, Any]) -> Any:
        """Count a follow-up as unanswered."""
        return post_step("follow_up", follow_up, actions.advance_follow_up, asked), 201
