"""/api/v1/congresses: editions of the Congress and what is brought to them."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.congresses import actions, queries
from exchange.congresses.models import Congress, Contribution
from exchange.congresses.schemas import CongressFilter, CongressSchema, ContributionSchema
from exchange.edge import access
from exchange.listing import page_of
from exchange.transaction import transaction

resources = Blueprint(
    "api_congresses",
    __name__,
    url_prefix="/api/v1/congresses",
    description="Congresses, and what the work of learning brings to each",
)


class CongressContributionOut(Schema):
    """One thing that goes to a Congress: one of the four ids is set."""

    id = fields.Integer()
    forum_id = fields.Integer(allow_none=True)
    exchange_id = fields.Integer(allow_none=True)
    recommendation_id = fields.Integer(allow_none=True)
    strategy_id = fields.Integer(allow_none=True)
    aim = fields.String()
    language = fields.String()


class CongressBriefOut(Schema):
    """An edition in the list."""

    id = fields.Integer()
    code = fields.String()
    titles = fields.Dict(keys=fields.String(), values=fields.String())
    place = fields.String()
    starts_on = fields.Date()
    ends_on = fields.Date()


class CongressOut(CongressBriefOut):
    """An edition with what goes to it."""

    texts = fields.Dict(keys=fields.String(), values=fields.String())
    contributions = fields.Nested(CongressContributionOut, many=True)


def _seen(row: Congress) -> dict[str, Any]:
    """An edition as its reader may know of it."""
    brief = {name: getattr(row, name) for name in (*CongressBriefOut().fields, "texts")}
    return brief | {"contributions": queries.known(row, edge.actor())}


@resources.route("")
class Congresses(MethodView):
    """The editions."""

    @access("congress.see")
    @resources.arguments(CongressFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List editions, the newest first."""
        query = queries.listed(policy.scoped(Congress, edge.actor()), filters)
        page = page_of(query, {"sort": queries.NEWEST_FIRST, **filters}, queries.SORTS)
        return page_body(page, CongressBriefOut())

    @access("congress.create")
    @resources.arguments(CongressSchema)
    @resources.response(201, CongressOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Write one down."""
        with transaction():
            return _seen(actions.create(data))


@resources.route("/<int:id>")
class OneCongress(MethodView):
    """One edition."""

    @access("congress.see", Congress, load=queries.whole)
    @resources.response(200, CongressOut)
    def get(self, row: Congress) -> Any:
        """Show it with what goes to it."""
        return _seen(row)

    @access("congress.edit", Congress)
    @resources.arguments(CongressSchema(partial=True))
    @resources.response(200, CongressOut)
    def patch(self, row: Congress, data: dict[str, Any]) -> Any:
        """Change it."""
        with transaction():
            return _seen(actions.edit(row, data))


@resources.route("/<int:id>/contributions")
class CongressContributions(MethodView):
    """What goes to an edition."""

    @access("congress.edit", Congress)
    @resources.arguments(ContributionSchema)
    @resources.response(201, CongressContributionOut)
    def post(self, row: Congress, data: dict[str, Any]) -> Any:
        """Tag one thing; again corrects its aim."""
        with transaction():
            return actions.bring(row, data)


@resources.route("/contributions/<int:id>")
class OneContribution(MethodView):
    """One contribution."""

    @access("congress.edit", Contribution)
    @resources.response(204)
    def delete(self, row: Contribution) -> None:
        """Take it back."""
        with transaction():
            actions.take_back(row)
