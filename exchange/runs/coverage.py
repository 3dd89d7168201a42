"""Whom a run serves: needs with a host, and all that looked for one, by groups of cities."""

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence

from exchange.matching.core.facts import Key, NeedFacts

# Intermediary cities as UCLG and UN-Habitat count them: 50,000 to a million inhabitants.
INTERMEDIARY, METROPOLITAN = 50_000, 1_000_000
UNKNOWN = "unknown"
SIZES = ("small", "intermediary", "metropolitan", UNKNOWN)

Served = Mapping[str, list[int]]


def size_class(population: int | None) -> str:
    """The size class of a city by its inhabitants; a member of ``SIZES``."""
    if not population:
        return UNKNOWN
    if population < INTERMEDIARY:
        return "small"
    return "intermediary" if population < METROPOLITAN else "metropolitan"


GROUPS: Mapping[str, Callable[[NeedFacts], str]] = {
    "section": lambda need: need.region or UNKNOWN,
    "size": lambda need: size_class(need.population),
    "language": lambda need: need.language or UNKNOWN,
}


def coverage(needs: Sequence[NeedFacts], served: Collection[Key]) -> dict[str, Served]:
    """For each kind of group and each group: how many needs got a host, of how many that looked
    for one.

    :param served: ids of the needs that got at least one host.
    """
    looking = [need for need in needs if need.open_places > 0]
    return {kind: _by(group, looking, served) for kind, group in GROUPS.items()}


def _by(
    group: Callable[[NeedFacts], str], needs: Sequence[NeedFacts], served: Collection[Key]
) -> Served:
    asked = Counter(group(need) for need in needs)
    got = Counter(group(need) for need in needs if need.id in served)
    return {name: [got[name], asked[name]] for name in sorted(asked)}
