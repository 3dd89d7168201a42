"""Nudges and sweep of matching: ids in, one look, which commits."""

from collections.abc import Callable, Iterator
from time import monotonic

from exchange.catalogue.models import Need, Offer
from exchange.clock import today
from exchange.matching import actions, looking, queries
from exchange.transaction import read_only, transaction
from tasks.alone import alone
from tasks.app import celery

# Each in its own short transaction: others write in between, and one failure stops one row.
AT_ONCE = 50
# After these seconds, other nudges have their turn; the next sweep goes on.
A_TURN = 10.0


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
@alone
def sweep() -> None:
    """Settle what lost a side, give up on silence, then look at whatever changed."""
    with transaction():
        actions.settle()
    with transaction():
        actions.lapse_overdue(today())
    until = monotonic() + A_TURN
    for look, row_id in _waiting():
        look(row_id)
        if monotonic() > until:
            return


def _waiting() -> Iterator[tuple[Callable[[int], object], int]]:
    """Each row that waits, and how to look at it; a kind is asked for when its turn comes."""
    for look, find in (
        (looking.at_exchange, lambda: queries.exchanges_to_link(limit=AT_ONCE)),
        (looking.at_need, lambda: queries.to_examine(Need, limit=AT_ONCE)),
        (looking.at_offer, lambda: queries.to_examine(Offer, limit=AT_ONCE)),
    ):
        with read_only(), transaction():
            found = find()
        yield from ((look, row_id) for row_id in found)
