"""How well matching serves the network: figures of its history, read only.

A dozen statements whatever the number of rows; all else is arithmetic on grouped counts. Where a
list shows the rows behind a figure, ``rows`` holds the filter that opens it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from statistics import median
from typing import Any

from exchange.catalogue.queries import NEVER_ASKED
from exchange.matching import quality_counts as counts
from exchange.matching.models import Side
from workflows.match import MatchState

# Positions as people read them: the first ones each by itself.
POSITIONS = ("1", "2", "3", "4-5", "6+")
# Kinds of groups in which coverage is told apart, and the filter of the list of needs for each.
GROUP_FILTERS = {"section": "section", "language": "language", "theme": "theme", "size": None}
Filter = Mapping[str, str]


@dataclass(frozen=True)
class Share:
    """``part`` of ``whole``, as counted."""

    part: int
    whole: int

    @property
    def points(self) -> int:
        """In basis points, 10000 is all; of nothing, 0."""
        return 10_000 * self.part // self.whole if self.whole else 0


@dataclass(frozen=True)
class Group:
    """The open needs of one group, and how many of them are served. ``code`` is empty where a need
    says nothing. ``rows`` filters the list of needs to those that are not served."""

    kind: str
    code: str
    served: Share
    rows: Filter | None = None


@dataclass(frozen=True)
class Position:
    """What became of pairs that stood at one place of the list when they were last ranked.

    ``shown``: lines of logged lists. ``asked`` pairs are ``accepted`` by both sides, ``declined``
    by one, ``silent`` (nobody answered in time), or neither: still waiting, or taken back.
    """

    name: str
    shown: int = 0
    asked: int = 0
    accepted: int = 0
    declined: int = 0
    silent: int = 0

    @property
    def acceptance(self) -> Share:
        """The accepted of those whose end is known."""
        return Share(self.accepted, self.accepted + self.declined + self.silent)


@dataclass(frozen=True)
class Reason:
    """How often a reason code was given for a no, by the side that gave it."""

    code: str
    need: int
    offer: int
    rows: Filter

    @property
    def total(self) -> int:
        """By both sides."""
        return self.need + self.offer


@dataclass(frozen=True)
class Happened:
    """The history as a funnel: pairs asked, agreed, and with a visit that was held."""

    asked: int
    agreed: int
    visited: int


@dataclass(frozen=True)
class Quality:
    """All figures. ``gini_hosts``: how unequally places are given by the organisations that offer,
    ``gini_learners``: how unequally hosts are found by those that need; 0 is equal, near 1 all
    goes to one. ``median_days``: from being asked to an answer, None before the first."""

    coverage: Share
    unserved: Filter
    groups: Mapping[str, Sequence[Group]]
    live: Mapping[str, tuple[int, int]]
    total_score: int
    gini_hosts: float
    gini_learners: float
    positions: Sequence[Position]
    reasons: Sequence[Reason]
    silence: Share
    median_days: float | None
    stale: Share
    stale_rows: Filter
    happened: Happened
    since: date | None = field(default=None)


def quality(
    *, section: str = "", since: date | None = None, never_asked: timedelta = NEVER_ASKED
) -> Quality:
    """The figures of the network, or of one section.

    :param section: code; needs and offers of its organisations, and matches with one side in it.
    :param since: only pairs that were asked on that day or later; coverage and stale offers are
        always those of now.
    :param never_asked: an offer is stale that was published so long ago and never asked for; the
        list behind it takes the usual time.
    """
    scope = counts.Scope(section, since)
    covered, groups = _coverage(scope)
    live = counts.live(scope)
    positions = _positions(scope)
    here = {"section": section} if section else {}
    return Quality(
        coverage=covered,
        unserved={"unmatched": "yes", **here},
        groups=groups,
        live=live,
        total_score=sum(points for _number, points in live.values()),
        gini_hosts=gini(counts.places_given(scope)),
        gini_learners=gini(counts.hosts_found(scope)),
        positions=positions,
        reasons=_reasons(scope, here),
        silence=_silence(positions),
        median_days=_median_days(scope),
        stale=Share(*counts.stale(scope, never_asked)),
        stale_rows={"stale": "yes", **here},
        happened=Happened(*counts.happened(scope)),
        since=since,
    )


def gini(numbers: Sequence[int]) -> float:
    """The Gini coefficient of ``numbers``: 0 when all are equal, near 1 when one has all.

    With the numbers in ascending order, G = 2 · Σ i·x_i / (n · Σ x_i) − (n + 1) / n, the mean
    absolute difference divided by twice the mean (C. Gini, Variabilità e mutabilità, 1912).
    """
    count, total = len(numbers), sum(numbers)
    if not total:
        return 0.0
    weighted = sum(rank * number for rank, number in enumerate(sorted(numbers), 1))
    return round((2 * weighted - (count + 1) * total) / (count * total), 4)


def _coverage(scope: counts.Scope) -> tuple[Share, dict[str, list[Group]]]:
    covered = Share(0, 0)
    groups: dict[str, list[Group]] = {kind: [] for kind in GROUP_FILTERS}
    for kind, code, whole, part in counts.coverage(scope):
        if kind in groups:
            share = Share(part, whole)
            groups[kind].append(Group(kind, code, share, _group_rows(kind, code)))
        else:
            covered = Share(part, whole)
    for found in groups.values():
        # The worst served first; of equals, the group in which more people wait.
        found.sort(key=lambda g: (g.served.points, g.served.part - g.served.whole, g.code))
    return covered, groups


def _group_rows(kind: str, code: str) -> Filter | None:
    name = GROUP_FILTERS[kind]
    return {"unmatched": "yes", name: code} if name and code else None


def position_of(number: int) -> str:
    """The name of a position of the list, from 1."""
    if number <= 3:
        return str(number)
    return "4-5" if number <= 5 else "6+"


def _positions(scope: counts.Scope) -> list[Position]:
    found: dict[str, dict[str, int]] = {name: {} for name in POSITIONS}
    for number, what, many in (*counts.shown(scope), *counts.outcomes(scope)):
        if number:
            row = found[position_of(number)]
            row[what] = row.get(what, 0) + many
            if what != "shown":
                row["asked"] = row.get("asked", 0) + many
    kept = Position.__dataclass_fields__
    return [
        Position(name, **{what: many for what, many in row.items() if what in kept})
        for name, row in found.items()
    ]


def _silence(positions: Sequence[Position]) -> Share:
    ended = sum(row.acceptance.whole for row in positions)
    return Share(sum(row.silent for row in positions), ended)


def _reasons(scope: counts.Scope, here: Filter) -> list[Reason]:
    found: dict[str, dict[Any, int]] = {}
    for code, side, many in counts.declines(scope):
        found.setdefault(code, {})[side] = many
    state = MatchState.declined.value
    reasons = [
        Reason(
            code,
            by.get(Side.need, 0),
            by.get(Side.offer, 0),
            {"state": state, "reason": code, **here},
        )
        for code, by in found.items()
    ]
    return sorted(reasons, key=lambda reason: (-reason.total, reason.code))


def _median_days(scope: counts.Scope) -> float | None:
    days = [
        (answered - asked).total_seconds() / 86_400 for asked, answered in counts.answers(scope)
    ]
    return round(median(days), 1) if days else None
