"""What the compiled loops read: records and tuples of arrays; offers in the order of the index."""

from typing import Any, NamedTuple

import numpy as np

# A place in an array is unsigned: numba then need not ask whether it counts from the end.
PLACE = np.uint32
# What lets an offer in; it is looked at for more pairs than what it is worth.
GATE = np.dtype(
    [("signature", PLACE)] + [(name, np.int32) for name in ("first", "last", "organisation")]
)
OFFER = np.dtype(
    [(name, PLACE) for name in ("silent", "profile")]
    + [(name, np.int32) for name in ("order", "own")]
    + [(name, np.int64) for name in ("people", "hash", "discount")]
)
NEED = np.dtype(
    [(name, PLACE) for name in ("base", "silent")]
    + [(name, np.int32) for name in ("first", "last", "organisation")]
    + [(name, np.int64) for name in ("people", "hash", "threshold")]
)
# ``low``, ``half`` (squared) and ``top`` of similarity; what a similar size gives; floor and loss.
TERMS = np.dtype([(name, np.int64) for name in ("low", "half", "top", "size", "floor", "lowered")])
# ``rank``: worth and tie in one number, the greater the better.
KEPT = np.dtype([(name, np.int64) for name in ("rank", "offer")])
# Offers of a block are passed over together when their dates allow.
BLOCK = 64


class Postings(NamedTuple):
    """Which offers have a feature: ``ends[shard, feature]`` to ``ends[shard, feature + 1]`` are
    their places in ``rows`` and ``values``.

    ``shards`` says where each shard of offers begins, ``ordered`` from where on it is in the order
    of first days; ``earliest`` and ``latest`` are the first and last day of each block of offers.
    """

    shards: Any
    ordered: Any
    ends: Any
    rows: Any
    values: Any
    earliest: Any
    latest: Any


class Needs(NamedTuple):
    """Needs: records, the rows of their features, and which offers have a mark for each."""

    records: Any
    ends: Any
    features: Any
    values: Any
    marked_ends: Any
    marked: Any
    mark: Any


class World(NamedTuple):
    """What a pair is judged by: ``reached[kind, shard]``, ``allowed[kind, signature]``,
    ``base[base, profile]``, ``text_most[silent]``; ``texts`` and ``kind`` have a row for each need
    that is looked at, but ``texts`` none when they are sparse."""

    gates: Any
    offers: Any
    kind: Any
    reached: Any
    allowed: Any
    base: Any
    text_most: Any
    texts: Any
    terms: Any
