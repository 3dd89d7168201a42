"""/api/v1/matching/wishes"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import named, page_body
from exchange.api.schemas import NeedOut, OfferOut
from exchange.catalogue.models import Need, Offer
from exchange.edge import access
from exchange.listing import page_of
from exchange.matching.models import Wish
from exchange.runs import actions, queries
from exchange.runs.schemas import WishSchema
from exchange.schemas import Filter
from exchange.transaction import transaction

resources = Blueprint(
    "api_wishes",
    __name__,
    url_prefix="/api/v1/matching/wishes",
    description="What officers wish of single pairs",
)


class WishOut(Schema):
    """A wish: ``pin`` or ``veto``."""

    id = fields.Integer()
    need = fields.Nested(NeedOut(only=("id", "title", "state", "organisation")))
    offer = fields.Nested(OfferOut(only=("id", "title", "state", "organisation")))
    kind = fields.String()
    note = fields.String()
    person_id = fields.Integer(allow_none=True)
    created_at = fields.DateTime()


@resources.route("")
class Wishes(MethodView):
    """The wishes of officers."""

    @access("wish.edit")
    @resources.arguments(Filter(only=["page", "size"]), location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List wishes, the newest first."""
        query = queries.wishes(policy.scoped(Wish, edge.actor()))
        page = page_of(query, {"sort": "-newest", **filters}, queries.WISH_SORTS)
        return page_body(page, WishOut())

    @access("wish.edit")
    @resources.arguments(WishSchema)
    @resources.response(201, WishOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Pin a pair, or veto it, in place of an earlier word on it."""
        need = named("need_id", Need, data)
        offer = named("offer_id", Offer, data)
        with transaction():
            return actions.wish(
                need, offer, data["kind"], note=data["note"], actor=edge.signed_in()
            )


@resources.route("/<int:id>")
class OneWish(MethodView):
    """One wish."""

    @access("wish.edit", Wish)
    @resources.response(200, WishOut)
    def get(self, wish: Wish) -> Any:
        """Show a wish."""
        return wish

    @access("wish.edit", Wish)
    @resources.response(204)
    def delete(self, wish: Wish) -> None:
        """Take a wish back."""
        with transaction():
            actions.unwish(wish)
