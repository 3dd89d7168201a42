"""The best offers of some needs with numba: each need goes through the shards that it may go to.

Offers that answer the most decisive rule alike are a shard; what a need may not go to is not
touched. The loops are in ``loops.py``; here arrays are made ready for them.
"""

from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from itertools import pairwise
from typing import Any

import numpy as np

from exchange.matching.core import records
from exchange.matching.core.arrays import open_ended
from exchange.matching.core.index import Index
from exchange.matching.core.pairs import Ints
from exchange.matching.core.records import PLACE
from exchange.matching.core.scoring import Scoring
from exchange.matching.core.search_numpy import Asked, Found, Gate

# Needs of one call of the loops: few where dense texts or many signatures make large arrays.
CHUNK, DENSE_CHUNK, CELLS = 4096, 128, 1 << 25


@cache
def installed() -> bool:
    """Whether numba is there: it is an extra."""
    return find_spec("numba") is not None


def best_of(scoring: Scoring, asked: Asked, needs: Ints) -> Iterator[Found]:
    """The best pairs of these needs of the index, in parts: all of a need, the best first."""
    # numba takes a second to load: only who asks for it waits.
    from exchange.matching.core.loops import best_of as fill

    index = scoring.index
    postings = index.kept("postings", _postings)
    ready, world = _needs(scoring, asked), _world(scoring, asked)
    step = (
        DENSE_CHUNK if index.texts.dense else max(min(CELLS // max(index.signatures, 1), CHUNK), 1)
    )
    for at in range(0, len(needs), step):
        some = needs[at : at + step]
        best, many = np.zeros((len(some), asked.most), records.KEPT), np.zeros(len(some), np.int64)
        fill(postings, ready, _of_these(scoring, world, some), some.astype(PLACE), (best, many))
        kept = np.arange(asked.most) < many[:, None]
        offers, worth = best["offer"][kept], best["rank"][kept] >> 32
        yield Found(np.repeat(some, many), offers, worth, worth + asked.discounts[offers])


def _of_these(scoring: Scoring, world: records.World, needs: Ints) -> records.World:
    """The world with what is of these needs alone."""
    gate, texts = Gate.of(scoring.index, needs), _dense_texts(scoring, needs)
    reached, kind = _reached(scoring.index, gate), gate.kind.astype(PLACE)
    return world._replace(kind=kind, reached=reached, allowed=gate.allowed, texts=texts)


def _dense_texts(scoring: Scoring, needs: Ints) -> Any:
    """The products of dense texts with those of all offers; no rows when texts are sparse."""
    ours, theirs = scoring.everybody.text, scoring.index.texts.of_offers
    if ours is None:
        return np.zeros((0, 0), np.int64)
    return (ours[needs] @ theirs.T).astype(np.int64)


def _postings(index: Index) -> records.Postings:
    """The features of each shard's offers, turned round."""
    ends, rows, values, before = [], [], [], 0
    for start, stop in pairwise(index.shards.tolist()):
        turned = index.features.offers[start:stop].T.tocsr()
        ends.append((turned.indptr + before).astype(PLACE))
        rows.append((turned.indices + start).astype(PLACE))
        # A text has length 4096, a tag is 1.
        values.append(turned.data.astype(np.int16))
        before += turned.nnz
    # Within a shard, windows without an end stand before the others.
    unordered = np.concatenate([[0], np.cumsum(open_ended(index.columns))])
    ordered = index.shards[:-1] + np.diff(unordered[index.shards])
    blocks = np.arange(0, len(index.shelved), records.BLOCK)
    return records.Postings(
        index.shards.astype(PLACE),
        ordered.astype(PLACE),
        np.stack(ends),
        np.concatenate(rows),
        np.concatenate(values),
        np.minimum.reduceat(index.columns.first, blocks),
        np.maximum.reduceat(index.columns.last, blocks),
    )


def _needs(scoring: Scoring, asked: Asked) -> records.Needs:
    group = scoring.everybody
    needs = np.zeros(len(group), records.NEED)
    needs["threshold"], needs["base"] = asked.thresholds, group.base_of
    for name in ("first", "last", "organisation", "silent", "people", "hash"):
        needs[name] = getattr(group.columns, name)
    ends, places = (
        part.astype(np.int32) for part in (group.features.indptr, group.features.indices)
    )
    marks = group.marks
    return records.Needs(
        needs, ends, places, group.features.data, marks.ends, marks.offer, marks.mark
    )


def _world(scoring: Scoring, asked: Asked) -> records.World:
    index, settings = scoring.index, scoring.configuration
    terms, nothing = np.zeros(1, records.TERMS), np.zeros(0)
    scale = index.texts.scale
    terms["low"], terms["half"], terms["top"] = scale.low, scale.half**2, scale.top
    terms["size"] = scoring.weights["similar_size"]
    terms["floor"], terms["lowered"] = settings.floor, settings.lowered
    return records.World(
        _gates(index),
        _offers(scoring, asked),
        nothing,
        nothing,
        nothing,
        scoring.everybody.base,
        scoring.text_most,
        nothing,
        terms,
    )


def _gates(index: Index) -> Any:
    gates = np.zeros(len(index.shelved), records.GATE)
    gates["signature"] = index.signature
    for name in ("first", "last", "organisation"):
        gates[name] = getattr(index.columns, name)
    return gates


def _offers(scoring: Scoring, asked: Asked) -> Any:
    offers = np.zeros(len(scoring.index.shelved), records.OFFER)
    for name in ("silent", "people", "hash"):
        offers[name] = getattr(scoring.index.columns, name)
    offers["order"], offers["discount"] = scoring.index.order, asked.discounts
    offers["profile"], offers["own"] = scoring.profile, scoring.own
    return offers


def _reached(index: Index, gate: Gate) -> Any:
    """For each kind of need, which shards have an offer it may go to."""
    found = np.zeros((len(gate.allowed), len(index.shards) - 1), np.bool_)
    for shard, (start, stop) in enumerate(pairwise(index.shards.tolist())):
        found[:, shard] = gate.allowed[:, np.unique(index.signature[start:stop])].any(axis=1)
    return found
