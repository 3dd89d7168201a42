"""The rules of matching: two tables. A new rule is a function and a line.

Hard rules: a pair that breaks one is absent, never merely penalised. Soft rules: each gives a part
of its weight, in basis points; the score is their sum, exactly. Weights follow the design of the
matcher; where a tag is missing on either side, its weight goes to the text.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from math import isqrt
from typing import Any

from exchange.matching.facts import NeedFacts, OfferFacts, SideFacts

RULES_VERSION = "2026.1"
BEST, FLOOR = 10_000, 1_500

# Developed economies as UNCTAD's statistics group them: Northern America, Europe with the European
# part of the former Soviet Union, and these. All others count as South.
NORTH_REGIONS = frozenset({"EUROPE"})
NORTH_COUNTRIES = frozenset(
    ("US", "CA", "BM", "GL", "PM", "AU", "NZ", "JP", "KR", "IL", "RU", "BY", "UA", "MD")
)


@dataclass(frozen=True)
class HardRule:
    """A condition without which there is no match."""

    code: str
    holds: Callable[[NeedFacts, OfferFacts], bool]


@dataclass(frozen=True)
class Part:
    """How far a soft rule holds: ``share`` of ``whole``, with what shows it."""

    share: int
    whole: int
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SoftRule:
    """A reason for a match, worth up to ``weight`` basis points.

    ``measure`` gives None when a side says nothing on it; then, if ``lends``, the weight goes to
    the text.
    """

    code: str
    weight: int
    measure: Callable[[NeedFacts, OfferFacts], Part | None]
    topical: bool = False
    lends: bool = False


@dataclass(frozen=True)
class Reason:
    """What one rule gave: basis points of the ``most`` it could give."""

    code: str
    points: int
    most: int
    evidence: Mapping[str, Any]


# Hard rules


def another_organisation(need: NeedFacts, offer: OfferFacts) -> bool:
    """Nobody learns from itself."""
    return need.organisation_id != offer.organisation_id


def both_published(need: NeedFacts, offer: OfferFacts) -> bool:
    """Both can be read by the network."""
    return need.published and offer.published


def not_together_yet(need: NeedFacts, offer: OfferFacts) -> bool:
    """No live match joins them already."""
    return offer.id not in need.together


def not_declined_lately(need: NeedFacts, offer: OfferFacts) -> bool:
    """Nobody said no to this pair in the last twelve months."""
    return offer.id not in need.refused


def a_place_is_left(need: NeedFacts, offer: OfferFacts) -> bool:
    """The offer can still host somebody."""
    return offer.places_taken < offer.places


def a_host_is_wanted(need: NeedFacts, offer: OfferFacts) -> bool:
    """The need has not found all its hosts."""
    return need.hosts_found < need.hosts_wanted


def a_common_language(need: NeedFacts, offer: OfferFacts) -> bool:
    """They share a working language, or one of them can work through an interpreter."""
    return bool(need.languages & offer.languages) or need.interpretation or offer.interpretation


def windows_overlap(need: NeedFacts, offer: OfferFacts) -> bool:
    """There is a day that suits both; an open end suits always."""
    return _before(need.first_day, offer.last_day) and _before(offer.first_day, need.last_day)


def a_common_format(need: NeedFacts, offer: OfferFacts) -> bool:
    """They share a format of exchange, or one of them is open to any."""
    return not need.formats or not offer.formats or bool(need.formats & offer.formats)


def _before(first: Any, last: Any) -> bool:
    return first is None or last is None or first <= last


# Cheap and decisive rules come first: each counts what the ones before it left.
HARD: tuple[HardRule, ...] = (
    HardRule("both_published", both_published),
    HardRule("another_organisation", another_organisation),
    HardRule("not_together_yet", not_together_yet),
    HardRule("not_declined_lately", not_declined_lately),
    HardRule("a_host_is_wanted", a_host_is_wanted),
    HardRule("a_place_is_left", a_place_is_left),
    HardRule("a_common_language", a_common_language),
    HardRule("windows_overlap", windows_overlap),
    HardRule("a_common_format", a_common_format),
)


# Soft rules


def same_themes(need: NeedFacts, offer: OfferFacts) -> Part | None:
    """Which of the themes asked for are offered."""
    return _covered(need.themes, offer.themes, "themes")


def same_agendas(need: NeedFacts, offer: OfferFacts) -> Part | None:
    """Which of the global agendas asked for are offered."""
    return _covered(need.agendas, offer.agendas, "agendas")


def same_sdg_targets(need: NeedFacts, offer: OfferFacts) -> Part | None:
    """Which SDG targets are shared; another target of the same goal counts half."""
    if not need.sdg_targets or not offer.sdg_targets:
        return None
    shared = need.sdg_targets & offer.sdg_targets
    goals = {_goal(target) for target in offer.sdg_targets}
    near = {t for t in need.sdg_targets - shared if _goal(t) in goals}
    evidence = {"sdg_targets": sorted(shared), "sdg_goals": sorted({_goal(t) for t in near})}
    return Part(2 * len(shared) + len(near), 2 * len(need.sdg_targets), evidence)


def same_words(need: NeedFacts, offer: OfferFacts) -> Part | None:
    """How much the two texts speak of the same: the cosine of their sets of word beginnings."""
    shared = need.words & offer.words
    # The square root as an integer number of thousandths: scores are the same everywhere.
    size = isqrt(len(need.words) * len(offer.words) * 1_000_000)
    return Part(1000 * len(shared), max(size, 1), {"words": sorted(shared)[:8]})


def similar_size(need: NeedFacts, offer: OfferFacts) -> Part | None:
    """The smaller has at least half (in full) or a fifth (in part) of the other's inhabitants."""
    if not need.population or not offer.population:
        return None
    small, large = sorted((need.population, offer.population))
    share = 2 if 2 * small >= large else 1 if 5 * small >= large else 0
    return Part(share, 2, {"populations": [need.population, offer.population]})


