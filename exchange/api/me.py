"""/api/v1/me"""

from typing import Any

from flask import g
from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.accounts import actions
from exchange.accounts.schemas import ProfileSchema
from exchange.api.schemas import OrganisationBrief
from exchange.directory.models import Person
from exchange.edge import access
from exchange.transaction import transaction

resources = Blueprint("api_me", __name__, url_prefix="/api/v1/me", description="Who asks")


class MyRoleOut(Schema):
    """An organisation somebody belongs to, and what they are in it."""

    organisation = fields.Nested(OrganisationBrief)
    role = fields.String()


class MeOut(Schema):
    """The person behind the token."""

    id = fields.Integer()
    name = fields.String()
    email = fields.String()
    language = fields.String()
    time_zone = fields.String()
    staff_role = fields.String(allow_none=True)
    section_code = fields.String(allow_none=True)
    affiliations = fields.List(fields.Nested(MyRoleOut))
    scopes = fields.Function(lambda _person: g.token.scopes, metadata={"type": "array"})


@resources.route("")
class Me(MethodView):
    """Oneself."""

    @access("account.manage")
    @resources.response(200, MeOut)
    def get(self) -> Any:
        """Show who the token belongs to."""
        return edge.signed_in()

    @access("account.manage")
    @resources.arguments(ProfileSchema(partial=True))
    @resources.response(200, MeOut)
    def patch(self, data: dict[str, Any]) -> Person:
        """Change one's name, language or time zone."""
        with transaction():
            actions.edit_profile(edge.signed_in(), data)
        return edge.signed_in()
