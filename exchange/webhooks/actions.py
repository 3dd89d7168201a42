"""What happens to webhooks. The caller commits; what happened is written down in ``telling.py``,
sent in ``sending.py``.
"""

import ipaddress
import secrets
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from exchange import events, outgoing, steps
from exchange.accounts.sealing import seal
from exchange.clock import now
from exchange.directory.models import Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Conflict, Invalid
from exchange.extensions import db
from exchange.messages import actions as messages
from exchange.predicates import staff
from exchange.steps import Step
from exchange.webhooks.models import Told, Webhook, WebhookDelivery
from workflows.webhook_delivery import WEBHOOK_DELIVERY

PREFIX = "whsec_"
# So long both secrets sign, so that the other side can change in its own time.
BOTH_SIGN = timedelta(days=1)
# Tries in a row that failed, of whichever delivery, after which it is asked no more.
MOST_FAILURES = 15


def create(data: Mapping[str, Any], *, actor: Person) -> tuple[Webhook, str]:
    """Set a webhook up; the secret is told here and never again.

    :param data: ``url``, what it is told of, and perhaps ``organisation_id``.
    :raises Invalid: ``not_yours``, ``webhook_nothing`` or ``webhook_address``.
    """
    organisation_id = data.get("organisation_id")
    if not staff(actor, None) and organisation_id not in acts_for_ids(actor):
        raise Invalid("organisation_id", "not_yours")
    secret = _new_secret()
    row = Webhook(organisation_id=organisation_id, person=actor, secret=seal(secret), told=[])
    _write(row, data)
    db.session.add(row)
    db.session.flush()
    return row, secret


def change(row: Webhook, data: Mapping[str, Any]) -> Webhook:
    """Change where it is, or what it is told of.

    :raises Invalid: ``webhook_nothing`` or ``webhook_address``.
    """
    before = {str(one): str(one) in row.told for one in Told}
    _write(row, {"url": row.url, **before, **data})
    db.session.flush()
    return row


def _write(row: Webhook, data: Mapping[str, Any]) -> None:
    told = [str(one) for one in Told if data.get(str(one))]
    if not told:
        raise Invalid("exchanges", "webhook_nothing")
    _require_outside(data["url"])
    row.url, row.told = data["url"], told


def _require_outside(url: str) -> None:
    """Refuse at once what would never be called; a name is looked up each time it is called."""
    try:
        host, _port, _path = outgoing.checked(url)
    except outgoing.Unreachable:
        raise Invalid("url", "webhook_address") from None
    try:
        ipaddress.ip_address(host)
    except ValueError:
        inside = host == "localhost" or host.endswith((".localhost", ".local", ".internal"))
    else:
        inside = not outgoing.is_public(host)
    if inside:
        raise Invalid("url", "webhook_address")


def _new_secret() -> str:
    return PREFIX + secrets.token_urlsafe(32)


def renew_secret(row: Webhook) -> str:
    """Give it another secret and tell it; for a day the old one signs beside it."""
    secret = _new_secret()
    row.old_secret, row.old_until = row.secret, now() + BOTH_SIGN
    row.secret = seal(secret)
    db.session.flush()
    return secret


def remove(row: Webhook) -> None:
    """Tell it nothing any more, and forget what it was told."""
    db.session.delete(row)
    db.session.flush()


def test(row: Webhook) -> WebhookDelivery:
    """Have something sent that means nothing.

    :raises Conflict: ``webhook_disabled``.
    """
    if row.disabled_at:
        raise Conflict("webhook_disabled")
    at = now()
    key = f"test-{secrets.token_hex(8)}"
    payload = {"id": key, "event": "test", "happened_at": at.isoformat(), "webhook_id": row.id}
    delivery = WebhookDelivery(webhook=row, key=key, event="test", payload=payload)
    db.session.add(delivery)
    db.session.flush()
    events.publish("webhook.test", id=row.id)
    return delivery


def disable(row: Webhook, why: str) -> None:
    """Ask it no more, and write to whoever set it up.

    :param why: ``failing``, or ``gone``: it answered that it is not there any more.
    """
    if row.disabled_at:
        return
    row.disabled_at, row.disabled_why = now(), why
    facts = {"title": row.url, "number": row.failures}
    messages.write(
        "webhook_disabled",
        row.person,
        facts=facts,
        link=f"/webhooks/{row.id}",
        dedupe_key=f"webhook_disabled:{row.id}:{row.disabled_at.isoformat()}",
    )
    db.session.flush()


def enable(row: Webhook) -> None:
    """Ask it again: what waits is sent, and what happened meanwhile is told."""
    row.disabled_at, row.disabled_why, row.failures = None, "", 0
    db.session.flush()
    events.publish("webhook.enable", id=row.id)


def advance(
    delivery: WebhookDelivery,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Make a person's move: send again, or send now what was put off."""
    step = steps.advance(
        WEBHOOK_DELIVERY,
        delivery,
        trigger,
        actor=actor,
        note=note,
        expected_state=expected_state,
    )
    delivery.attempts, delivery.next_try_at = 0, now()
    db.session.flush()
    return step
