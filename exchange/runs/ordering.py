"""Many rows at once, locked in the order in which everybody locks them (``matching/locking.py``).

A pair refers to a need and an offer, and PostgreSQL locks both against being deleted when it is
written. Written in any order, thousands of pairs would hold an offer and wait for a need while
somebody else holds that need and waits for the offer. So all needs come first, then all offers,
each by number. SQLite has one writer at a time and ignores row locks.
"""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Select, select

from exchange.catalogue.models import Need, Offer
from exchange.extensions import db

AT_ONCE = 1_000


def share(need_ids: Iterable[int], offer_ids: Iterable[int]) -> tuple[set[int], set[int]]:
    """Lock these needs and offers against being deleted, so that rows may refer to them; return
    those that are still there."""
    return _lock(Need, need_ids, read=True), _lock(Offer, offer_ids, read=True)


def needs(need_ids: Iterable[int]) -> None:
    """Lock these needs against being changed by anybody else."""
    _lock(Need, need_ids, read=False)


def _lock(model: Any, ids: Iterable[int], *, read: bool) -> set[int]:
    ordered = sorted(set(ids))
    found: set[int] = set()
    for first in range(0, len(ordered), AT_ONCE):
        part = model.id.in_(ordered[first : first + AT_ONCE])
        query: Select[Any] = select(model.id).where(part).order_by(model.id)
        found.update(db.session.scalars(query.with_for_update(read=read, key_share=True)))
    return found
