"""The market of a run whose best pairs were found in blocks, by several workers.

Workers that compare blocks and the one that solves must have seen the same facts: ``fingerprint``
says whether they did.
"""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields

import numpy as np

from exchange.matching.core.facts import NeedFacts, OfferFacts, SideFacts
from exchange.matching.core.market import Marketplace
from exchange.matching.core.pairs import Ints, Pairs
from exchange.matching.core.search import CANDIDATES
from exchange.runs.packing import Found, Int32


@dataclass(frozen=True)
class Loaded:
    """A market, and a hash of all that it compares and how (``fingerprint``)."""

    market: Marketplace
    stamp: str


class Share:
    """The ``Market`` of a run for the solver: what it asks first, the blocks have found."""

    def __init__(self, loaded: Loaded) -> None:
        self.market, self.stamp = loaded.market, loaded.stamp
        market = loaded.market
        self.configuration = market.configuration
        self.needs: Sequence[NeedFacts] = market.needs
        self.offers: Sequence[OfferFacts] = market.offers
        self._start: Pairs | None = None

    def best(
        self, most: int, *, discounts: Ints | None = None, thresholds: Ints | None = None
    ) -> Pairs:
        """The best pairs of each need; see ``Market.best``."""
        if most == CANDIDATES and _unpriced(discounts, thresholds):
            return self.best_at_first()
        return self.market.best(most, discounts=discounts, thresholds=thresholds)

    def best_at_first(self) -> Pairs:
        """The best ``CANDIDATES`` of each need: those of the blocks, else looked for now."""
        if self._start is None:
            self._start = self.market.best(CANDIDATES)
        return self._start

    def take(self, blocks: Iterable[tuple[Sequence[int], Found]]) -> int:
        """Begin with what the blocks (the ids of their needs, and what was found for them) have
        found; compare those again that saw other facts.

        :returns: how many needs were compared again.
        """
        parts, seen = [], np.zeros(len(self.needs), bool)
        for need_ids, found in blocks:
            if found.facts["market"] == self.stamp:
                parts.append(_with_positions(self.market, found.pairs))
                seen[positions(self.market, need_ids)] = True
        again = np.flatnonzero(~seen)
        if len(again):
            parts.append(self.market.best_of(again, CANDIDATES))
        self._start = _joined(parts)
        return len(again)


def positions(market: Marketplace, need_ids: Iterable[int]) -> Ints:
    """Where these needs stand in the market, in its order; those it does not know are left out."""
    number = market.index.number
    return np.sort(np.array([number[i] for i in need_ids if i in number], np.int64))


def with_ids(market: Marketplace, found: Pairs) -> Int32:
    """Pairs as rows of need id, offer id and score."""
    needs, offers = ids(market.needs), ids(market.offers)
    return np.stack([needs[found.need], offers[found.offer], found.score], axis=1).astype(np.int32)


def ids(rows: Sequence[SideFacts]) -> Ints:
    """The ids of rows of the database, by position."""
    return np.fromiter((int(row.id) for row in rows), np.int64, len(rows))


def fingerprint(market: Marketplace, corpus: str) -> str:
    """A hash over all that the market compares and how: the same in every process whose rows and
    settings say the same.

    :param corpus: a hash of the texts to which the encoder was fitted.
    """
    encoder = market.index.texts.encoder
    said = f"{encoder.name} {encoder.version} {corpus} {market.configuration.hash}"
    digest = hashlib.sha256(said.encode())
    for side, kind in ((market.needs, NeedFacts), (market.offers, OfferFacts)):
        names = [field.name for field in fields(kind)]
        for row in side:
            digest.update(_line(row, names))
    return digest.hexdigest()[:32]


def _line(row: SideFacts, names: Sequence[str]) -> bytes:
    """All that is said of a row; sets in an order that does not depend on the process."""
    values = (getattr(row, name) for name in names)
    plain = (sorted(map(str, v)) if isinstance(v, frozenset) else v for v in values)
    return repr(tuple(plain)).encode()


def _unpriced(discounts: Ints | None, thresholds: Ints | None) -> bool:
    """Whether every pair that reaches the floor counts."""
    return discounts is None and (thresholds is None or bool((thresholds < 0).all()))


def _with_positions(market: Marketplace, rows: Int32) -> Pairs:
    """Rows of ids as pairs of positions in the market."""
    need = _where(ids(market.needs), rows[:, 0].astype(np.int64))
    offer = _where(ids(market.offers), rows[:, 1].astype(np.int64))
    return Pairs(need, offer, rows[:, 2].astype(np.int64))


def _where(known: Ints, wanted: Ints) -> Ints:
    order = np.argsort(known)
    found: Ints = order[np.searchsorted(known[order], wanted)]
    return found


def _joined(parts: Sequence[Pairs]) -> Pairs:
    """All of them ordered by need; each need's pairs came in one piece, the best first."""
    columns = zip(*((p.need, p.offer, p.score) for p in [Pairs.of([]), *parts]), strict=True)
    need, offer, score = (np.concatenate(column) for column in columns)
    order = np.argsort(need, kind="stable")
    return Pairs(need[order], offer[order], score[order])
