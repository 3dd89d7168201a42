"""/api/v1/webhooks and their deliveries"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.edge import access
from exchange.listing import page_of
from exchange.schemas import StepSchema
from exchange.transaction import transaction
from exchange.webhooks import actions, queries
from exchange.webhooks.models import Webhook, WebhookDelivery
from exchange.webhooks.schemas import (
    WebhookDeliveryFilter,
    WebhookEditSchema,
    WebhookFilter,
    WebhookSchema,
)

resources = Blueprint(
    "api_webhooks", __name__, url_prefix="/api/v1", description="Other programs are told"
)
NEWEST = "-newest"


class WebhookOut(Schema):
    """A webhook without its secret."""

    id = fields.Integer()
    organisation_id = fields.Integer(allow_none=True)
    person_id = fields.Integer()
    url = fields.String()
    told = fields.List(fields.String())
    failures = fields.Integer()
    disabled_at = fields.DateTime(allow_none=True)
    disabled_why = fields.String()
    created_at = fields.DateTime()


class WebhookSecretOut(WebhookOut):
    """A webhook with its secret, which is told this once."""

    secret = fields.String()


class WebhookDeliveryOut(Schema):
    """One thing that was to be told. ``status`` is what the other side answered last."""

    id = fields.Integer()
    webhook_id = fields.Integer()
    key = fields.String()
    event = fields.String()
    payload = fields.Dict()
    state = fields.String()
    attempts = fields.Integer()
    next_try_at = fields.DateTime()
    status = fields.Integer(allow_none=True)
    reason = fields.String()
    created_at = fields.DateTime()


def _with_secret(row: Webhook, secret: str) -> dict[str, Any]:
    """What the schema writes, for it alone: a row knows no secret in plain words."""
    return {name: getattr(row, name) for name in WebhookOut().fields} | {"secret": secret}


@resources.route("/webhooks")
class Webhooks(MethodView):
    """One's webhooks; staff see all."""

    @access("webhook.create")
    @resources.arguments(WebhookFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List webhooks, the newest first."""
        query = queries.listed(policy.scoped(Webhook, edge.actor()), filters)
        return page_body(page_of(query, {"sort": NEWEST, **filters}, queries.SORTS), WebhookOut())

    @access("webhook.create")
    @resources.arguments(WebhookSchema)
    @resources.response(201, WebhookSecretOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Set one up; its secret is told here and never again."""
        with transaction():
            return _with_secret(*actions.create(data, actor=edge.signed_in()))


@resources.route("/webhooks/<int:id>")
class OneWebhook(MethodView):
    """One webhook."""

    @access("webhook.see", Webhook)
    @resources.response(200, WebhookOut)
    def get(self, row: Webhook) -> Any:
        """Show a webhook."""
        return row

    @access("webhook.edit", Webhook)
    @resources.arguments(WebhookEditSchema(partial=True))
    @resources.response(200, WebhookOut)
    def patch(self, row: Webhook, data: dict[str, Any]) -> Any:
        """Change where it is, or what it is told of."""
        with transaction():
            return actions.change(row, data)

    @access("webhook.edit", Webhook)
    @resources.response(204)
    def delete(self, row: Webhook) -> None:
        """Remove a webhook and what it was told."""
        with transaction():
            actions.remove(row)


@resources.route("/webhooks/<int:id>/secret")
class WebhookSecret(MethodView):
    """The secret of a webhook."""

    @access("webhook.edit", Webhook)
    @resources.response(200, WebhookSecretOut)
    def post(self, row: Webhook) -> Any:
        """Give it another; for a day the old one signs beside it."""
        with transaction():
            return _with_secret(row, actions.renew_secret(row))


@resources.route("/webhooks/<int:id>/test")
class WebhookTest(MethodView):
    """Trying a webhook out."""

    @access("webhook.edit", Webhook)
    @resources.response(201, WebhookDeliveryOut)
    def post(self, row: Webhook) -> Any:
        """Have something sent that means nothing."""
        with transaction():
            return actions.test(row)


@resources.route("/webhooks/<int:id>/enable")
class WebhookEnabled(MethodView):
    """A webhook that was disabled because it failed."""

    @access("webhook.edit", Webhook)
    @resources.response(200, WebhookOut)
    def post(self, row: Webhook) -> Any:
        """Tell it again."""
        with transaction():
            actions.enable(row)
        return row


@resources.route("/webhooks/<int:id>/deliveries")
class WebhookDeliveries(MethodView):
    """What a webhook was told."""

    @access("webhook.see", Webhook)
    @resources.arguments(WebhookDeliveryFilter, location="query")
    def get(self, row: Webhook, filters: dict[str, Any]) -> Any:
        """List deliveries, the newest first."""
        query = queries.deliveries_of(row, filters)
        page = page_of(query, {"sort": NEWEST, **filters}, queries.DELIVERY_SORTS)
        return page_body(page, WebhookDeliveryOut())


@resources.route("/webhook-deliveries/<int:id>/steps")
class WebhookDeliverySteps(MethodView):
    """The moves of a delivery."""

    @access("webhook.see", WebhookDelivery)
    @resources.arguments(StepSchema)
    def post(self, row: WebhookDelivery, asked: dict[str, Any]) -> Any:
        """Send it again, or now what was put off."""
        return post_step("webhook_delivery", row, actions.advance, asked), 201
