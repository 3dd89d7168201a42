"""/api/v1/challenges: the log of challenges, and what answers them."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.api.schemas import OrganisationBrief
from exchange.challenges import actions, queries
from exchange.challenges.models import Challenge
from exchange.challenges.schemas import AnswerToChallengeSchema, ChallengeFilter, ChallengeSchema
from exchange.edge import access
from exchange.listing import page_of
from exchange.schemas import Codes, StepSchema
from exchange.transaction import transaction

resources = Blueprint(
    "api_challenges",
    __name__,
    url_prefix="/api/v1/challenges",
    description="The log of challenges",
)


class ChallengeOut(Schema):
    """A challenge and what answers it."""

    id = fields.Integer()
    text = fields.String()
    language = fields.String()
    organisation = fields.Nested(OrganisationBrief)
    said_on = fields.Date()
    due_on = fields.Date(allow_none=True)
    source_url = fields.String()
    agendas = Codes("agenda")
    forum_item_id = fields.Integer(allow_none=True)
    answer = fields.String(allow_none=True)
    exchange_id = fields.Integer(allow_none=True)
    topic_id = fields.Integer(allow_none=True)
    lab_id = fields.Integer(allow_none=True)
    lab_url = fields.String()
    reason = fields.String()
    state = fields.String()
    state_since = fields.AwareDateTime()


@resources.route("")
class Challenges(MethodView):
    """The log."""

    @access("challenge.see")
    @resources.arguments(ChallengeFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List challenges, what is due first."""
        query = queries.listed(policy.scoped(Challenge, edge.actor()), filters)
        page = page_of(query, {"sort": queries.FIRST_DUE, **filters}, queries.SORTS)
        return page_body(page, ChallengeOut())

    @access("challenge.create")
    @resources.arguments(ChallengeSchema)
    @resources.response(201, ChallengeOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Write one down."""
        actor = edge.signed_in()
        with transaction():
            return actions.write(data, actor=actor)


@resources.route("/<int:id>")
class OneChallenge(MethodView):
    """One challenge."""

    @access("challenge.see", Challenge)
    @resources.response(200, ChallengeOut)
    def get(self, row: Challenge) -> Any:
        """Show it."""
        return row

    @access("challenge.edit", Challenge)
    @resources.arguments(ChallengeSchema(partial=True))
    @resources.response(200, ChallengeOut)
    def patch(self, row: Challenge, data: dict[str, Any]) -> Any:
        """Change it."""
        actor = edge.signed_in()
        with transaction():
            return actions.edit(row, data, actor=actor)


@resources.route("/<int:id>/answer")
class ChallengeAnswer(MethodView):
    """What answers a challenge."""

    @access("challenge.answer", Challenge)
    @resources.arguments(AnswerToChallengeSchema)
    @resources.response(200, ChallengeOut)
    def put(self, row: Challenge, data: dict[str, Any]) -> Any:
        """Say it; again corrects it."""
        actor = edge.signed_in()
        with transaction():
            return actions.answer(row, data, actor=actor)


@resources.route("/<int:id>/steps")
class ChallengeSteps(MethodView):
    """The moves of a challenge."""

    @access("challenge.see", Challenge)
    @resources.arguments(StepSchema)
    def post(self, row: Challenge, asked: dict[str, Any]) -> Any:
        """Move it one step."""
        return post_step("challenge", row, actions.advance_challenge, asked), 201
