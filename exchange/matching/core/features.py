"""Texts and tags as one sparse matrix of whole numbers, so that one product gives both.

An entry of a product holds three numbers, packed into 64 bits: in the low 32 the product of the two
texts (signed), in the next 16 the points of shared tags, above them how many of those points' tags
show a subject. An offer has a 1 for each tag; a need has the points that the tag gives.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np
from scipy import sparse

from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.core.pairs import Ints
from exchange.matching.core.points import goal_of, goal_points, shared_out, target_points

POINTS, SUBJECT, LOW_BITS = 32, 48, 0xFFFF
Tag = tuple[str, str]


def tags_of_offer(offer: OfferFacts) -> Iterator[Tag]:
    """The tags of an offer; each target stands for its goal as well."""
    yield from (("theme", code) for code in offer.themes)
    yield from (("target", code) for code in offer.sdg_targets)
    yield from (("goal", goal) for goal in {goal_of(code) for code in offer.sdg_targets})
    yield from (("agenda", code) for code in offer.agendas)


def tags_of_need(need: NeedFacts, weights: Mapping[str, int]) -> dict[Tag, int]:
    """What each tag gives to an offer that has it, packed."""
    found: dict[Tag, int] = {}
    for code, points in shared_out(weights.get("same_themes", 0), need.themes).items():
        found["theme", code] = _topical(points)
    for code, points in shared_out(weights.get("same_sdg_targets", 0), need.sdg_targets).items():
        found["target", code] = _topical(target_points(points))
        goal = ("goal", goal_of(code))
        found[goal] = found.get(goal, 0) + _topical(goal_points(points))
    for code, points in shared_out(weights.get("same_agendas", 0), need.agendas).items():
        found["agenda", code] = points << POINTS
    return found


def unpacked(product: Ints) -> tuple[Ints, Ints]:
    """The texts' product, and the tags: points in their low 16 bits, subjects above."""
    text = product.astype(np.int32).astype(np.int64)
    return text, (product - text) >> POINTS


class Features:
    """The columns: features of texts that an offer has (none for dense texts), then tags."""

    def __init__(self, offers: Sequence[OfferFacts], text: Any) -> None:
        self.tags: dict[Tag, int] = {}
        columns, ends = self._tags(offers)
        tags = sparse.csr_matrix(
            (np.ones(len(columns), np.int64), columns, ends), (len(offers), len(self.tags))
        )
        self.words = text.shape[1]
        self.offers = sparse.hstack([text, tags], format="csr", dtype=np.int64)

    def of_needs(self, needs: Sequence[NeedFacts], text: Any, weights: Mapping[str, int]) -> Any:
        """The matrix of needs, CSR of int64: a row each, the columns of the offers."""
        columns: list[int] = []
        values: list[int] = []
        ends = [0]
        for need in needs:
            for tag, value in tags_of_need(need, weights).items():
                column = self.tags.get(tag)
                if column is not None:
                    columns.append(column)
                    values.append(value)
            ends.append(len(columns))
        tags = sparse.csr_matrix(
            (np.array(values, np.int64), columns, ends), (len(needs), len(self.tags))
        )
        return sparse.hstack([text, tags], format="csr", dtype=np.int64)

    def of_need(self, need: NeedFacts, text: Any, weights: Mapping[str, int]) -> Ints:
        """The row of one need with all its zeros, int64."""
        row = np.zeros(self.offers.shape[1], np.int64)
        row[text.indices] = text.data
        for tag, value in tags_of_need(need, weights).items():
            column = self.tags.get(tag)
            if column is not None:
                row[self.words + column] = value
        return row

    def _tags(self, offers: Iterable[OfferFacts]) -> tuple[list[int], list[int]]:
        columns: list[int] = []
        ends = [0]
        for offer in offers:
            columns.extend(self.tags.setdefault(t, len(self.tags)) for t in tags_of_offer(offer))
            ends.append(len(columns))
        return columns, ends


def _topical(points: int) -> int:
    return (points << POINTS) + (1 << SUBJECT) if points > 0 else 0
