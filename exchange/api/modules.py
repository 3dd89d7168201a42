"""/api/v1/modules: the catalogue of learning modules."""

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
from exchange.modules import actions, queries
from exchange.modules.models import Delivery, Module, ModulePartner, ModuleVersion
from exchange.modules.schemas import (
    DeliverySchema,
    ModuleFilter,
    ModuleSchema,
    PartnerSchema,
    VersionSchema,
)
from exchange.schemas import StepSchema
from exchange.transaction import transaction

resources = Blueprint(
    "api_modules", __name__, url_prefix="/api/v1/modules", description="Learning modules"
)


class ModuleVersionOut(Schema):
    """A version of a module."""

    id = fields.Integer()
    number = fields.String()
    languages = fields.List(fields.String())
    released_on = fields.Date()
    url = fields.String()
    changes = fields.String()
    language = fields.String()


class ModulePartnerOut(Schema):
    """An organisation, and one of its parts in a module."""

    id = fields.Integer()
    organisation = fields.Nested(OrganisationBrief)
    part = fields.String()


class DeliveryOut(Schema):
    """A time that a module was given."""

    id = fields.Integer()
    kind = fields.String()
    mode = fields.String()
    place = fields.String()
    starts_on = fields.Date()
    ends_on = fields.Date()
    language = fields.String(allow_none=True)
    participants = fields.Integer(allow_none=True)
    women = fields.Integer(allow_none=True)
    men = fields.Integer(allow_none=True)
    evaluation = fields.Float(allow_none=True)
    url = fields.String()
    exchange_id = fields.Integer(allow_none=True)


class ModuleOut(Schema):
    """A module with all that belongs to it; ``topic_ids`` are what it grew from."""

    id = fields.Integer()
    code = fields.String()
    titles = fields.Dict()
    texts = fields.Dict()
    depth = fields.String()
    state = fields.String()
    themes = fields.Function(lambda row: [t.code for t in row.tagged("theme")])
    agendas = fields.Function(lambda row: [t.code for t in row.tagged("agenda")])
    axis_id = fields.Integer(allow_none=True)
    versions = fields.List(fields.Nested(ModuleVersionOut))
    partners = fields.List(fields.Nested(ModulePartnerOut))
    deliveries = fields.List(fields.Nested(DeliveryOut))
    topic_ids = fields.Function(lambda row: [topic.id for topic in row.topics])


@resources.route("")
class Modules(MethodView):
    """The catalogue."""

    @access("module.see")
    @resources.arguments(ModuleFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List modules, by their codes."""
        query = queries.listed(policy.scoped(Module, edge.actor()), filters)
        page = page_of(query, {"sort": queries.FIRST_CODE, **filters}, queries.SORTS)
        return page_body(page, ModuleOut())

    @access("module.edit")
    @resources.arguments(ModuleSchema)
    @resources.response(201, ModuleOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Write a module as a draft."""
        with transaction():
            return actions.create(data)


@resources.route("/<int:id>")
class OneModule(MethodView):
    """One module."""

    @access("module.see", Module, load=queries.whole)
    @resources.response(200, ModuleOut)
    def get(self, row: Module) -> Any:
        """Show a module."""
        return row

    @access("module.edit", Module)
    @resources.arguments(ModuleSchema(partial=True))
    @resources.response(200, ModuleOut)
    def patch(self, row: Module, data: dict[str, Any]) -> Any:
        """Change a module."""
        with transaction():
            return actions.edit(row, data)


@resources.route("/<int:id>/steps")
class ModuleSteps(MethodView):
    """The moves of a module."""

    @access("module.see", Module)
    @resources.arguments(StepSchema)
    def post(self, row: Module, asked: dict[str, Any]) -> Any:
        """Move a module one step."""
        return post_step("module", row, actions.advance_module, asked), 201


@resources.route("/<int:id>/versions")
class ModuleVersions(MethodView):
    """The versions of a module."""

    @access("module.edit", Module)
    @resources.arguments(VersionSchema)
    @resources.response(201, ModuleVersionOut)
    def post(self, row: Module, data: dict[str, Any]) -> Any:
        """Add a version."""
        with transaction():
            return actions.save_version(row, data)


@resources.route("/versions/<int:id>")
class OneModuleVersion(MethodView):
    """One version."""

    @access("module.edit", ModuleVersion)
    @resources.arguments(VersionSchema(partial=True))
    @resources.response(200, ModuleVersionOut)
    def patch(self, row: ModuleVersion, data: dict[str, Any]) -> Any:
        """Change a version."""
        with transaction():
            return actions.save_version(row.module, data, row)


@resources.route("/<int:id>/partners")
class ModulePartners(MethodView):
    """The partners of a module."""

    @access("module.edit", Module)
    @resources.arguments(PartnerSchema)
    @resources.response(201, ModulePartnerOut)
    def post(self, row: Module, data: dict[str, Any]) -> Any:
        """Name an organisation and one of its parts; once, however often."""
        with transaction():
            return actions.add_partner(row, data)


@resources.route("/partners/<int:id>")
class OneModulePartner(MethodView):
    """One partner."""

    @access("module.edit", ModulePartner)
    @resources.response(204)
    def delete(self, row: ModulePartner) -> None:
        """Take one part of an organisation away."""
        with transaction():
            actions.remove_partner(row)


@resources.route("/<int:id>/deliveries")
class ModuleDeliveries(MethodView):
    """The times that a module was given."""

    @access("module.edit", Module)
    @resources.arguments(DeliverySchema)
    @resources.response(201, DeliveryOut)
    def post(self, row: Module, data: dict[str, Any]) -> Any:
        """Write one down."""
        with transaction():
            return actions.save_delivery(row, data)


@resources.route("/deliveries/<int:id>")
class OneDelivery(MethodView):
    """One delivery."""

    @access("module.edit", Delivery)
    @resources.arguments(DeliverySchema(partial=True))
    @resources.response(200, DeliveryOut)
    def patch(self, row: Delivery, data: dict[str, Any]) -> Any:
        """Change it, or write down its evaluation."""
        with transaction():
            return actions.save_delivery(row.module, data, row)
