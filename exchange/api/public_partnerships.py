"""/api/v1/partnerships/public: what everybody may read of partnerships."""

from collections.abc import Callable
from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.api.listing import page_body
from exchange.api.partnerships import PartnershipPhaseOut
from exchange.edge import access
from exchange.listing import page_of
from exchange.partnerships import opening, queries
from exchange.partnerships.models import Partnership, PublicPart
from exchange.partnerships.schemas import OpeningSchema, PublicPartnershipFilter
from exchange.transaction import transaction

resources = Blueprint(
    "api_public_partnerships",
    __name__,
    url_prefix="/api/v1/partnerships",
    description="Partnerships that everybody may read",
)


def _texts() -> fields.Dict:
    """Words by language."""
    return fields.Dict(keys=fields.String(), values=fields.String())


class PublicPartnershipBriefOut(Schema):
    """A public partnership in the list."""

    code = fields.String()
    titles = _texts()
    starts_on = fields.Date()
    ends_on = fields.Date()
    lead = fields.String(attribute="lead.name")
    state = fields.String()
    shown = fields.List(fields.String())


def _if_shown(part: PublicPart, read: Callable[[Partnership], Any]) -> fields.Function:
    """A part of the partnership; null while its lead keeps it back."""
    return fields.Function(lambda row: read(row) if part in row.shown else None)


class PublicPartnershipOut(PublicPartnershipBriefOut):
    """A public partnership; what its lead keeps back is null."""

    texts = _texts()
    phases = _if_shown(
        PublicPart.phases, lambda row: PartnershipPhaseOut(many=True).dump(row.phases)
    )
    cities = _if_shown(
        PublicPart.cities,
        lambda row: [[city.name for city in pair.cities] for pair in row.pairs],
    )
    funders = _if_shown(PublicPart.funders, lambda row: [one.name for one in row.funders])
    agreements = _if_shown(
        PublicPart.agreements,
        lambda row: [
            {"kind": one.kind, "text": one.text, "language": one.language}
            for pair in row.pairs
            for one in pair.agreements
        ],
    )
    benefits = _if_shown(
        PublicPart.benefits,
        lambda row: [
            {"kind": one.kind, "text": one.text, "language": one.language}
            for pair in row.pairs
            for one in pair.benefits
        ],
    )


class OpeningOut(Schema):
    """Whether everybody may read a partnership, and which parts of it."""

    is_public = fields.Boolean()
    shown = fields.List(fields.String())


@resources.route("/public")
class PublicPartnerships(MethodView):
    """The partnerships that everybody may read."""

    @access("partnership.read")
    @resources.arguments(PublicPartnershipFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List them, the newest first."""
        query = queries.listed(opening.published(), filters)
        page = page_of(query, {"sort": queries.NEWEST_FIRST, **filters}, queries.SORTS)
        return page_body(page, PublicPartnershipBriefOut())


@resources.route("/public/<code>")
class OnePublicPartnership(MethodView):
    """One of them."""

    @access("partnership.read")
    @resources.response(200, PublicPartnershipOut)
    def get(self, code: str) -> Any:
        """Show what its lead opened."""
        return opening.published_as(code)


@resources.route("/<int:id>/public")
class PartnershipOpening(MethodView):
    """What everybody may read of a partnership."""

    @access("partnership.open_up", Partnership)
    @resources.arguments(OpeningSchema)
    @resources.response(200, OpeningOut)
    def put(self, row: Partnership, data: dict[str, Any]) -> Any:
        """Open it with these parts, or take it back."""
        with transaction():
            return opening.choose(row, data, actor=edge.signed_in())
