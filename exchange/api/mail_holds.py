"""/api/v1/exchanges/<id>/mail-holds: the mails of an exchange wait for approval."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.edge import access
from exchange.exchanges.models import Exchange
from exchange.messages import holds
from exchange.messages.models import MailHold
from exchange.schemas import Flag
from exchange.schemas import Schema as SchemaIn
from exchange.transaction import transaction

resources = Blueprint("api_mail_holds", __name__, url_prefix="/api/v1", description="Held mails")


class MailHoldOut(Schema):
    """A hold: of all mails, or of those written while the exchange stays in ``state``."""

    id = fields.Integer()
    exchange_id = fields.Integer()
    state = fields.String()
    author_id = fields.Integer(allow_none=True)
    created_at = fields.DateTime()
    ended_at = fields.DateTime(allow_none=True)


class MailHoldSchema(SchemaIn):
    """What is held: all mails of the exchange, or those of the step that it made last."""

    last_step = Flag(load_default=False)


@resources.route("/exchanges/<int:id>/mail-holds")
class MailHolds(MethodView):
    """The holds of an exchange."""

    @access("message.hold", Exchange)
    @resources.response(200, MailHoldOut(many=True))
    def get(self, exchange: Exchange) -> Any:
        """List the holds that apply now."""
        return holds.holds_of(exchange)

    @access("message.hold", Exchange)
    @resources.arguments(MailHoldSchema)
    @resources.response(201, MailHoldOut)
    def post(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Hold the mails that are written from now on, and those that still wait when it is all."""
        begin = holds.hold_step if data["last_step"] else holds.hold
        with transaction():
            return begin(exchange, actor=edge.signed_in())


@resources.route("/mail-holds/<int:id>")
class OneMailHold(MethodView):
    """One hold."""

    @access("message.hold", MailHold)
    @resources.response(200, MailHoldOut)
    def delete(self, hold: MailHold) -> Any:
        """Hold no more; what is held already still waits to be approved or dropped."""
        with transaction():
            holds.end(hold, actor=edge.signed_in())
        return hold
