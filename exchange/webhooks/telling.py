"""Writing down what webhooks are to be told: from the steps and visits that are there, so that no
crash and no lost nudge leaves anything out. The caller commits.

Steps of others may be committed late, with a time that lies before our last look: each look goes
back ten minutes, and what is written down already is found by its key.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, select

from exchange import policy
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.matching.models import Match
from exchange.messages.house import absolute
from exchange.steps import Step
from exchange.visits.models import Visit
from exchange.webhooks.models import Told, Webhook, WebhookDelivery
from exchange.webhooks.queries import known_keys
from workflows.webhook_delivery import WebhookDeliveryState

OVERLAP = timedelta(minutes=10)
# A webhook that was disabled for longer is not told what happened before.
LONGEST_LOOK = timedelta(days=7)
KEPT = timedelta(days=30)
AT_ONCE = 500
MOVING: dict[Told, tuple[Any, str, str]] = {
    Told.exchanges: (Exchange, "exchange", "exchanges"),
    Told.matches: (Match, "match", "matches"),
}


class Happened(NamedTuple):
    """One thing to tell: its key, its name, when, and what is told of it."""

    key: str
    event: str
    at: datetime
    facts: dict[str, Any]


def tell(webhook: Webhook, at: datetime) -> int:
    """Write down what happened since the last look, as far as its maker may know of it; return how
    much that was. The webhook is locked."""
    since = max(webhook.seen_until - OVERLAP, at - LONGEST_LOOK, webhook.created_at)
    found = sorted(_happened(webhook, since), key=lambda one: one.at)
    known = known_keys(webhook, [one.key for one in found]) if found else set()
    new = [one for one in found if one.key not in known]
    db.session.add_all(_delivery(webhook, one) for one in new)
    # When there was more than one look takes, the next one goes on where this one ended.
    full = len(found) >= AT_ONCE
    webhook.seen_until = min(at, found[-1].at + OVERLAP) if full and new else at
    db.session.flush()
    return len(new)


def _happened(webhook: Webhook, since: datetime) -> Iterable[Happened]:
    for told, (model, noun, path) in MOVING.items():
        if told in webhook.told:
            yield from _steps(webhook, since, (model, noun, path))
    if Told.visits in webhook.told:
        yield from _visits(webhook, since)


def _steps(webhook: Webhook, since: datetime, of: tuple[Any, str, str]) -> Iterator[Happened]:
    model, noun, path = of
    seen = policy.scoped(model, webhook.person).with_only_columns(model.id)
    query = (
        select(
            Step.id, Step.trigger, Step.from_state, Step.to_state, Step.happened_at, Step.subject_id
        )
        .where(Step.subject_type == noun, Step.happened_at > since, Step.subject_id.in_(seen))
        .order_by(Step.happened_at, Step.id)
        .limit(AT_ONCE)
    )
    for row in db.session.execute(query):
        facts = {"from_state": row.from_state, "state": row.to_state}
        yield Happened(
            f"step-{row.id}",
            f"{noun}.{row.trigger}",
            row.happened_at,
            facts | _subject(noun, path, row.subject_id),
        )


def _visits(webhook: Webhook, since: datetime) -> Iterator[Happened]:
    """A visit has no table of moves: it is planned, and it changes."""
    query = (
        policy.scoped(Visit, webhook.person)
        .with_only_columns(Visit.id, Visit.exchange_id, Visit.created_at, Visit.updated_at)
        .where(Visit.updated_at > since)
        .order_by(Visit.updated_at, Visit.id)
        .limit(AT_ONCE)
    )
    for row in db.session.execute(query):
        fresh = row.updated_at - row.created_at < timedelta(seconds=1)
        yield Happened(
            f"visit-{row.id}-{row.updated_at:%Y%m%dT%H%M%S%f}",
            "visit.planned" if fresh else "visit.changed",
            row.updated_at,
            {"exchange_id": row.exchange_id, **_subject("visit", "visits", row.id)},
        )


def _subject(noun: str, path: str, row_id: int) -> dict[str, Any]:
    return {
        "subject": {"type": noun, "id": row_id},
        "address": absolute(f"/{path}/{row_id}"),
        "api_address": absolute(f"/api/v1/{path}/{row_id}"),
    }


def _delivery(webhook: Webhook, one: Happened) -> WebhookDelivery:
    payload = {"id": one.key, "event": one.event, "happened_at": one.at.isoformat(), **one.facts}
    return WebhookDelivery(webhook=webhook, key=one.key, event=one.event, payload=payload)


def forget_old(at: datetime) -> None:
    """Forget what was delivered, or given up, more than 30 days ago."""
    done = (WebhookDeliveryState.delivered, WebhookDeliveryState.failed)
    old = WebhookDelivery.state.in_(done) & (WebhookDelivery.state_since < at - KEPT)
    db.session.execute(delete(WebhookDelivery).where(old))
