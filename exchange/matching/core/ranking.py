"""The candidates of one need, what kept the other offers away, and the verdict on any pair."""

from collections.abc import Mapping
from dataclasses import dataclass

from exchange.matching.core.configuration import Configuration
from exchange.matching.core.constraints import Constraint, constraints
from exchange.matching.core.facts import Key
from exchange.matching.core.rules import (
    BELOW_THE_FLOOR,
    Pair,
    Reason,
    broken,
    reaches_the_floor,
    reasons,
    score,
)


@dataclass(frozen=True)
class Verdict:
    """All that the rules say of a pair.

    ``broken``: every hard rule that it breaks, and ``below_the_floor`` where it has too little in
    common; empty for a candidate. ``score`` is the sum of ``reasons``, in basis points.
    """

    need_id: Key
    offer_id: Key
    score: int
    broken: tuple[str, ...]
    reasons: tuple[Reason, ...]
    constraints: tuple[Constraint, ...]

    @property
    def fits(self) -> bool:
        """Whether the pair is a candidate."""
        return not self.broken


@dataclass(frozen=True)
class Ranking:
    """The best candidates of a need, the best first.

    ``removed``: how many offers each rule removed, in the order of the rules, each counting what
    those before it left; with ``fitting``, all candidates, they are ``looked_at``, all offers.
    """

    candidates: tuple[Verdict, ...]
    removed: Mapping[str, int]
    fitting: int
    looked_at: int


def verdict(pair: Pair, configuration: Configuration) -> Verdict:
    """What the rules say of a pair whose similarity is known."""
    given = reasons(pair, configuration)
    against = broken(pair.need, pair.offer)
    if not reaches_the_floor(given, configuration):
        against = (*against, BELOW_THE_FLOOR)
    met = constraints(pair.need, pair.offer)
    return Verdict(pair.need.id, pair.offer.id, score(given), against, given, met)
