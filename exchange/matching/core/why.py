"""Why not: for a need, which single change would bring most offers; for a pair, what would join it.

Counts are exact: of the offers that break one hard rule and reach the floor, those that the change
lets in. Themes change the score; so the few that most of the offers below the floor have are tried.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from exchange.matching.core.facts import Key, NeedFacts
from exchange.matching.core.pairs import Ints
from exchange.matching.core.ranking import Verdict
from exchange.matching.core.rules import BELOW_THE_FLOOR, HARD
from exchange.matching.core.view import Flags, View

if TYPE_CHECKING:
    from exchange.matching.core.market import Marketplace

# By how many weeks a window may be widened at both ends; how many themes are tried.
WEEKS = (1, 2, 4, 8, 13, 26)
THEMES_TRIED = 5


@dataclass(frozen=True)
class Change:
    """A change of a need, and how many offers it would bring.

    ``kind`` and ``value``: "languages" and "formats" (one more; "" lifts the limit on formats),
    "themes" (one more), "interpretation" (work through an interpreter), "window" (weeks to add at
    both ends), "visa_letter" and "funding" (do without), "published", "hosts_wanted" (one more).
    """

    kind: str
    value: str | int
    gains: int


@dataclass(frozen=True)
class WhyNot:
    """The verdict on a pair, and changes of the need that each remove one thing against it."""

    verdict: Verdict
    changes: tuple[Change, ...]


def changes(
    market: "Marketplace", need: NeedFacts | Key, *, themes: Collection[str] | None = None
) -> tuple[Change, ...]:
    """The single changes that would bring a need more offers, the best first.

    :param themes: those that its text speaks of; others bring offers that are of no use. All when
        not given.
    """
    view = market.view(need)
    kept = {rule.code: view.holds(rule.code) for rule in HARD}
    breaks = np.sum([~holds for holds in kept.values()], axis=0)
    fits = np.zeros(view.many, np.bool_)
    fits[view.scored(breaks <= 1)[0]] = True
    near = fits & (breaks == 1)
    found = _of_rules(view, {code: near & ~holds for code, holds in kept.items()})
    return _best_first([*found, *_themes(view, (breaks == 0) & ~fits, themes)])


def why_not(market: "Marketplace", need: NeedFacts | Key, offer_id: Key) -> WhyNot:
    """What speaks against a pair, and what of it the need could change; KeyError as ``explain``."""
    view, said = market.view(need), market.explain(need, offer_id)
    one = np.zeros(view.many, np.bool_)
    one[view.index.place[offer_id]] = True
    nobody = np.zeros_like(one)
    against = {rule.code: one if rule.code in said.broken else nobody for rule in HARD}
    themes = _themes(view, one if BELOW_THE_FLOOR in said.broken else nobody)
    return WhyNot(said, _best_first([*_of_rules(view, against), *themes]))


def _of_rules(view: View, lost: dict[str, Flags]) -> Iterator[Change]:
    """What would let in the offers that each hard rule keeps out."""
    for code, offers in lost.items():
        if code in HELP and offers.any():
            yield from HELP[code](view, np.flatnonzero(offers))


def _languages(view: View, offers: Ints) -> Iterator[Change]:
    yield Change("interpretation", "", len(offers))
    spoken = (view.index.shelved[at].languages for at in offers)
    yield from _one_more("languages", spoken)


def _formats(view: View, offers: Ints) -> Iterator[Change]:
    yield Change("formats", "", len(offers))
    yield from _one_more("formats", (view.index.shelved[at].formats for at in offers))


def _window(view: View, offers: Ints) -> Iterator[Change]:
    """The fewest weeks that bring at least half of what the most would."""
    ours, theirs = view.columns, view.index.columns.at(offers)
    days = np.maximum(theirs.first - ours.last[0], ours.first[0] - theirs.last)
    gains = [int(np.count_nonzero(days <= 7 * weeks)) for weeks in WEEKS]
    for weeks, gain in zip(WEEKS, gains, strict=True):
        if gain and 2 * gain >= gains[-1]:
            yield Change("window", weeks, gain)
            return


def _flag(kind: str) -> Callable[[View, Ints], Iterator[Change]]:
    def change(_view: View, offers: Ints) -> Iterator[Change]:
        yield Change(kind, "", len(offers))

    return change


def _another_host(view: View, offers: Ints) -> Iterator[Change]:
    more = 1 + view.need.hosts_found - view.need.hosts_wanted
    yield Change("hosts_wanted", more, len(offers))


def _published(view: View, offers: Ints) -> Iterator[Change]:
    mine = [at for at in offers if view.index.shelved[at].published]
    if mine and not view.need.published:
        yield Change("published", "", len(mine))


def _themes(view: View, below: Flags, among: Collection[str] | None = None) -> Iterator[Change]:
    """Themes that would lift offers above the floor; each of those tried is counted exactly."""
    theirs = (view.index.shelved[at].themes for at in np.flatnonzero(below))
    usual = Counter(theme for themes in theirs for theme in themes - view.need.themes)
    if among is not None:
        usual = Counter({theme: usual[theme] for theme in among if theme in usual})
    for theme, _ in sorted(usual.items(), key=lambda one: (-one[1], one[0]))[:THEMES_TRIED]:
        wider = replace(view.need, themes=view.need.themes | {theme})
        gains = len(View(view.scoring, wider, view.text).scored(below)[0])
        if gains:
            yield Change("themes", theme, gains)


def _one_more(kind: str, sets: Iterable[frozenset[str]]) -> Iterator[Change]:
    counted = Counter(code for codes in sets for code in codes)
    return (Change(kind, code, gains) for code, gains in counted.items())


def _best_first(found: Iterable[Change]) -> tuple[Change, ...]:
    return tuple(sorted(found, key=lambda one: (-one.gains, one.kind, str(one.value))))


# What a need can do about a hard rule. Nobody can change who it is or what was said before.
HELP: dict[str, Callable[[View, Ints], Iterator[Change]]] = {
    "both_published": _published,
    "a_host_is_wanted": _another_host,
    "a_common_language": _languages,
    "windows_overlap": _window,
    "a_common_format": _formats,
    "visa_letter": _flag("visa_letter"),
    "funding": _flag("funding"),
}
