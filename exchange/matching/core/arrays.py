"""What differs from row to row, as arrays: dates, organisations, inhabitants, hashes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.facts import Key, NeedFacts, OfferFacts, SideFacts
from exchange.matching.core.pairs import Ints, stable_hash

Small = NDArray[np.int32]
# Days without an end, and organisations that equal no other: one for each side.
EARLIEST, LATEST = date.min.toordinal(), date.max.toordinal()
NO_HOST, NO_LEARNER, NOT_A_HOST = -1, -2, -3
# Bits of ``silent``: which tags a side does not have.
SILENT = ("themes", "sdg_targets", "agendas")
# Beyond any city, and small enough to be multiplied.
MOST_PEOPLE = 10**15


@dataclass(frozen=True)
class Columns:
    """Arrays with a number for each row of a side.

    ``first`` and ``last``: ordinals of days. ``organisation``: a number of it, negative when it
    equals none of the other side. ``people``: inhabitants, 0 for unknown. ``silent``: bits for
    tags that are missing. ``hash``: ``stable_hash`` of the id.
    """

    first: Small
    last: Small
    organisation: Small
    people: Ints
    silent: Small
    hash: Ints

    def at(self, rows: Any) -> "Columns":
        """The columns of some rows, or of all in another order."""
        return Columns(*(getattr(self, field.name)[rows] for field in fields(self)))


def in_order(rows: Sequence[Any]) -> list[Any]:
    """Rows in an order made of their ids alone; ValueError when two have the same id."""
    ordered = sorted(rows, key=lambda r: (stable_hash(r.id), type(r.id).__name__, str(r.id)))
    for one, other in pairwise(ordered):
        if one.id == other.id and type(one.id) is type(other.id):
            raise ValueError(f"Two rows have the id {one.id!r}")
    return ordered


def host_numbers(offers: Sequence[OfferFacts]) -> dict[Key, int]:
    """A number for each organisation that offers."""
    known = dict.fromkeys(offer.organisation_id for offer in offers)
    return {key: number for number, key in enumerate(k for k in known if k is not None)}


def columns_of_offers(offers: Sequence[OfferFacts], hosts: Mapping[Key, int]) -> Columns:
    """The arrays of offers."""
    numbers = [
        NO_HOST if offer.organisation_id is None else hosts[offer.organisation_id]
        for offer in offers
    ]
    return _columns(offers, numbers)


def columns_of_needs(needs: Sequence[NeedFacts], hosts: Mapping[Key, int]) -> Columns:
    """The arrays of needs."""
    numbers = [
        NO_LEARNER if need.organisation_id is None else hosts.get(need.organisation_id, NOT_A_HOST)
        for need in needs
    ]
    return _columns(needs, numbers)


def open_ended(columns: Columns) -> NDArray[np.bool_]:
    """Which rows have a window without a first or a last day."""
    found: NDArray[np.bool_] = (columns.first == EARLIEST) | (columns.last == LATEST)
    return found


def silence(side: SideFacts) -> int:
    """Bits for the tags that a row does not have, in the order of ``SILENT``."""
    return (not side.themes) + 2 * (not side.sdg_targets) + 4 * (not side.agendas)


def _columns(rows: Sequence[SideFacts], organisations: list[int]) -> Columns:
    return Columns(
        np.array([r.first_day.toordinal() if r.first_day else EARLIEST for r in rows], np.int32),
        np.array([r.last_day.toordinal() if r.last_day else LATEST for r in rows], np.int32),
        np.array(organisations, np.int32),
        np.array([min(r.population or 0, MOST_PEOPLE) for r in rows], np.int64),
        np.array([silence(r) for r in rows], np.int32),
        np.array([stable_hash(r.id) for r in rows], np.int64),
    )
