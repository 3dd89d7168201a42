"""The soft rules of matching: each gives at most its weight, in whole basis points.

A new rule is a function and a line in the table, and a weight in ``configuration.py``. Rules that
name the facts they read are asked once for each two different answers, as the hard rules are; the
others have their arrays in ``features.py`` and ``scoring.py``, which tests hold to be equal.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from exchange.matching.core.configuration import BEST
from exchange.matching.core.facts import NeedFacts, OfferFacts, SideFacts
from exchange.matching.core.points import goal_of, goal_points, shared_out, target_points

# Votes of the middle mark that every host starts with: one bad mark does not sink a newcomer.
PRIOR_VOTES, MIDDLE = 5, 3

# Developed economies as UNCTAD's statistics group them: Northern America, Europe with the European
# part of the former Soviet Union, and these. All others count as South.
NORTH_REGIONS = frozenset({"EUROPE"})
NORTH_COUNTRIES = frozenset(
    ("US", "CA", "BM", "GL", "PM", "AU", "NZ", "JP", "KR", "IL", "RU", "BY", "UA", "MD")
)


@dataclass(frozen=True)
class Pair:
    """A need and an offer. ``similarity`` of their texts: 0 to 10000; ``words`` that show it."""

    need: NeedFacts
    offer: OfferFacts
    similarity: int = 0
    words: tuple[str, ...] = ()


@dataclass(frozen=True)
class Part:
    """What a soft rule gives: ``points`` of its most, with what shows it, in codes."""

    points: int
    evidence: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class SoftRule:
    """A reason for a match; ``measure`` gets the pair and the most that it may give.

    It gives None when a side says nothing on it; then, if the rule ``lends``, its weight goes to
    the text. ``topical``: it shows a subject in common, without which nobody is a match.
    """

    code: str
    measure: Callable[[Pair, int], Part | None]
    topical: bool = False
    lends: bool = False
    need_says: tuple[str, ...] = ()
    offer_says: tuple[str, ...] = ()


def same_themes(pair: Pair, most: int) -> Part | None:
    """Which of the themes asked for are offered; each asked for is worth as much as the others."""
    return _covered(pair.need.themes, pair.offer.themes, most, "themes")


def same_agendas(pair: Pair, most: int) -> Part | None:
    """Which of the global agendas asked for are offered."""
    return _covered(pair.need.agendas, pair.offer.agendas, most, "agendas")


def same_sdg_targets(pair: Pair, most: int) -> Part | None:
    """Which SDG targets are shared; another target of the same goal counts half."""
    asked, offered = pair.need.sdg_targets, pair.offer.sdg_targets
    if not asked or not offered:
        return None
    shares, goals = shared_out(most, asked), {goal_of(target) for target in offered}
    near = {goal_of(t) for t in asked - offered if goal_of(t) in goals}
    points = sum(target_points(shares[t]) for t in asked & offered)
    points += sum(goal_points(shares[t]) for t in asked if goal_of(t) in goals)
    evidence = {"sdg_targets": sorted(asked & offered), "sdg_goals": sorted(near)}
    return Part(points, evidence)


def same_words(pair: Pair, most: int) -> Part | None:
    """How much the two texts speak of the same."""
    return Part(most * pair.similarity // BEST, {"words": list(pair.words)})


def similar_size(pair: Pair, most: int) -> Part | None:
    """The smaller has at least half (in full) or a fifth (half of it) of the other's people."""
    if not pair.need.population or not pair.offer.population:
        return None
    small, large = sorted((pair.need.population, pair.offer.population))
    halves = 2 if 2 * small >= large else 1 if 5 * small >= large else 0
    populations = [pair.need.population, pair.offer.population]
    return Part(most * halves // 2, {"populations": populations})


def south_south(pair: Pair, most: int) -> Part | None:
    """Both are of the South."""
    return Part(most if _south(pair.need) and _south(pair.offer) else 0)


def other_region(pair: Pair, most: int) -> Part | None:
    """They are of different regions of the world association."""
    known = pair.need.region and pair.offer.region
    return Part(most if known and pair.need.region != pair.offer.region else 0)


def rating(pair: Pair, most: int) -> Part | None:
    """How its guests valued the host: the Bayesian mean of the marks 1 to 5.

    ``(stars + 5 · 3) / (votes + 5)``, where 1 gives nothing and 5 the whole weight: a mean that
    begins with five votes of the middle, as weighted ratings of few votes are usually made (IMDb's
    "true Bayesian estimate").
    """
    votes = pair.offer.votes + PRIOR_VOTES
    above_one = pair.offer.stars + PRIOR_VOTES * MIDDLE - votes
    return Part(most * above_one // (4 * votes), {"votes": pair.offer.votes})


def newcomer(pair: Pair, most: int) -> Part | None:
    """The host has never hosted through a match: places should not always go to the same."""
    return Part(most if pair.offer.newcomer else 0)


SOFT: tuple[SoftRule, ...] = (
    SoftRule("same_themes", same_themes, topical=True, lends=True),
    SoftRule("same_sdg_targets", same_sdg_targets, topical=True, lends=True),
    # Nearly everybody names the 2030 Agenda: sharing it alone is no subject.
    SoftRule("same_agendas", same_agendas, lends=True),
    SoftRule("same_words", same_words, topical=True),
    SoftRule("similar_size", similar_size),
    SoftRule(
        "south_south",
        south_south,
        need_says=("country", "region"),
        offer_says=("country", "region"),
    ),
    SoftRule("other_region", other_region, need_says=("region",), offer_says=("region",)),
    SoftRule("rating", rating, offer_says=("votes", "stars")),
    SoftRule("newcomer", newcomer, offer_says=("newcomer",)),
)


def _covered(asked: frozenset[str], offered: frozenset[str], most: int, name: str) -> Part | None:
    if not asked or not offered:
        return None
    shares, shared = shared_out(most, asked), sorted(asked & offered)
    return Part(sum(shares[code] for code in shared), {name: shared})


def _south(side: SideFacts) -> bool:
    return bool(side.country) and not (
        side.region in NORTH_REGIONS or side.country in NORTH_COUNTRIES
    )
