"""What a webhook looks like on a form and in the API."""

from exchange.schemas import Choice, Filter, Flag, Link, RowId, Schema
from workflows.webhook_delivery import WebhookDeliveryState


class WebhookEditSchema(Schema):
    """Where it is, and what it is told of."""

    url = Link(required=True, longest=500, metadata={"words": "webhook_url"})
    exchanges = Flag(load_default=False, metadata={"words": "webhook_exchanges"})
    matches = Flag(load_default=False, metadata={"words": "webhook_matches"})
    visits = Flag(load_default=False, metadata={"words": "webhook_visits"})


class WebhookSchema(WebhookEditSchema):
    """The same, and whose it is: of an organisation, or of the staff."""

    organisation_id = RowId(
        "my_organisations", allow_none=True, metadata={"words": "webhook_organisation"}
    )


class WebhookFilter(Filter):
    """How the list of webhooks is narrowed."""

    switched_off = Flag()


class WebhookDeliveryFilter(Filter):
    """How the list of what a webhook was told is narrowed."""

    state = Choice(WebhookDeliveryState)
