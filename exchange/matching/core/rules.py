"""What the rules say of a pair: those it breaks, its reasons, its score.

The rules are two tables: ``HARD`` in ``hard_rules.py`` and ``SOFT`` in ``soft_rules.py``. The score
is the sum of what the soft rules give, exactly. Weights and the floor are settings
(``Configuration``). Where a side has no tags, their weight goes to the text.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.core.hard_rules import HARD, HardRule
from exchange.matching.core.soft_rules import SOFT, Pair, Part, SoftRule, same_words

__all__ = ["HARD", "SOFT", "HardRule", "Pair", "Part", "Reason", "SoftRule"]

BELOW_THE_FLOOR = "below_the_floor"
DECLINED_BEFORE = "declined_before"
TOPICAL = frozenset(rule.code for rule in SOFT if rule.topical)


@dataclass(frozen=True)
class Reason:
    """What one rule gave: basis points of the ``most`` it could give."""

    code: str
    points: int
    most: int
    evidence: Mapping[str, Any]


def broken(need: NeedFacts, offer: OfferFacts) -> tuple[str, ...]:
    """The codes of all hard rules that the pair breaks, in the order of the table."""
    return tuple(rule.code for rule in HARD if not rule.holds(need, offer))


def reasons(pair: Pair, configuration: Configuration) -> tuple[Reason, ...]:
    """What each soft rule gives to the pair; a pair declined before loses what is set for it."""
    weights = configuration.weights
    parts = [(rule, rule.measure(pair, weights.get(rule.code, 0))) for rule in SOFT]
    lent = sum(weights.get(rule.code, 0) for rule, part in parts if part is None and rule.lends)
    given = []
    for rule, part in parts:
        is_text = rule.measure is same_words
        most = weights.get(rule.code, 0) + (lent if is_text else 0)
        measured = rule.measure(pair, most) if is_text else part
        if measured is not None:
            given.append(Reason(rule.code, measured.points, most, measured.evidence))
    if pair.offer.id in pair.need.lowered:
        loss = min(configuration.lowered, score(given))
        given.append(Reason(DECLINED_BEFORE, -loss, 0, {}))
    return tuple(given)


def score(given: Iterable[Reason]) -> int:
    """The score in basis points, 0 to 10000: the sum of what the rules gave."""
    return sum(reason.points for reason in given)


def reaches_the_floor(given: tuple[Reason, ...], configuration: Configuration) -> bool:
    """Whether a pair has enough in common, and a subject, not only size and place."""
    by_subject = any(reason.points > 0 for reason in given if reason.code in TOPICAL)
    return by_subject and score(given) >= configuration.floor
