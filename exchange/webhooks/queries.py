"""Reading webhooks and their deliveries."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import joinedload

from exchange import policy
from exchange.directory.models import Person
from exchange.extensions import db
from exchange.webhooks.models import Webhook, WebhookDelivery
from workflows.webhook_delivery import WebhookDeliveryState

MOST, NEWEST = 200, 50


def of(actor: Person | None) -> Sequence[Webhook]:
    """The webhooks that ``actor`` may know of, the newest first; one statement."""
    query = policy.scoped(Webhook, actor).options(joinedload(Webhook.organisation))
    return db.session.scalars(query.order_by(Webhook.id.desc()).limit(MOST)).all()


def deliveries_of(webhook: Webhook) -> Sequence[WebhookDelivery]:
    """The newest deliveries; one statement."""
    query = select(WebhookDelivery).where(WebhookDelivery.webhook_id == webhook.id)
    return db.session.scalars(query.order_by(WebhookDelivery.id.desc()).limit(NEWEST)).all()


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


def to_claim(at: datetime, limit: int) -> Sequence[WebhookDelivery]:
    """Deliveries that are due or whose claim ran out, locked; those others lock are left out."""
    due = and_(
        WebhookDelivery.state == WebhookDeliveryState.waiting, WebhookDelivery.next_try_at <= at
    )
    abandoned = and_(
        WebhookDelivery.state == WebhookDeliveryState.sending, WebhookDelivery.claimed_until <= at
    )
    query = (
        select(WebhookDelivery)
        .join(WebhookDelivery.webhook)
        .where(or_(due, abandoned), Webhook.disabled_at.is_(None))
        .order_by(WebhookDelivery.next_try_at, WebhookDelivery.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=WebhookDelivery)
        .execution_options(populate_existing=True)
    )
    return db.session.scalars(query).all()
