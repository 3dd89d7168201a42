"""/api/v1/me/tokens: listed and revoked here; made only on the page, by somebody who signed in, so
that a leaked token cannot make another one.
"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.accounts import actions, queries
from exchange.accounts.models import ApiToken
from exchange.edge import access
from exchange.transaction import transaction

resources = Blueprint(
    "api_tokens", __name__, url_prefix="/api/v1/me/tokens", description="One's own tokens"
)


class TokenOut(Schema):
    """A token without its secret."""

    id = fields.Integer()
    name = fields.String()
    scopes = fields.List(fields.String())
    created_at = fields.DateTime()
    used_at = fields.DateTime(allow_none=True)


@resources.route("")
class Tokens(MethodView):
    """The tokens of the person who asks."""

    @access("account.manage")
    @resources.response(200, TokenOut(many=True))
    def get(self) -> Any:
        """List one's tokens."""
        return queries.tokens_of(edge.signed_in())


@resources.route("/<int:id>")
class OneToken(MethodView):
    """One token."""

    @access("token.revoke", ApiToken)
    @resources.response(204)
    def delete(self, token: ApiToken) -> None:
        """Revoke a token."""
        with transaction():
            actions.revoke_token(token)
