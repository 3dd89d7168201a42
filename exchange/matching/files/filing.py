"""Needs and offers of files through the engine: the lines that `exchange match rank` writes.

The same rules, scores and solver as the application's; no database.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from exchange.matching.core.assignment import assign
from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import Key, NeedFacts, OfferFacts
from exchange.matching.core.market import Marketplace
from exchange.matching.core.pairs import Ints, Pairs
from exchange.matching.core.ranking import Verdict, verdict
from exchange.matching.core.rules import Pair, reaches_the_floor
from exchange.matching.text.encoder import TextEncoder

# Pairs whose terms are looked at together.
TOGETHER = 4096

Line = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """What is wanted: ``top`` offers a need; with or without why."""

    top: int = 10
    explain: bool = False


class Filed:
    """Needs and offers of files as a market without a floor, which keeps all that has anything in
    common; ``configuration`` has the floor that is set."""

    def __init__(
        self,
        needs: Sequence[NeedFacts],
        offers: Sequence[OfferFacts],
        configuration: Configuration,
        encoder: TextEncoder,
    ) -> None:
        self.needs, self.configuration = needs, configuration
        self.market = Marketplace.of(needs, offers, replace(configuration, floor=0), encoder)

    def ranked(self, asked: Asked) -> Iterator[Line]:
        """For each need, in the order of its file, its best pairs, the best first.

        A pair below the floor says so; it is no match, and shows the order.
        """
        number = self.market.index.number
        places = np.array([number[need.id] for need in self.needs])
        for at in range(0, len(places), TOGETHER // max(asked.top, 1) + 1):
            some = places[at : at + TOGETHER // max(asked.top, 1) + 1]
            found = self.market.best_of(some, asked.top)
            yield from self._lines(_in_order_of(found, some), asked)

    def assigned(self, asked: Asked) -> tuple[list[Line], Mapping[Key, str]]:
        """The pairs of the best run over all of them, and why each need without one has none."""
        result = assign(self.market.with_configuration(self.configuration))
        number, place = self.market.index.number, self._offer_numbers()
        rows = [(number[one.need], place[one.offer], one.score) for one in result.pairs]
        order = np.array([number[need.id] for need in self.needs])
        found = _in_order_of(Pairs.of(sorted(rows, key=lambda row: -row[2])), order)
        unserved = {need: str(why) for need, why in result.unserved.items()}
        return list(self._lines(found, asked)), unserved

    def why_not(self, need: Key) -> Mapping[str, int]:
        """How many offers each rule removed from a need, each counting what the others left."""
        return self.market.with_configuration(self.configuration).rank(need, 0).removed

    def _offer_numbers(self) -> dict[Key, int]:
        return {offer.id: number for number, offer in enumerate(self.market.offers)}

    def _lines(self, pairs: Pairs, asked: Asked) -> Iterator[Line]:
        """A line a pair, numbered within its need as they come."""
        rank, before = 0, -1
        for at in range(0, len(pairs), TOGETHER):
            part = Pairs(*(c[at : at + TOGETHER] for c in (pairs.need, pairs.offer, pairs.score)))
            for need, said in zip(part.need.tolist(), self._verdicts(part, asked), strict=True):
                rank = rank + 1 if need == before else 1
                before = need
                yield self._line(said, rank, explain=asked.explain)

    def _verdicts(self, pairs: Pairs, asked: Asked) -> Iterator[Verdict]:
        market = self.market
        if asked.explain:
            for need, offer in zip(pairs.need.tolist(), pairs.offer.tolist(), strict=True):
                yield market.explain(market.needs[need].id, market.offers[offer].id)
            return
        alike = self._similarities(pairs).tolist()
        for need, offer, like in zip(pairs.need.tolist(), pairs.offer.tolist(), alike, strict=True):
            pair = Pair(market.needs[need], market.offers[offer], like)
            yield verdict(pair, market.configuration)

    def _similarities(self, pairs: Pairs) -> Ints:
        """How much the texts of pairs speak of the same, in basis points."""
        texts, index = self.market.index.texts, self.market.index
        places = [index.place[self.market.offers[offer].id] for offer in pairs.offer.tolist()]
        needs: Any = texts.of_needs[pairs.need]
        offers: Any = texts.of_offers[places]
        both = needs * offers if texts.dense else needs.multiply(offers)
        products = np.asarray(both.sum(1), np.float64).ravel().astype(np.int64)
        found: Ints = texts.scale.similarity(products)
        return found

    def _line(self, said: Verdict, rank: int, *, explain: bool) -> Line:
        terms = {reason.code: reason.points for reason in said.reasons}
        line: Line = {
            "need": said.need_id,
            "offer": said.offer_id,
            "rank": rank,
            "score": said.score,
            "terms": terms,
        }
        if not reaches_the_floor(said.reasons, self.configuration):
            line["below_floor"] = True
        if explain:
            line["evidence"] = {r.code: dict(r.evidence) for r in said.reasons if r.evidence}
            line["constraints"] = [{"code": c.code, **c.evidence} for c in said.constraints]
        return line


def _in_order_of(pairs: Pairs, needs: Ints) -> Pairs:
    """The pairs with their needs in this order, those of one need as they were."""
    place = np.full(int(needs.max(initial=-1)) + 1, -1)
    place[needs] = np.arange(len(needs))
    order = np.argsort(place[pairs.need], kind="stable")
    return Pairs(pairs.need[order], pairs.offer[order], pairs.score[order])
