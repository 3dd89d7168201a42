"""/api/v1/organisations, their memberships, and the places they can be made from"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.schemas import OrganisationBrief
from exchange.directory import actions, queries
from exchange.directory.models import Membership, Organisation
from exchange.directory.schemas import (
    MembershipSchema,
    OrganisationFilter,
    OrganisationSchema,
    PlaceFilter,
)
from exchange.edge import access
from exchange.listing import page_of
from exchange.transaction import transaction
from exchange.vocabularies.queries import PLACE_SORTS, places_like

resources = Blueprint(
    "api_organisations", __name__, url_prefix="/api/v1", description="Organisations"
)


class OrganisationOut(OrganisationBrief):
    """An organisation."""

    short_name = fields.String()
    level = fields.String(allow_none=True)
    place_id = fields.Integer(allow_none=True)
    time_zone = fields.Function(lambda row: row.place.time_zone if row.place else None)
    population = fields.Integer(allow_none=True)
    languages = fields.Function(lambda row: [t.code for t in row.tagged("language")])
    sections = fields.Function(lambda row: [t.code for t in row.tagged("section")])
    website = fields.String()
    external_id = fields.String(allow_none=True)
    contact_id = fields.Integer(allow_none=True)
    contact_name = fields.Function(lambda row: row.contact.name if row.contact else None)
    demo = fields.Boolean()


class MembershipOut(Schema):
    """A membership: the member, and the body it belongs to."""

    id = fields.Integer()
    member = fields.Nested(OrganisationBrief)
    body = fields.Nested(OrganisationBrief)


class PlaceOut(Schema):
    """A city of GeoNames."""

    id = fields.Integer(metadata={"description": "GeoNames id"})
    name = fields.String()
    country_code = fields.String()
    lat = fields.Float()
    lon = fields.Float()
    population = fields.Integer()
    time_zone = fields.String()


@resources.route("/organisations")
class Organisations(MethodView):
    """The list of organisations."""

    @access("organisation.see")
    @resources.arguments(OrganisationFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List organisations."""
        query = queries.listed(policy.scoped(Organisation, edge.actor()), filters, edge.actor())
        return page_body(page_of(query, filters, queries.ORGANISATION_SORTS), OrganisationOut())

    @access("organisation.create")
    @resources.arguments(OrganisationSchema)
    @resources.response(201, OrganisationOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Write an organisation."""
        with transaction():
            return actions.create(data, actor=edge.signed_in())


@resources.route("/organisations/<int:id>")
class OneOrganisation(MethodView):
    """One organisation."""

    @access("organisation.see", Organisation)
    @resources.response(200, OrganisationOut)
    def get(self, organisation: Organisation) -> Any:
        """Show an organisation."""
        return organisation

    @access("organisation.edit", Organisation)
    @resources.arguments(OrganisationSchema(partial=True))
    @resources.response(200, OrganisationOut)
    def patch(self, organisation: Organisation, data: dict[str, Any]) -> Any:
        """Change an organisation."""
        with transaction():
            actions.edit(organisation, data, actor=edge.signed_in())
        return organisation

    @access("organisation.delete", Organisation)
    @resources.response(204)
    def delete(self, organisation: Organisation) -> None:
        """Delete an organisation that is used nowhere."""
        with transaction():
            actions.delete(organisation, actor=edge.signed_in())


@resources.route("/organisations/<int:id>/memberships")
class Memberships(MethodView):
    """What an organisation belongs to."""

    @access("organisation.see", Organisation)
    @resources.response(200, MembershipOut(many=True))
    def get(self, organisation: Organisation) -> Any:
        """List what an organisation belongs to."""
        return queries.memberships_of(organisation.id)

    @access("membership.add", Organisation)
    @resources.arguments(MembershipSchema)
    @resources.response(201, MembershipOut)
    def post(self, organisation: Organisation, data: dict[str, Any]) -> Any:
        """Record that an organisation belongs to another."""
        with transaction():
            return actions.add_membership(organisation, data["body_id"], actor=edge.signed_in())


@resources.route("/memberships/<int:id>")
class OneMembership(MethodView):
    """One membership."""

    @access("membership.end", Membership)
    @resources.response(204)
    def delete(self, membership: Membership) -> None:
        """End a membership."""
        with transaction():
            actions.end_membership(membership, actor=edge.signed_in())


@resources.route("/places")
class Places(MethodView):
    """The cities of GeoNames."""

    @access("place.see")
    @resources.arguments(PlaceFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """Find a city; accents and case are forgiven, the largest come first."""
        largest_first = {"sort": "-population", **filters}
        return page_body(page_of(places_like(filters), largest_first, PLACE_SORTS), PlaceOut())
