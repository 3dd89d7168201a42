"""Reading webhooks and their deliveries."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select
from sqlalchemy.orm import joinedload

from exchange.directory.models import Person
from exchange.extensions import db
from exchange.webhooks.models import Webhook, WebhookDelivery
from workflows.webhook_delivery import WebhookDeliveryState

SORTS = {"newest": Webhook.id}
DELIVERY_SORTS = {"newest": WebhookDelivery.id, "next": WebhookDelivery.next_try_at}


def listed(query: Select[Any], filters: Mapping[str, Any]) -> Select[Any]:
    """Narrow a list of webhooks; each brings its organisation."""
    if "switched_off" in filters:
        off = Webhook.disabled_at.is_not(None)
        query = query.where(off if filters["switched_off"] else ~off)
    if words := filters.get("q"):
        query = query.where(Webhook.url.icontains(words, autoescape=True))
    return query.options(joinedload(Webhook.organisation))


def deliveries_of(webhook: Webhook, filters: Mapping[str, Any]) -> Select[Any]:
    """The deliveries of a webhook, those in one state or of one event."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id)
    if state := filters.get("state"):
        query = query.where(WebhookDelivery.state == state)
    if words := filters.get("q"):
        query = query.where(WebhookDelivery.event.icontains(words, autoescape=True))
    return query


def active_ids() -> Sequence[int]:
    """Webhooks that are told of things, and whose maker is still there."""
    there = Webhook.person.has(Person.disabled_at.is_(None))
    query = select(Webhook.id).where(Webhook.disabled_at.is_(None), there)
    return db.session.scalars(query.order_by(Webhook.id)).all()


def known_keys(webhook: Webhook, keys: Sequence[str]) -> set[str]:
    """Which of ``keys`` are written down already."""
    query = select(WebhookDelivery.key).where(
        WebhookDelivery.webhook_id == webhook.id, WebhookDelivery.key.in_(keys)
    )
    return set(db.session.scalars(query))


def due(at: datetime) -> ColumnElement[bool]:
    """Which deliveries are to be sent by now, or were claimed by a worker that is gone."""
    waits = and_(
        WebhookDelivery.state == WebhookDeliveryState.waiting, WebhookDelivery.next_try_at <= at
    )
    abandoned = and_(
        WebhookDelivery.state == WebhookDeliveryState.sending, WebhookDelivery.claimed_until <= at
    )
    return or_(waits, abandoned) & WebhookDelivery.webhook.has(Webhook.disabled_at.is_(None))


def to_claim(at: datetime, limit: int) -> Sequence[WebhookDelivery]:
    """Deliveries that are due or whose claim ran out, locked; those others lock are left out."""
    query = (
        select(WebhookDelivery)
        .join(WebhookDelivery.webhook)
        .where(due(at))
        .order_by(WebhookDelivery.next_try_at, WebhookDelivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=WebhookDelivery)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()
