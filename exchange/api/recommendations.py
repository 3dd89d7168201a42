"""/api/v1/recommendations: the register of recommendations and commitments."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.api.schemas import OrganisationBrief
from exchange.edge import access
from exchange.listing import page_of
from exchange.recommendations import actions, queries
from exchange.recommendations.models import Recommendation
from exchange.recommendations.schemas import (
    RecommendationFilter,
    RecommendationSchema,
    ReportSchema,
    SupportSchema,
)
from exchange.schemas import Codes, StepSchema
from exchange.transaction import transaction

resources = Blueprint(
    "api_recommendations",
    __name__,
    url_prefix="/api/v1/recommendations",
    description="Recommendations and commitments",
)


class RecommendationOut(Schema):
    """A recommendation; with an owner and a day a commitment."""

    id = fields.Integer()
    title = fields.String()
    text = fields.String()
    language = fields.String()
    about = fields.String()
    scale = fields.String()
    addressee = fields.String()
    owner = fields.Nested(OrganisationBrief, allow_none=True)
    supports = fields.Integer()
    due_on = fields.Date(allow_none=True)
    axis_id = fields.Integer(allow_none=True)
    agendas = Codes("agenda")
    evidence = fields.String()
    evidence_url = fields.String()
    state = fields.String()
    state_since = fields.AwareDateTime()


@resources.route("")
class Recommendations(MethodView):
    """The register."""

    @access("recommendation.see")
    @resources.arguments(RecommendationFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List recommendations, what is due first."""
        query = queries.listed(policy.scoped(Recommendation, edge.actor()), filters)
        page = page_of(query, {"sort": queries.FIRST_DUE, **filters}, queries.SORTS)
        return page_body(page, RecommendationOut())

    @access("recommendation.propose")
    @resources.arguments(RecommendationSchema)
    @resources.response(201, RecommendationOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Propose one."""
        with transaction():
            return actions.propose(data)


@resources.route("/<int:id>")
class OneRecommendation(MethodView):
    """One recommendation."""

    @access("recommendation.see", Recommendation)
    @resources.response(200, RecommendationOut)
    def get(self, row: Recommendation) -> Any:
        """Show it."""
        return row

    @access("recommendation.edit", Recommendation)
    @resources.arguments(RecommendationSchema(partial=True))
    @resources.response(200, RecommendationOut)
    def patch(self, row: Recommendation, data: dict[str, Any]) -> Any:
        """Change it."""
        with transaction():
            return actions.edit(row, data)


@resources.route("/<int:id>/report")
class Report(MethodView):
    """What shows that it is being done."""

    @access("recommendation.report", Recommendation)
    @resources.arguments(ReportSchema(partial=True))
    @resources.response(200, RecommendationOut)
    def patch(self, row: Recommendation, data: dict[str, Any]) -> Any:
        """Write it down."""
        with transaction():
            return actions.report(row, data)


@resources.route("/<int:id>/steps")
class RecommendationSteps(MethodView):
    """The moves of a recommendation."""

    @access("recommendation.see", Recommendation)
    @resources.arguments(StepSchema)
    def post(self, row: Recommendation, asked: dict[str, Any]) -> Any:
        """Move it one step."""
        return post_step("recommendation", row, actions.advance_recommendation, asked), 201


@resources.route("/<int:id>/supports")
class Supports(MethodView):
    """The organisations that support a recommendation."""

    @access("recommendation.see", Recommendation)
    @resources.response(200, OrganisationBrief(many=True))
    def get(self, row: Recommendation) -> Any:
        """List them by name."""
        return queries.supporters(row)

    @access("recommendation.support", Recommendation)
    @resources.arguments(SupportSchema)
    @resources.response(200, RecommendationOut)
    def post(self, row: Recommendation, data: dict[str, Any]) -> Any:
        """Support it; again changes nothing."""
        policy.require_one_of(data["organisation_id"], queries.spoken_for(edge.actor()))
        with transaction():
            return actions.support(row, data["organisation_id"])


@resources.route("/<int:id>/supports/<int:organisation_id>")
class OneSupport(MethodView):
    """The support of one organisation."""

    @access("recommendation.support", Recommendation)
    @resources.response(204)
    def delete(self, row: Recommendation, organisation_id: int) -> None:
        """Withdraw it."""
        policy.require_one_of(organisation_id, queries.spoken_for(edge.actor()))
        with transaction():
            actions.withdraw_support(row, organisation_id)
