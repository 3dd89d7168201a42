"""What the finder of candidates knows whatever the weights are: order, tables, texts, shards.

Offers stand in two orders: that of the ``Market`` (made of their ids) and that of the shards, where
offers that answer alike stand together, so that whole stretches are passed over. Arrays named
``offer…`` here follow the second; ``order`` leads from it to the first, ``place`` from ids to it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
from scipy import sparse

from exchange.matching.core import features
from exchange.matching.core.arrays import (
    Columns,
    Small,
    columns_of_needs,
    columns_of_offers,
    host_numbers,
    in_order,
)
from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.core.rules import HARD
from exchange.matching.core.similarity import (
    DENSE_ONE,
    SPARSE_ONE,
    Scale,
    fixed_dense,
    fixed_sparse,
    is_dense,
)
from exchange.matching.core.tables import Answers, Table, different_rows
from exchange.matching.text.encoder import TextEncoder

# Shards are at least this part of all offers, and never smaller than this many.
SHARDS, SMALLEST_SHARD = 48, 512


@dataclass(frozen=True)
class Shard:
    """Offers ``start`` to ``stop`` (of the shards' order), and their features as columns."""

    start: int
    stop: int
    columns: Any


class Index:
    """Facts of all needs and offers, ready to be compared. It does not depend on the weights."""

    def __init__(
        self, needs: Sequence[NeedFacts], offers: Sequence[OfferFacts], encoder: TextEncoder
    ) -> None:
        self.needs, self.offers = in_order(needs), in_order(offers)
        self.number = {need.id: number for number, need in enumerate(self.needs)}
        self.hosts = host_numbers(self.offers)
        self.need_columns = columns_of_needs(self.needs, self.hosts)
        self._ask_rules()
        self._put_in_order(columns_of_offers(self.offers, self.hosts))
        self._read_texts(encoder)
        self.shards = self._cut()

    def _ask_rules(self) -> None:
        """Tables of the hard rules that name what they read; signatures of both sides."""
        self.tables = {
            rule.code: Table(
                rule.holds,
                Answers(self.needs, rule.need_says),
                Answers(self.offers, rule.offer_says),
            )
            for rule in HARD
            if rule.need_says or rule.offer_says
        }

    def _put_in_order(self, columns: Columns) -> None:
        folded = [_folded(table) for table in self.tables.values()]
        folded.sort(key=lambda found: found.holds)
        needs = [f.of_needs for f in folded]
        offers = [f.of_offers for f in folded]
        need_kinds, self.need_signature = different_rows(np.column_stack(needs))
        # Behind the rule that removes most come the tags that are missing: they weigh the text.
        keys = np.column_stack([offers[0], columns.silent, *offers[1:]])
        offer_kinds, signature = different_rows(keys)
        offer_kinds = np.delete(offer_kinds, 1, axis=1)
        self._kinds = [(f.table, need_kinds[:, i], offer_kinds[:, i]) for i, f in enumerate(folded)]
        self.order = np.lexsort((columns.first, signature)).astype(np.int32)
        self.signature, self.columns = signature[self.order], columns.at(self.order)
        self._cuts = np.flatnonzero(np.any(np.diff(keys[self.order, :2], axis=0), axis=1)) + 1
        self.place = {self.offers[at].id: place for place, at in enumerate(self.order)}
        for table in self.tables.values():
            table.offers.of_rows = table.offers.of_rows[self.order]

    def allowed(self, signatures: Any) -> Any:
        """For signatures of needs, which signatures of offers break none of the tables' rules."""
        found = np.ones((len(signatures), len(self._kinds[0][2])), np.bool_)
        for table, needs, offers in self._kinds:
            found &= table[needs[signatures]][:, offers]
        return found

    def _read_texts(self, encoder: TextEncoder) -> None:
        self.shelved = [self.offers[at] for at in self.order]
        texts, languages = features.words_of([*self.shelved, *self.needs])
        self.encoder = encoder.fit(texts, languages)
        rows = self.encoder.encode(texts, languages)
        self.dense = is_dense(rows)
        self.scale = Scale.of(self.encoder.calibration, DENSE_ONE if self.dense else SPARSE_ONE)
        fixed = fixed_dense(rows) if self.dense else fixed_sparse(rows)
        self.offer_text, self.need_text = fixed[: len(self.offers)], fixed[len(self.offers) :]
        text = self.no_text(len(self.offers)) if self.dense else self.offer_text
        self.features = features.Features(self.shelved, text)

    @staticmethod
    def no_text(rows: int) -> Any:
        """What stands for texts in the matrix of features where the encoder's rows are dense."""
        return sparse.csr_matrix((rows, 0), dtype=np.int64)

    def text_of(self, need: NeedFacts) -> Any:
        """The fixed row of a need that may be new."""
        if self.number.get(need.id) is not None and self.needs[self.number[need.id]] is need:
            number = self.number[need.id]
            return self.need_text[number : number + 1]
        rows = self.encoder.encode([need.words], [need.language])
        return fixed_dense(rows) if self.dense else fixed_sparse(rows)

    def product(self, text: Any, offer: int) -> int:
        """The product of a need's fixed row and an offer's."""
        other = self.offer_text[offer : offer + 1]
        product = text @ other.T
        return int(product[0, 0])

    def columns_of(self, need: NeedFacts) -> Columns:
        """The arrays of one need that may be new."""
        return columns_of_needs([need], self.hosts)

    def _cut(self) -> list[Shard]:
        smallest = max(len(self.offers) // SHARDS, SMALLEST_SHARD)
        ends = [0]
        for cut in self._cuts:
            if cut - ends[-1] >= smallest:
                ends.append(int(cut))
        if ends[-1] < len(self.offers):
            ends.append(len(self.offers))
        rows = self.features.offers
        return [Shard(start, stop, rows[start:stop].T.tocsr()) for start, stop in pairwise(ends)]


@dataclass(frozen=True)
class _Folded:
    """A rule's table without what is alike: classes of needs and offers, and how often it holds."""

    table: Any
    of_needs: Small
    of_offers: Small
    holds: float


def _folded(table: Table) -> _Folded:
    whole = table.whole()
    rows, of_needs = different_rows(whole)
    columns, of_offers = different_rows(rows.T)
    needs, offers = of_needs[table.needs.of_rows], of_offers[table.offers.of_rows]
    small = columns.T.astype(np.bool_)
    often = np.outer(
        np.bincount(needs, minlength=small.shape[0]), np.bincount(offers, minlength=small.shape[1])
    )
    return _Folded(small, needs, offers, float((often * small).sum()) / max(often.sum(), 1))
