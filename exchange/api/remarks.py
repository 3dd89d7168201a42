"""/api/v1/exchanges/<id>/…: remarks, and the reviews of a proposal."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.api.listing import page_body
from exchange.api.versions import Versioned, require_seen
from exchange.edge import access
from exchange.exchanges import remarks, reviews
from exchange.exchanges.models import Exchange
from exchange.exchanges.review_schemas import ReviewSchema
from exchange.exchanges.schemas import RemarkSchema
from exchange.listing import page_of
from exchange.predicates import staff
from exchange.schemas import Filter
from exchange.transaction import transaction

resources = Blueprint(
    "api_remarks",
    __name__,
    url_prefix="/api/v1/exchanges/<int:id>",
    description="What people write beside the moves of an exchange",
)


class RemarkOut(Schema):
    """A remark."""

    id = fields.Integer()
    author_id = fields.Integer(allow_none=True)
    author = fields.String(attribute="author.name")
    text = fields.String()
    language = fields.String()
    audience = fields.String()
    created_at = fields.DateTime()


class ReviewOut(Schema):
    """What one reviewer thinks of a proposal."""

    id = fields.Integer()
    person_id = fields.Integer()
    person = fields.String(attribute="person.name")
    need_is_clear = fields.String(allow_none=True)
    change_is_likely = fields.String(allow_none=True)
    partners_fit = fields.String(allow_none=True)
    means_suffice = fields.String(allow_none=True)
    others_gain = fields.String(allow_none=True)
    note = fields.String()
    updated_at = fields.DateTime()
    version_id = fields.Integer()


class ReviewChange(Versioned, ReviewSchema):
    """One's own review, and the version of it that was seen."""


@resources.route("/remarks")
class Remarks(MethodView):
    """The remarks on an exchange."""

    @access("exchange.see_inside", Exchange)
    @resources.arguments(Filter, location="query")
    def get(self, exchange: Exchange, filters: dict[str, Any]) -> Any:
        """List the remarks, the newest first; those of staff among themselves only to staff."""
        query = remarks.listed(exchange, for_staff=staff(edge.actor(), exchange))
        page = page_of(query, {"sort": "-newest", **filters}, remarks.SORTS)
        return page_body(page, RemarkOut())

    @access("exchange.remark", Exchange)
    @resources.arguments(RemarkSchema)
    @resources.response(201, RemarkOut)
    def post(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Write a remark."""
        audience = remarks.Audience(data["audience"])
        with transaction():
            return remarks.remark(exchange, data["text"], actor=edge.signed_in(), audience=audience)


@resources.route("/reviews")
class Reviews(MethodView):
    """The reviews of a proposal."""

    @access("exchange.review", Exchange)
    @resources.response(200, ReviewOut(many=True))
    def get(self, exchange: Exchange) -> Any:
        """List the reviews, the oldest first."""
        return reviews.reviews_of(exchange)


@resources.route("/reviews/mine")
class MyReview(MethodView):
    """One's own review of a proposal."""

    @access("exchange.review", Exchange)
    @resources.arguments(ReviewChange)
    @resources.response(200, ReviewOut)
    def put(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Write one's own review, or write it again."""
        seen = data.pop("version_id")
        with transaction():
            require_seen(reviews.review_by(exchange, edge.signed_in()), seen)
            return reviews.write(exchange, data, actor=edge.signed_in())
