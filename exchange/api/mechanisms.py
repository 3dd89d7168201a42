"""/api/v1/mechanisms: the register, what each needs and gives, the matrix of mutual needs."""

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
from exchange.mechanisms import actions, queries
from exchange.mechanisms.models import Mechanism, MechanismListing
from exchange.mechanisms.schemas import (
    LinkSchema,
    MechanismFilter,
    MechanismListingFilter,
    MechanismListingSchema,
    MechanismSchema,
)
from exchange.schemas import Codes, StepSchema
from exchange.transaction import transaction

resources = Blueprint(
    "api_mechanisms",
    __name__,
    url_prefix="/api/v1/mechanisms",
    description="Mechanisms of learning",
)


def _texts() -> fields.Dict:
    """Words by language."""
    return fields.Dict(keys=fields.String(), values=fields.String())


class MechanismOut(Schema):
    """A mechanism."""

    id = fields.Integer()
    code = fields.String()
    kind = fields.String()
    titles = _texts()
    texts = _texts()
    organisation = fields.Nested(OrganisationBrief)
    contact_id = fields.Integer(allow_none=True)
    observatory_id = fields.Integer(allow_none=True)
    languages = Codes("language")
    themes = Codes("theme")
    website = fields.String()
    active = fields.Boolean()


class MechanismListingOut(Schema):
    """What a mechanism needs or gives."""

    id = fields.Integer()
    mechanism_id = fields.Integer()
    side = fields.String()
    title = fields.String()
    text = fields.String()
    language = fields.String()
    themes = Codes("theme")
    formats = Codes("format")
    expires_on = fields.Date()
    state = fields.String()
    state_since = fields.AwareDateTime()


class CellOut(Schema):
    """A cell of the matrix: how many offers of the one meet needs of the other."""

    needs_id = fields.Integer()
    offers_id = fields.Integer()
    number = fields.Integer()


@resources.route("")
class Mechanisms(MethodView):
    """The register."""

    @access("mechanism.see")
    @resources.arguments(MechanismFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List mechanisms."""
        query = queries.listed(policy.scoped(Mechanism, edge.actor()), filters)
        page = page_of(query, {"sort": queries.FIRST, **filters}, queries.SORTS)
        return page_body(page, MechanismOut())

    @access("mechanism.create")
    @resources.arguments(MechanismSchema)
    @resources.response(201, MechanismOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Write one into the register."""
        with transaction():
            return actions.create(data)


@resources.route("/matrix")
class MutualNeeds(MethodView):
    """The matrix of mutual needs."""

    @access("mechanism.see")
    @resources.response(200, CellOut(many=True))
    def get(self) -> Any:
        """Every cell in which something is."""
        cells = queries.matrix().cells
        return [
            {"needs_id": needs, "offers_id": offers, "number": number}
            for (needs, offers), number in cells.items()
        ]


@resources.route("/<int:id>")
class OneMechanism(MethodView):
    """One mechanism."""

    @access("mechanism.see", Mechanism)
    @resources.response(200, MechanismOut)
    def get(self, row: Mechanism) -> Any:
        """Show it."""
        return row

    @access("mechanism.edit", Mechanism)
    @resources.arguments(MechanismSchema(partial=True))
    @resources.response(200, MechanismOut)
    def patch(self, row: Mechanism, data: dict[str, Any]) -> Any:
        """Change it."""
        with transaction():
            return actions.edit(row, data)


@resources.route("/<int:id>/links")
class Links(MethodView):
    """What is linked to a mechanism."""

    @access("mechanism.edit", Mechanism)
    @resources.arguments(LinkSchema)
    @resources.response(201, MechanismOut)
    def post(self, row: Mechanism, data: dict[str, Any]) -> Any:
        """Link an exchange, a practice or a need; twice is once."""
        with transaction():
            return actions.link(row, data, known=edge.known)


@resources.route("/<int:id>/listings")
class NewListings(MethodView):
    """What a mechanism needs and gives."""

    @access("mechanism.edit", Mechanism)
    @resources.arguments(MechanismListingSchema)
    @resources.response(201, MechanismListingOut)
    def post(self, row: Mechanism, data: dict[str, Any]) -> Any:
        """Write down one thing more."""
        with transaction():
            return actions.add_listing(row, data)


@resources.route("/listings")
class Listings(MethodView):
    """What all mechanisms need and give."""

    @access("mechanism_listing.see")
    @resources.arguments(MechanismListingFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List them, what is to be reviewed first."""
        query = queries.listings(policy.scoped(MechanismListing, edge.actor()), filters)
        page = page_of(query, {"sort": queries.FIRST_REVIEWED, **filters}, queries.LISTING_SORTS)
        return page_body(page, MechanismListingOut())


@resources.route("/listings/<int:id>")
class OneListing(MethodView):
    """One need or offer of a mechanism."""

    @access("mechanism_listing.see", MechanismListing)
    @resources.response(200, MechanismListingOut)
    def get(self, row: MechanismListing) -> Any:
        """Show it."""
        return row

    @access("mechanism_listing.edit", MechanismListing)
    @resources.arguments(MechanismListingSchema(partial=True))
    @resources.response(200, MechanismListingOut)
    def patch(self, row: MechanismListing, data: dict[str, Any]) -> Any:
        """Change it."""
        with transaction():
            return actions.edit_listing(row, data)


@resources.route("/listings/<int:id>/steps")
class ListingSteps(MethodView):
    """The moves of a need or offer of a mechanism."""

    @access("mechanism_listing.see", MechanismListing)
    @resources.arguments(StepSchema)
    def post(self, row: MechanismListing, asked: dict[str, Any]) -> Any:
        """Renew it, say that it is answered, reopen it."""
        return post_step("mechanism_listing", row, actions.advance_listing, asked), 201
