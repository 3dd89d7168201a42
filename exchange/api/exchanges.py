"""/api/v1/exchanges"""

from typing import Any

from flask import jsonify
from flask.views import MethodView
from flask_smorest import Blueprint

from exchange import edge, policy
from exchange.api.exchange_schemas import ExchangeOut, TimelineStepOut
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.api.schemas import step_body
from exchange.edge import access
from exchange.exchanges import actions, queries
from exchange.exchanges.models import Exchange
from exchange.exchanges.schemas import (
    BundleSchema,
    ExchangeFilter,
    ExchangeSchema,
    OverrideSchema,
    OwnerSchema,
    ProposalSchema,
)
from exchange.listing import page_of
from exchange.schemas import StepSchema
from exchange.steps import steps_of
from exchange.transaction import transaction
from workflows.exchange import EXCHANGE

resources = Blueprint(
    "api_exchanges", __name__, url_prefix="/api/v1/exchanges", description="Exchanges"
)


@resources.route("")
class Exchanges(MethodView):
    """The list of exchanges."""

    @access("exchange.see")
    @resources.arguments(ExchangeFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List exchanges."""
        scope = policy.scoped(Exchange, edge.actor())
        query = queries.listed(scope, filters, edge.actor())
        return page_body(page_of(query, filters, queries.SORTS), ExchangeOut())

    @access("exchange.create")
    @resources.arguments(ProposalSchema)
    @resources.response(201, ExchangeOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Write the draft of a proposal."""
        with transaction():
            return actions.create(data, actor=edge.signed_in())


@resources.route("/bundles")
class Bundles(MethodView):
    """The needs of several members in one proposal."""

    @access("need.bundle")
    @resources.arguments(BundleSchema)
    @resources.response(201, ExchangeOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Bundle needs into one proposal of their association."""
        known = queries.linkable_needs(edge.actor())
        needs = [need for need in known if need.id in data["need_ids"]]
        with transaction():
            return actions.propose_bundle(needs, data, actor=edge.signed_in())


@resources.route("/<int:id>")
class OneExchange(MethodView):
    """One exchange."""

    @access("exchange.see", Exchange)
    @resources.response(200, ExchangeOut)
    def get(self, exchange: Exchange) -> Any:
        """Show an exchange."""
        return exchange

    @access("exchange.edit", Exchange)
    @resources.arguments(ExchangeSchema(partial=True))
    @resources.response(200, ExchangeOut)
    def patch(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Change the proposal."""
        with transaction():
            actions.edit(exchange, data, actor=edge.signed_in())
        return exchange

    @access("exchange.delete", Exchange)
    @resources.response(204)
    def delete(self, exchange: Exchange) -> None:
        """Throw a draft away that was never sent."""
        with transaction():
            actions.delete(exchange)


@resources.route("/<int:id>/steps")
class ExchangeSteps(MethodView):
    """The moves of an exchange."""

    @access("exchange.see", Exchange)
    @resources.arguments(StepSchema)
    def post(self, exchange: Exchange, asked: dict[str, Any]) -> Any:
        """Move an exchange one step."""
        return post_step("exchange", exchange, actions.advance, asked), 201


@resources.route("/<int:id>/timeline")
class Timeline(MethodView):
    """What happened to an exchange."""

    @access("exchange.see", Exchange)
    @resources.response(200, TimelineStepOut(many=True))
    def get(self, exchange: Exchange) -> Any:
        """List its steps, newest first; an override is marked. Why, only to those who take part."""
        inside = policy.allowed(edge.actor(), "exchange.see_inside", exchange)
        told = TimelineStepOut(many=True, exclude=() if inside else ("note",))
        return jsonify(told.dump(steps_of("exchange", exchange.id)))


@resources.route("/<int:id>/override")
class Override(MethodView):
    """The way round the table."""

    @access("exchange.override", Exchange)
    @resources.arguments(OverrideSchema)
    def post(self, exchange: Exchange, asked: dict[str, Any]) -> Any:
        """Put an exchange into a state; the step is marked as an override for ever."""
        with transaction():
            step = actions.override(
                exchange,
                asked["to_state"],
                asked["note"],
                actor=edge.signed_in(),
                expected_state=asked.get("expected_state"),
            )
        return step_body(step, policy.open_triggers(EXCHANGE, exchange, edge.actor())), 201


@resources.route("/<int:id>/owner")
class Owner(MethodView):
    """The officer who follows an exchange."""

    @access("exchange.assign", Exchange)
    @resources.arguments(OwnerSchema)
    @resources.response(200, ExchangeOut)
    def put(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Name the officer, or nobody."""
        with transaction():
            actions.assign(exchange, data["owner_id"], actor=edge.signed_in())
        return exchange
