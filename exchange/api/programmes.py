"""/api/v1/programmes"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, labels, policy
from exchange.api.listing import page_body
from exchange.catalogue.queries import open_needs
from exchange.edge import access
from exchange.listing import page_of
from exchange.programmes import actions, queries
from exchange.programmes.models import GENERAL, Programme
from exchange.programmes.schemas import ProgrammeEditSchema, ProgrammeFilter, ProgrammeSchema
from exchange.transaction import transaction

resources = Blueprint(
    "api_programmes", __name__, url_prefix="/api/v1/programmes", description="Programmes"
)


class NetworkOut(Schema):
    """Who asks the cities whose needs name no programme."""

    code = fields.Constant(GENERAL)
    mode = fields.Function(str)
    mode_means = fields.Function(lambda mode: str(labels.MODES[mode]))


class ProgrammeBriefOut(Schema):
    """A programme in the list. ``mode``: who asks the cities."""

    id = fields.Integer()
    code = fields.String()
    titles = fields.Dict(keys=fields.String(), values=fields.String())
    mode = fields.String()
    open = fields.Boolean()
    demo = fields.Boolean()


class ProgrammeOut(ProgrammeBriefOut):
    """A programme, and how many of its needs are published."""

    mode_means = fields.Function(lambda programme: str(labels.MODES[programme.mode]))
    published_needs = fields.Function(lambda programme: open_needs(programme.id))


@resources.route("")
class Programmes(MethodView):
    """The programmes; the network at large is at ``network``."""

    @access("programme.see")
    @resources.arguments(ProgrammeFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List programmes."""
        query = queries.listed(policy.scoped(Programme, edge.actor()), filters)
        return page_body(page_of(query, filters, queries.SORTS), ProgrammeBriefOut())

    @access("programme.edit")
    @resources.arguments(ProgrammeSchema)
    @resources.response(201, ProgrammeOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Make a programme."""
        with transaction():
            return actions.create(data)


@resources.route("/<int:id>")
class OneProgramme(MethodView):
    """One programme."""

    @access("programme.see", Programme)
    @resources.response(200, ProgrammeOut)
    def get(self, programme: Programme) -> Any:
        """Show a programme."""
        return programme

    @access("programme.edit", Programme)
    @resources.arguments(ProgrammeEditSchema(partial=True))
    @resources.response(200, ProgrammeOut)
    def patch(self, programme: Programme, data: dict[str, Any]) -> Any:
        """Change a programme, close it or open it again."""
        with transaction():
            return actions.edit(programme, data)


@resources.route("/network")
class Network(MethodView):
    """The network at large: needs that name no programme."""

    @access("programme.see")
    @resources.response(200, NetworkOut)
    def get(self) -> Any:
        """Who asks the cities whose needs name no programme."""
        return queries.mode_of(None)

    @access("programme.edit")
    @resources.arguments(ProgrammeEditSchema(only=["mode"]))
    @resources.response(200, NetworkOut)
    def put(self, data: dict[str, Any]) -> Any:
        """Change it."""
        with transaction():
            actions.edit(actions.general(), data)
        return queries.mode_of(None)
