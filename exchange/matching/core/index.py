"""What the finder of candidates knows whatever the weights are: order, tables, texts, shards.

Offers stand in two orders: that of the ``Market`` (made of their ids) and that of the index, where
offers that answer the most decisive rule alike stand together (a shard), those without an end of
their window before the others, by their first day. All arrays over offers follow the second;
``order`` leads from it to the first, ``place`` from ids to it.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.arrays import (
    Columns,
    Small,
    columns_of_needs,
    columns_of_offers,
    host_numbers,
    in_order,
    open_ended,
)
from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.core.features import Features
from exchange.matching.core.group import Marks
from exchange.matching.core.pairs import Ints
from exchange.matching.core.rules import HARD
from exchange.matching.core.tables import Answers, Table, different_rows
from exchange.matching.core.texts import Texts
from exchange.matching.text.encoder import TextEncoder

# Shards are at least this part of all offers: many small ones cost more than they save.
SHARDS = 32
# A table of signatures is kept whole up to this size: where everybody answers differently, it
# would not fit into the memory.
KEPT_CELLS = 1 << 25


class Index:
    """Facts of all needs and offers, ready to be compared. It does not depend on the weights."""

    def __init__(
        self, needs: Sequence[NeedFacts], offers: Sequence[OfferFacts], encoder: TextEncoder
    ) -> None:
        self.needs, self.offers = in_order(needs), in_order(offers)
        self._made: dict[str, Any] = {}
        self.number = {need.id: number for number, need in enumerate(self.needs)}
        self.hosts = host_numbers(self.offers)
        self.need_columns = columns_of_needs(self.needs, self.hosts)
        self._ask_rules()
        self._put_in_order(columns_of_offers(self.offers, self.hosts))
        self.texts = Texts(encoder, self.shelved, self.needs)
        rows = self.texts.as_features(self.texts.of_offers)
        self.features = Features(self.shelved, rows)
        self.need_marks = Marks.of(self.needs, self.place)

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
        need_kinds, self.need_signature = different_rows(np.column_stack(needs))
        offer_kinds, signature = different_rows(np.column_stack([f.of_offers for f in folded]))
        self._kinds = [(f.table, need_kinds[:, i], offer_kinds[:, i]) for i, f in enumerate(folded)]
        self.need_class, self.signatures = needs[0], len(offer_kinds)
        shard = _packed(folded[0].of_offers)
        self.order = np.lexsort((columns.first, ~open_ended(columns), shard)).astype(np.int32)
        self.shards = np.searchsorted(shard[self.order], np.arange(shard.max(initial=-1) + 2))
        self.signature, self.columns = signature[self.order], columns.at(self.order)
        self.shelved = [self.offers[at] for at in self.order]
        self.place = {self.offers[at].id: place for place, at in enumerate(self.order)}
        for table in self.tables.values():
            table.offers.of_rows = table.offers.of_rows[self.order]

    def allowed(self, kinds: Ints) -> NDArray[np.bool_]:
        """For signatures of needs, which signatures of offers break no rule of the tables."""
        few = len(self._kinds[0][1]) * self.signatures <= KEPT_CELLS
        return self._allowed_all[kinds] if few else self._allowed(kinds)

    @cached_property
    def _allowed_all(self) -> NDArray[np.bool_]:
        return self._allowed(np.arange(len(self._kinds[0][1])))

    def _allowed(self, kinds: Ints) -> NDArray[np.bool_]:
        found = np.ones((len(kinds), self.signatures), np.bool_)
        for table, of_needs, of_offers in self._kinds:
            found &= table[of_needs[kinds]][:, of_offers]
        return found

    def alike(self, needs: Ints) -> Ints:
        """An order of these needs in which those that can go to the same offers stand together."""
        columns = self.need_columns.at(needs)
        return np.lexsort((columns.first, open_ended(columns), self.need_class[needs]))

    def kept(self, name: str, make: Callable[["Index"], Any]) -> Any:
        """What ``make`` makes of the index, made once."""
        if name not in self._made:
            self._made[name] = make(self)
        return self._made[name]

    def text_of(self, need: NeedFacts) -> Any:
        """The fixed row of a need that may be new."""
        number = self.number.get(need.id)
        if number is None or self.needs[number] is not need:
            return self.texts.of(need)
        return self.texts.of_needs[number : number + 1]

    def columns_of(self, need: NeedFacts) -> Columns:
        """The arrays of one need that may be new."""
        return columns_of_needs([need], self.hosts)


def _packed(classes: Small) -> Small:
    """A shard for each row: classes in their order, small ones put together."""
    sizes = np.bincount(classes)
    smallest = len(classes) // SHARDS
    shards, size, shard = np.zeros(len(sizes), np.int32), 0, 0
    for number, more in enumerate(sizes.tolist()):
        if size >= smallest and size:
            shard, size = shard + 1, 0
        shards[number], size = shard, size + more
    return shards[classes]


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
