"""/api/v1/forums/…/guests: the list at the door."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange.api.listing import page_body
from exchange.api.schemas import OrganisationBrief
from exchange.edge import access
from exchange.edge_seen import shown
from exchange.forums import arrivals, queries
from exchange.forums.models import Forum
from exchange.forums.schemas import GuestFilter, GuestSchema
from exchange.listing import page_of
from exchange.transaction import transaction

resources = Blueprint(
    "api_forum_guests", __name__, url_prefix="/api/v1/forums", description="Who is at the forum"
)


class GuestOut(Schema):
    """Somebody who is expected, or came."""

    id = fields.Integer()
    name = fields.String()
    organisation = fields.Nested(OrganisationBrief, allow_none=True)
    organisation_name = fields.String()
    arrived_at = fields.AwareDateTime(allow_none=True)


@resources.route("/<int:id>/guests")
class Guests(MethodView):
    """The list at the door."""

    @access("forum.check_in", Forum)
    @resources.arguments(GuestFilter, location="query")
    def get(self, forum: Forum, filters: dict[str, Any]) -> Any:
        """List who is expected and who is here."""
        page = page_of(queries.guests(forum, filters), filters, queries.GUEST_SORTS)
        shown(*page.items)
        return page_body(page, GuestOut())

    @access("forum.check_in", Forum)
    @resources.arguments(GuestSchema)
    @resources.response(201, GuestOut)
    def post(self, forum: Forum, data: dict[str, Any]) -> Any:
        """Write somebody on the list."""
        with transaction():
            return arrivals.expect(forum, data)


@resources.route("/<int:id>/guests/<int:guest_id>")
class OneGuest(MethodView):
    """Somebody on the list."""

    @access("forum.check_in", Forum)
    @resources.response(204)
    def delete(self, forum: Forum, guest_id: int) -> None:
        """Take somebody off the list."""
        with transaction():
            arrivals.remove(queries.guest_of(forum, guest_id))


@resources.route("/<int:id>/guests/<int:guest_id>/arrival")
class Arrival(MethodView):
    """Whether a guest is here."""

    @access("forum.check_in", Forum)
    @resources.response(200, GuestOut)
    def post(self, forum: Forum, guest_id: int) -> Any:
        """This guest is here; twice is once."""
        with transaction():
            return arrivals.arrive(queries.guest_of(forum, guest_id))

    @access("forum.check_in", Forum)
    @resources.response(200, GuestOut)
    def delete(self, forum: Forum, guest_id: int) -> Any:
        """The wrong button was pressed."""
        with transaction():
            return arrivals.take_back(queries.guest_of(forum, guest_id))
