"""Nudges and sweep of matching: ids in, one action, commit."""

from collections.abc import Callable
from typing import Any

from exchange.catalogue.models import Need, Offer
from exchange.clock import today
from exchange.matching import actions, queries
from exchange.transaction import transaction
from tasks.app import celery

# Each in its own short transaction: others write in between, and one failure stops one row.
AT_ONCE = 50


@celery.task(name="tasks.matching.need")
def need(*, need_id: int) -> None:
    """Look for offers for a need."""
    with transaction():
        actions.suggest_for_need(need_id)


@celery.task(name="tasks.matching.offer")
def offer(*, offer_id: int) -> None:
    """Look for needs that an offer fits."""
    with transaction():
        actions.suggest_for_offer(offer_id)


@celery.task(name="tasks.matching.exchange")
def exchange(*, exchange_id: int) -> None:
    """Look for partners of an exchange."""
    with transaction():
        actions.suggest_for_exchange(exchange_id)


@celery.task(name="tasks.sweep.matching")
def sweep() -> None:
    """Settle what lost a side, give up on silence, then look at whatever changed."""
    with transaction():
        actions.settle()
    with transaction():
        actions.lapse_overdue(today())
    _each(queries.exchanges_to_link(limit=AT_ONCE), actions.suggest_for_exchange)
    _each(queries.to_examine(Need, limit=AT_ONCE), actions.suggest_for_need)
    _each(queries.to_examine(Offer, limit=AT_ONCE), actions.suggest_for_offer)


def _each(ids: list[int], action: Callable[[int], Any]) -> None:
    for row_id in ids:
        with transaction():
            action(row_id)