def south_south(need: NeedFacts, offer: OfferFacts) -> Part | None:
    """Both are of the South."""
    return Part(int(_south(need) and _south(offer)), 1)


def other_region(need: NeedFacts, offer: OfferFacts) -> Part | None:
    """They are of different regions of the world association."""
    differ = bool(need.region and offer.region) and need.region != offer.region
    return Part(int(differ), 1)


def same_format(need: NeedFacts, offer: OfferFacts) -> Part | None:
    """Both named a format, and it is the same."""
    shared = sorted(need.formats & offer.formats)
    return Part(int(bool(shared)), 1, {"formats": shared})


def newcomer(need: NeedFacts, offer: OfferFacts) -> Part | None:
    """The host has never hosted through a match: places should not always go to the same."""
    return Part(int(offer.newcomer), 1)


SOFT: tuple[SoftRule, ...] = (
    SoftRule("same_themes", 3500, same_themes, topical=True, lends=True),
    SoftRule("same_sdg_targets", 2000, same_sdg_targets, topical=True, lends=True),
    # Nearly everybody names the 2030 Agenda: sharing it alone is no subject.
    SoftRule("same_agendas", 500, same_agendas, lends=True),
    SoftRule("same_words", 2000, same_words, topical=True),
    SoftRule("similar_size", 500, similar_size),
    SoftRule("south_south", 500, south_south),
    SoftRule("other_region", 400, other_region),
    SoftRule("same_format", 400, same_format),
    SoftRule("newcomer", 200, newcomer),
)
TOPICAL = frozenset(rule.code for rule in SOFT if rule.topical)


def broken(need: NeedFacts, offer: OfferFacts) -> str | None:
    """The code of the first hard rule that the pair breaks, or None."""
    return next((rule.code for rule in HARD if not rule.holds(need, offer)), None)


def reasons(need: NeedFacts, offer: OfferFacts) -> tuple[Reason, ...]:
    """What each soft rule gives to the pair, in the order of the table."""
    parts = [(rule, rule.measure(need, offer)) for rule in SOFT]
    lent = sum(rule.weight for rule, part in parts if part is None and rule.lends)
    given = []
    for rule, part in parts:
        if part is not None:
            most = rule.weight + (lent if rule.code == "same_words" else 0)
            given.append(Reason(rule.code, most * part.share // part.whole, most, part.evidence))
    return tuple(given)


def worth_it(given: tuple[Reason, ...]) -> bool:
    """Whether a pair reaches the floor, and by its subject, not only by size and place."""
    by_subject = any(reason.points for reason in given if reason.code in TOPICAL)
    return by_subject and score(given) >= FLOOR


def score(given: tuple[Reason, ...]) -> int:
    """The score in basis points: from 0 to 10000."""
    return sum(reason.points for reason in given)


def _covered(asked: frozenset[str], given: frozenset[str], name: str) -> Part | None:
    if not asked or not given:
        return None
    shared = asked & given
    return Part(len(shared), len(asked), {name: sorted(shared)})


def _goal(target: str) -> str:
    return target.partition(".")[0]


def _south(side: SideFacts) -> bool:
    return bool(side.country) and not (
        side.region in NORTH_REGIONS or side.country in NORTH_COUNTRIES
    )
