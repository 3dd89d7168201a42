"""/api/v1/forums"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import described, page_body
from exchange.api.schemas import OrganisationBrief
from exchange.edge import access
from exchange.forums import actions, queries
from exchange.forums.models import Forum
from exchange.forums.schemas import (
    CohortSchema,
    ForumFilter,
    ForumSchema,
    ForumSessionSchema,
    ShiftSchema,
    SpeakerSchema,
)
from exchange.listing import page_of
from exchange.transaction import transaction

resources = Blueprint(
    "api_forums", __name__, url_prefix="/api/v1/forums", description="Learning Forum"
)


class ForumSessionOut(Schema):
    """A slot of the programme."""

    id = fields.Integer()
    part = fields.Dict(keys=fields.String(), values=fields.String())
    day = fields.Date()
    starts_at = fields.Time(format="%H:%M")
    ends_at = fields.Time(format="%H:%M")
    titles = fields.Dict(keys=fields.String(), values=fields.String())
    texts = fields.Dict(keys=fields.String(), values=fields.String())
    is_break = fields.Boolean()
    speakers = fields.Nested(OrganisationBrief, many=True)


class CohortOut(Schema):
    """An organisation of the cohort."""

    id = fields.Integer()
    organisation = fields.Nested(OrganisationBrief)


class ForumFactsOut(Schema):
    """What an edition is, in the list and on its own."""

    id = fields.Integer()
    code = fields.String()
    titles = fields.Dict(keys=fields.String(), values=fields.String())
    place = fields.String()
    starts_on = fields.Date()
    ends_on = fields.Date()
    time_zone = fields.String()
    is_public = fields.Boolean()
    demo = fields.Boolean()


class ForumBriefOut(ForumFactsOut):
    """An edition in the list, with how many sessions it has and how many took part."""

    sessions = fields.Function(lambda forum: len(forum.sessions), metadata={"type": "integer"})
    attendances = fields.Function(
        lambda forum: len(forum.attendances), metadata={"type": "integer"}
    )


class ForumPage(Schema):
    """A page of the list."""

    items = fields.Nested(ForumBriefOut, many=True)
    page = fields.Integer()
    size = fields.Integer()
    pages = fields.Integer()
    total = fields.Integer()


class ForumOut(ForumFactsOut):
    """An edition with its programme and its cohort."""

    outcomes = fields.List(fields.Dict(keys=fields.String(), values=fields.String()))
    rules = fields.Dict(keys=fields.String(), values=fields.String())
    sessions = fields.Nested(ForumSessionOut, many=True)
    attendances = fields.Nested(CohortOut, many=True)


@resources.route("")
class Forums(MethodView):
    """The editions."""

    @access("forum.see")
    @resources.doc(**described(ForumPage, "A page of the list."))
    @resources.arguments(ForumFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List editions, the newest first."""
        query = queries.listed(policy.scoped(Forum, edge.actor()), filters)
        page = page_of(query, {"sort": queries.NEWEST_FIRST, **filters}, queries.SORTS)
        return page_body(page, ForumBriefOut())

    @access("forum.edit")
    @resources.arguments(ForumSchema)
    @resources.response(201, ForumOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Make an edition."""
        with transaction():
            return actions.create(data)


@resources.route("/<int:id>")
class OneForum(MethodView):
    """One edition."""

    @access("forum.see", Forum, load=queries.whole)
    @resources.response(200, ForumOut)
    def get(self, forum: Forum) -> Any:
        """Show an edition with its programme and its cohort."""
        return forum

    @access("forum.edit", Forum)
    @resources.arguments(ForumSchema(partial=True))
    @resources.response(200, ForumOut)
    def patch(self, forum: Forum, data: dict[str, Any]) -> Any:
        """Change an edition."""
        with transaction():
            return actions.edit(forum, data)


@resources.route("/<int:id>/sessions")
class ForumSessions(MethodView):
    """The programme."""

    @access("forum.edit", Forum)
    @resources.arguments(ForumSessionSchema)
    @resources.response(201, ForumSessionOut)
    def post(self, forum: Forum, data: dict[str, Any]) -> Any:
        """Add a slot to the programme."""
        with transaction():
            return actions.add_session(forum, data)


@resources.route("/<int:id>/sessions/<int:session_id>")
class OneForumSession(MethodView):
    """A slot of the programme."""

    @access("forum.edit", Forum)
    @resources.arguments(ForumSessionSchema(partial=True))
    @resources.response(200, ForumSessionOut)
    def patch(self, forum: Forum, data: dict[str, Any], session_id: int) -> Any:
        """Change a slot."""
        row = queries.session_of(forum, session_id)
        with transaction():
            return actions.edit_session(forum, row, data)

    @access("forum.edit", Forum)
    @resources.response(204)
    def delete(self, forum: Forum, session_id: int) -> None:
        """Take a slot out."""
        with transaction():
            actions.remove_session(forum, queries.session_of(forum, session_id))


@resources.route("/<int:id>/sessions/<int:session_id>/shift")
class Shift(MethodView):
    """A session and all that follow it on its day."""

    @access("forum.edit", Forum)
    @resources.arguments(ShiftSchema)
    @resources.response(200, ForumSessionOut(many=True))
    def post(self, forum: Forum, data: dict[str, Any], session_id: int) -> Any:
        """Begin earlier or later by so many minutes; answers the whole programme."""
        row = queries.session_of(forum, session_id)
        with transaction():
            actions.shift(forum, row, data["minutes"])
        return forum.sessions


@resources.route("/<int:id>/sessions/<int:session_id>/speakers")
class Speakers(MethodView):
    """The organisations that speak in a session."""

    @access("forum.edit", Forum)
    @resources.arguments(SpeakerSchema)
    @resources.response(201, ForumSessionOut)
    def post(self, forum: Forum, data: dict[str, Any], session_id: int) -> Any:
        """Name one; twice is once."""
        row = queries.session_of(forum, session_id)
        with transaction():
            return actions.add_speaker(row, data["organisation_id"])


@resources.route("/<int:id>/sessions/<int:session_id>/speakers/<int:organisation_id>")
class OneSpeaker(MethodView):
    """An organisation that speaks in a session."""

    @access("forum.edit", Forum)
    @resources.response(204)
    def delete(self, forum: Forum, session_id: int, organisation_id: int) -> None:
        """Take it out."""
        row = queries.session_of(forum, session_id)
        with transaction():
            actions.remove_speaker(row, organisation_id)


@resources.route("/<int:id>/attendances")
class Attendances(MethodView):
    """The cohort."""

    @access("forum.edit", Forum)
    @resources.arguments(CohortSchema)
    @resources.response(201, CohortOut)
    def post(self, forum: Forum, data: dict[str, Any]) -> Any:
        """Count an organisation to the cohort; twice is once."""
        with transaction():
            return actions.add_attendance(forum, data["organisation_id"])


@resources.route("/<int:id>/attendances/<int:attendance_id>")
class OneAttendance(MethodView):
    """An organisation of the cohort."""

    @access("forum.edit", Forum)
    @resources.response(204)
    def delete(self, forum: Forum, attendance_id: int) -> None:
        """Take an organisation out of the cohort."""
        with transaction():
            actions.remove_attendance(forum, queries.attendance_of(forum, attendance_id))
