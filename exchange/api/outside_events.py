"""/api/v1/events: events of other associations, and what they clash with."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.schemas import OrganisationBrief
from exchange.edge import access
from exchange.forums.plans import planned_forums
from exchange.listing import page_of
from exchange.mechanisms import actions, queries
from exchange.mechanisms.clashes import clashes
from exchange.mechanisms.models import OutsideEvent
from exchange.mechanisms.schemas import OutsideEventFilter, OutsideEventSchema
from exchange.schemas import Codes
from exchange.transaction import transaction
from exchange.visits.models import Visit

resources = Blueprint(
    "api_outside_events",
    __name__,
    url_prefix="/api/v1/events",
    description="Events of other associations",
)


class OutsideEventOut(Schema):
    """An event of another association."""

    id = fields.Integer()
    organiser = fields.String()
    title = fields.String()
    language = fields.String()
    partner = fields.Nested(OrganisationBrief, allow_none=True)
    themes = Codes("theme")
    place = fields.String()
    starts_on = fields.Date()
    ends_on = fields.Date()
    url = fields.String()


class PlanOut(Schema):
    """Something planned: ``page`` tells a visit from an edition of the forum."""

    page = fields.String()
    id = fields.Integer()
    title = fields.Dict(keys=fields.String(), values=fields.String())
    starts_on = fields.Date()
    ends_on = fields.Date()


class ClashOut(Schema):
    """A plan and an event that want the same people; ``apart`` in days."""

    plan = fields.Nested(PlanOut)
    event = fields.Nested(OutsideEventOut)
    same_partner = fields.Boolean()
    themes = fields.List(fields.String())
    apart = fields.Integer()


@resources.route("")
class OutsideEvents(MethodView):
    """The register of events."""

    @access("outside_event.see")
    @resources.arguments(OutsideEventFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List events to come."""
        query = queries.events(policy.scoped(OutsideEvent, edge.actor()), filters)
        page = page_of(query, {"sort": queries.FIRST_ON, **filters}, queries.EVENT_SORTS)
        return page_body(page, OutsideEventOut())

    @access("outside_event.add")
    @resources.arguments(OutsideEventSchema)
    @resources.response(201, OutsideEventOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Write one down."""
        with transaction():
            return actions.add_event(data, actor=edge.actor())


@resources.route("/clashes")
class Clashes(MethodView):
    """What is planned at the time of an event with the same partner or theme."""

    @access("outside_event.see")
    @resources.response(200, ClashOut(many=True))
    def get(self) -> Any:
        """Every clash, the first plan first."""
        plans = [*queries.planned_visits(policy.scoped(Visit, edge.actor())), *planned_forums()]
        return clashes(plans, queries.coming_events())


@resources.route("/<int:id>")
class OneOutsideEvent(MethodView):
    """One event."""

    @access("outside_event.see", OutsideEvent)
    @resources.response(200, OutsideEventOut)
    def get(self, row: OutsideEvent) -> Any:
        """Show it."""
        return row

    @access("outside_event.edit", OutsideEvent)
    @resources.arguments(OutsideEventSchema(partial=True))
    @resources.response(200, OutsideEventOut)
    def patch(self, row: OutsideEvent, data: dict[str, Any]) -> Any:
        """Change it."""
        with transaction():
            return actions.edit_event(row, data)
