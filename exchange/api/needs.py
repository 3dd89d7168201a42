"""/api/v1/needs"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.api.schemas import NeedOut
from exchange.catalogue import actions, favourites, queries
from exchange.catalogue.models import Need
from exchange.catalogue.schemas import NeedFilter, NeedSchema
from exchange.edge import access
from exchange.listing import page_of
from exchange.schemas import StepSchema
from exchange.transaction import transaction

resources = Blueprint("api_needs", __name__, url_prefix="/api/v1/needs", description="Needs")


@resources.route("")
class Needs(MethodView):
    """The list of needs."""

    @access("need.see")
    @resources.arguments(NeedFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List needs."""
        query = queries.listed(policy.scoped(Need, edge.actor()), Need, filters, edge.actor())
        return page_body(page_of(query, filters, queries.NEED_SORTS), NeedOut())

    @access("need.create")
    @resources.arguments(NeedSchema)
    @resources.response(201, NeedOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Write a need as a draft."""
        with transaction():
            return actions.create(Need, data, actor=edge.signed_in())


@resources.route("/<int:id>")
class OneNeed(MethodView):
    """One need."""

    @access("need.see", Need)
    @resources.response(200, NeedOut)
    def get(self, need: Need) -> Any:
        """Show a need."""
        return need

    @access("need.edit", Need)
    @resources.arguments(NeedSchema(partial=True))
    @resources.response(200, NeedOut)
    def patch(self, need: Need, data: dict[str, Any]) -> Any:
        """Change a need."""
        with transaction():
            actions.edit(need, data, actor=edge.signed_in())
        return need


@resources.route("/<int:id>/steps")
class NeedSteps(MethodView):
    """The moves of a need."""

    @access("need.see", Need)
    @resources.arguments(StepSchema)
    def post(self, need: Need, asked: dict[str, Any]) -> Any:
        """Move a need one step."""
        return post_step("need", need, actions.advance_need, asked), 201


@resources.route("/<int:id>/favourite")
class NeedFavourite(MethodView):
    """Whether one's organisation keeps a need as a favourite."""

    @access("favourite.keep", Need)
    def post(self, need: Need) -> Any:
        """Keep it, or no longer."""
        with transaction():
            return {"favourite": favourites.toggle(need, actor=edge.signed_in())}
