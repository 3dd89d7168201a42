"""/api/v1/offers"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.api.schemas import OfferOut
from exchange.catalogue import actions, favourites, pausing, queries
from exchange.catalogue.models import Offer
from exchange.catalogue.schemas import OfferFilter, OfferSchema, PauseSchema
from exchange.edge import access
from exchange.listing import page_of
from exchange.schemas import StepSchema
from exchange.transaction import transaction

resources = Blueprint("api_offers", __name__, url_prefix="/api/v1/offers", description="Offers")


@resources.route("")
class Offers(MethodView):
    """The list of offers."""

    @access("offer.see")
    @resources.arguments(OfferFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List offers."""
        query = queries.listed(policy.scoped(Offer, edge.actor()), Offer, filters, edge.actor())
        return page_body(page_of(query, filters, queries.OFFER_SORTS), OfferOut())

    @access("offer.create")
    @resources.arguments(OfferSchema)
    @resources.response(201, OfferOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Write an offer as a draft."""
        with transaction():
            return actions.create(Offer, data, actor=edge.signed_in())


@resources.route("/<int:id>")
class OneOffer(MethodView):
    """One offer."""

    @access("offer.see", Offer)
    @resources.response(200, OfferOut)
    def get(self, offer: Offer) -> Any:
        """Show an offer."""
        return offer

    @access("offer.edit", Offer)
    @resources.arguments(OfferSchema(partial=True))
    @resources.response(200, OfferOut)
    def patch(self, offer: Offer, data: dict[str, Any]) -> Any:
        """Change an offer."""
        with transaction():
            actions.edit(offer, data, actor=edge.signed_in())
        return offer


@resources.route("/<int:id>/steps")
class OfferSteps(MethodView):
    """The moves of an offer."""

    @access("offer.see", Offer)
    @resources.arguments(StepSchema)
    def post(self, offer: Offer, asked: dict[str, Any]) -> Any:
        """Move an offer one step."""
        return post_step("offer", offer, actions.advance_offer, asked), 201


@resources.route("/<int:id>/pause")
class OfferPause(MethodView):
    """Whether the host takes anybody new."""

    @access("offer.pause", Offer)
    @resources.arguments(PauseSchema)
    @resources.response(200, OfferOut)
    def put(self, offer: Offer, data: dict[str, Any]) -> Any:
        """Take nobody new before a day."""
        with transaction():
            return pausing.pause(offer, data["paused_until"])

    @access("offer.pause", Offer)
    @resources.response(200, OfferOut)
    def delete(self, offer: Offer) -> Any:
        """Take guests again from now on."""
        with transaction():
            return pausing.resume(offer)


@resources.route("/<int:id>/favourite")
class OfferFavourite(MethodView):
    """Whether one's organisation keeps an offer as a favourite."""

    @access("favourite.keep", Offer)
    def post(self, offer: Offer) -> Any:
        """Keep it, or no longer."""
        with transaction():
            return {"favourite": favourites.toggle(offer, actor=edge.signed_in())}
