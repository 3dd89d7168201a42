"""Nudges and sweep of matching: ids in, one look, which commits."""

from collections.abc import Callable

from exchange.catalogue.models import Need, Offer
from exchange.clock import today
from exchange.matching import actions, looking, queries
from exchange.transaction import read_only, transaction
from tasks.app import celery

# Each in its own short transaction: others write in between, and one failure stops one row.
AT_ONCE = 50


@celery.task(name="tasks.matching.need")
def need(*, need_id: int) -> None:
    """Look for offers for a need."""
    looking.at_need(need_id)


@celery.task(name="tasks.matching.offer")
def offer(*, offer_id: int) -> None:
    """Look for needs that an offer fits."""
    looking.at_offer(offer_id)


@celery.task(name="tasks.matching.exchange")
def exchange(*, exchange_id: int) -> None:
    """Look for partners of an exchange."""
    looking.at_exchange(exchange_id)


@celery.task(name="tasks.sweep.matching")
def sweep() -> None:
    """Settle what lost a side, give up on silence, then look at whatever changed."""
    with transaction():
        actions.settle()
    with transaction():
        actions.lapse_overdue(today())
    for exchange_id in _waiting(lambda: queries.exchanges_to_link(limit=AT_ONCE)):
        looking.at_exchange(exchange_id)
    for need_id in _waiting(lambda: queries.to_examine(Need, limit=AT_ONCE)):
        looking.at_need(need_id)
    for offer_id in _waiting(lambda: queries.to_examine(Offer, limit=AT_ONCE)):
        looking.at_offer(offer_id)


def _waiting(find: Callable[[], list[int]]) -> list[int]:
    with read_only(), transaction():
        return find()
