"""Sending what was written down for webhooks, signed, with growing gaps after each refusal.

The body is signed together with the time (HMAC-SHA256 over ``<seconds>.<body>``), so that what was
overheard cannot be sent again later; docs/webhooks.md says how the other side checks it.
"""

import hmac
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256

from exchange import outgoing, steps
from exchange.accounts.sealing import opened
from exchange.clock import now
from exchange.extensions import db
from exchange.outgoing import Unreachable
from exchange.transaction import transaction
from exchange.webhooks import actions, queries, telling
from exchange.webhooks.models import Webhook, WebhookDelivery
from workflows.webhook_delivery import WEBHOOK_DELIVERY, WebhookDeliveryState

# Gaps after each try that failed; then somebody must look.
WAITS = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 360, 1440))
PATIENCE = 5.0
LEASE = timedelta(minutes=2)
# A batch is over well within its lease, even when each of them uses all our patience.
BATCH = 5
GONE = 410
SIGNATURE, EVENT, DELIVERY = "Exchange-Signature", "Exchange-Event", "Exchange-Delivery"


@dataclass(frozen=True)
class Parcel:
    """What sending needs of a claimed delivery, free of the database."""

    id: int
    attempt: int
    url: str
    key: str
    event: str
    body: bytes
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Fate:
    """What came back: the status, or the code of the reason why there was none."""

    status: int | None = None
    reason: str = ""

    @property
    def taken(self) -> bool:
        """Did the other side take it?"""
        return self.status is not None and 200 <= self.status < 300


def tell_and_send(*, limit: int = 200) -> int:
    """Write down what happened for each webhook, then send what is due; return how many were sent
    or put off. It opens its own transactions: nobody holds one while a stranger thinks."""
    for webhook_id in queries.active_ids():
        with transaction():
            row = db.session.get(
                Webhook, webhook_id, with_for_update={"of": Webhook}, populate_existing=True
            )
            if row is not None and row.disabled_at is None:
                telling.tell(row, now())
    db.session.rollback()
    done = 0
    while done < limit:
        with transaction():
            parcels = claim(at=now(), limit=min(BATCH, limit - done))
        if not parcels:
            break
        for parcel in parcels:
            fate = send(parcel)
            with transaction():
                settle(parcel, fate, at=now())
        done += len(parcels)
    return done


def claim(*, at: datetime, limit: int) -> Sequence[Parcel]:
    """Take up to ``limit`` deliveries that are due, for a lease. The caller commits."""
    return [_take(one, at) for one in queries.to_claim(at, limit)]


def _take(delivery: WebhookDelivery, at: datetime) -> Parcel:
    if delivery.state == WebhookDeliveryState.sending:
        _move(delivery, "retry", at)
    _move(delivery, "claim", at)
    delivery.attempts += 1
    delivery.claimed_until = at + LEASE
    db.session.flush()
    webhook = delivery.webhook
    sealed = [webhook.secret]
    if webhook.old_secret and webhook.old_until and webhook.old_until > at:
        sealed.append(webhook.old_secret)
    return Parcel(
        id=delivery.id,
        attempt=delivery.attempts,
        url=webhook.url,
        key=delivery.key,
        event=delivery.event,
        body=json.dumps(delivery.payload, separators=(",", ":"), sort_keys=True).encode(),
        secrets=tuple(secret for one in sealed if (secret := opened(one))),
    )


def send(parcel: Parcel) -> Fate:
    """Send one; whatever the other side does, a fate comes back."""
    if not parcel.secrets:
        return Fate(reason="no_secret")
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "Peer-Exchange",
        EVENT: parcel.event,
        DELIVERY: parcel.key,
        SIGNATURE: signature(parcel.body, parcel.secrets, int(now().timestamp())),
    }
    try:
        with outgoing.answer(
            parcel.url, body=parcel.body, headers=headers, patience=PATIENCE
        ) as found:
            return Fate(status=found.status)
    except Unreachable as problem:
        return Fate(reason=str(problem.args[0]))


def signature(body: bytes, secrets: Sequence[str], seconds: int) -> str:
    """``t=<seconds>,v1=<hex>``, with one ``v1`` for each secret that is valid."""
    signed = f"{seconds}.".encode() + body
    made = (hmac.new(one.encode(), signed, sha256).hexdigest() for one in secrets)
    return ",".join([f"t={seconds}", *(f"v1={one}" for one in made)])


def settle(parcel: Parcel, fate: Fate, *, at: datetime) -> None:
    """Write down what became of one. The caller commits.

    Nothing is written when its claim ran out and another worker has it since.
    """
    row = db.session.get(WebhookDelivery, parcel.id, with_for_update={"of": WebhookDelivery})
    if row is None or row.state != WebhookDeliveryState.sending or row.attempts != parcel.attempt:
        return
    webhook = row.webhook
    row.claimed_until, row.status, row.reason = None, fate.status, fate.reason
    if fate.taken:
        _move(row, "deliver", at)
        webhook.failures = 0
        return
    webhook.failures += 1
    if row.attempts > len(WAITS):
        _give_up(row)
    else:
        _move(row, "retry", at)
        row.next_try_at = at + WAITS[row.attempts - 1]
    if fate.status == GONE:
        actions.disable(webhook, "gone")
    elif webhook.failures >= actions.MOST_FAILURES:
        actions.disable(webhook, "failing")


def _move(delivery: WebhookDelivery, trigger: str, at: datetime) -> None:
    """By the table, without a step: a step each would be three rows that nobody reads."""
    WEBHOOK_DELIVERY.fire(trigger, delivery)
    delivery.state_since = at


def _give_up(delivery: WebhookDelivery) -> None:
    moved = WEBHOOK_DELIVERY.fire("fail", delivery)
    note = delivery.reason or str(delivery.status)
    steps.record(WEBHOOK_DELIVERY, delivery, "fail", moved, actor=None, note=note)
