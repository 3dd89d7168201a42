"""/api/v1/workspaces: the workspace of an association or a section."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.api.challenges import ChallengeOut
from exchange.api.schemas import NeedOut, OfferOut, OrganisationBrief
from exchange.dashboards.workspace import workspace
from exchange.directory.models import Organisation
from exchange.edge import access
from exchange.errors import NotFound
from exchange.exchanges.queries import BUNDLERS

resources = Blueprint(
    "api_workspaces", __name__, url_prefix="/api/v1/workspaces", description="Workspaces"
)


class FiguresOut(Schema):
    """How the body does."""

    members = fields.Integer()
    needs = fields.Integer()
    needs_answered = fields.Integer()
    visits = fields.Integer()
    follow_ups_asked = fields.Integer()
    follow_ups_answered = fields.Integer()
    gave = fields.Integer()
    received = fields.Integer()


class ToldUpwardsOut(Schema):
    """A reminder that went up to this body."""

    kind = fields.String()
    noun = fields.String()
    id = fields.Integer()
    title = fields.String()
    sent_at = fields.AwareDateTime(allow_none=True)


class RunningOut(Schema):
    """An exchange of its members."""

    id = fields.Integer()
    reference = fields.String()
    title = fields.String()
    state = fields.String()
    due_on = fields.Date(allow_none=True)


class WorkspaceOut(Schema):
    """All that the page shows."""

    body = fields.Nested(OrganisationBrief)
    figures = fields.Nested(FiguresOut)
    needs = fields.Nested(NeedOut, many=True)
    offers = fields.Nested(OfferOut, many=True)
    running = fields.Nested(RunningOut, many=True)
    told = fields.Nested(ToldUpwardsOut, many=True)
    challenges = fields.Nested(ChallengeOut, many=True)


@resources.route("/<int:id>")
class OneWorkspace(MethodView):
    """A workspace."""

    @access("workspace.see", Organisation)
    @resources.response(200, WorkspaceOut)
    def get(self, body: Organisation) -> Any:
        """Show the workspace of an association or a section."""
        if body.kind not in BUNDLERS:
            raise NotFound("not_found")
        return workspace(body, edge.signed_in())
