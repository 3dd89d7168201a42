"""/api/v1 road maps: actions, the transferability sheet, recorded changes."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from exchange import edge, policy
from exchange.api.lesson_schemas import ChangeOut, RoadMapActionOut, TransferabilityOut
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.edge import access
from exchange.errors import NotFound
from exchange.exchanges.models import Exchange
from exchange.lessons import actions, queries
from exchange.lessons.models import RoadMapAction
from exchange.lessons.schemas import (
    ChangeSchema,
    RoadMapActionSchema,
    RoadMapFilter,
    TransferabilitySchema,
)
from exchange.listing import page_of
from exchange.schemas import StepSchema
from exchange.transaction import transaction

resources = Blueprint("api_road_map", __name__, url_prefix="/api/v1", description="Road maps")


@resources.route("/road-map")
class RoadMapActions(MethodView):
    """The actions of all road maps that the caller may see."""

    @access("road_map_action.see")
    @resources.arguments(RoadMapFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List actions of road maps."""
        query = queries.actions_listed(policy.scoped(RoadMapAction, edge.actor()), filters)
        return page_body(page_of(query, filters, queries.ACTION_SORTS), RoadMapActionOut())


@resources.route("/exchanges/<int:id>/road-map")
class ExchangeRoadMap(MethodView):
    """The road map of an exchange."""

    @access("road_map_action.see", Exchange)
    @resources.response(200, RoadMapActionOut(many=True))
    def get(self, exchange: Exchange) -> Any:
        """List the actions of an exchange."""
        return exchange.road_map_actions

    @access("road_map_action.edit", Exchange)
    @resources.arguments(RoadMapActionSchema)
    @resources.response(201, RoadMapActionOut)
    def post(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Add an action."""
        with transaction():
            return actions.add_road_map_action(exchange, data, actor=edge.signed_in())


@resources.route("/road-map/<int:id>")
class OneAction(MethodView):
    """One action."""

    @access("road_map_action.see", RoadMapAction)
    @resources.response(200, RoadMapActionOut)
    def get(self, action: RoadMapAction) -> Any:
        """Show an action."""
        return action

    @access("road_map_action.edit", RoadMapAction)
    @resources.arguments(RoadMapActionSchema(partial=True))
    @resources.response(200, RoadMapActionOut)
    def patch(self, action: RoadMapAction, data: dict[str, Any]) -> Any:
        """Change an action."""
        with transaction():
            return actions.edit_road_map_action(action, data, actor=edge.signed_in())


@resources.route("/road-map/<int:id>/steps")
class ActionSteps(MethodView):
    """The moves of an action."""

    @access("road_map_action.see", RoadMapAction)
    @resources.arguments(StepSchema)
    def post(self, action: RoadMapAction, asked: dict[str, Any]) -> Any:
        """Move an action one step."""
        return post_step("road_map_action", action, actions.advance_road_map_action, asked), 201


@resources.route("/exchanges/<int:id>/transferability")
class ExchangeTransferability(MethodView):
    """What another city must know before it re-uses the practice."""

    @access("transferability.see", Exchange)
    @resources.response(200, TransferabilityOut)
    def get(self, exchange: Exchange) -> Any:
        """Show the transferability sheet."""
        if exchange.transferability is None:
            raise NotFound("not_found", noun="transferability", id=exchange.id)
        return exchange.transferability

    @access("transferability.edit", Exchange)
    @resources.arguments(TransferabilitySchema(partial=True))
    @resources.response(200, TransferabilityOut)
    def patch(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Write the transferability sheet."""
        with transaction():
            return actions.save_transferability(exchange, data, actor=edge.signed_in())


@resources.route("/exchanges/<int:id>/changes")
class Changes(MethodView):
    """What changed at the partners of an exchange."""

    @access("recorded_change.see", Exchange)
    @resources.response(200, ChangeOut(many=True))
    def get(self, exchange: Exchange) -> Any:
        """List the recorded changes."""
        return exchange.recorded_changes

    @access("recorded_change.record", Exchange)
    @resources.arguments(ChangeSchema)
    @resources.response(201, ChangeOut)
    def post(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Record a change."""
        with transaction():
            return actions.record_change(exchange, data, actor=edge.signed_in())
