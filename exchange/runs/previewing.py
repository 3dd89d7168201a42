"""What other settings would change of the last run, before anybody saves them.

The engine runs twice in memory on the same facts, with the settings that hold and with those that
are tried, so that every difference comes from the settings alone. Nothing is written.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import TYPE_CHECKING, Any

from exchange.matching import settings
from exchange.programmes.models import GENERAL
from exchange.runs import queries
from exchange.runs.differences import Group, Side, coverages, need_sides, offer_sides
from exchange.runs.models import Run

if TYPE_CHECKING:
    pass

# A page waits for the answer. A larger run is sampled, needs and offers by the same share: then
# places are as scarce as in the whole.
MOST_NEEDS = 3_000
SECONDS = 5.0

Scores = Mapping[int, Mapping[int, int]]


@dataclass(frozen=True)
class Chosen:
    """An offer that a need gets, and the score of the pair in basis points."""

    offer: Side
    score: int


@dataclass(frozen=True)
class Change:
    """A need that would get other offers: those that it gets with one of the two settings only."""

    need: Side
    before: tuple[Chosen, ...]
    after: tuple[Chosen, ...]


@dataclass(frozen=True)
class Preview:
    """``changed`` counts the pairs that only one of the two settings takes: the larger number of
    those that would go and those that would come. ``needs`` and ``offers``: how many were looked
    at, of how many there are. ``certified``: both results are proven to be the best."""

    run: Run | None
    hash: str
    needs: tuple[int, int]
    offers: tuple[int, int]
    changed: int
    changes: list[Change]
    served: tuple[int, int]
    total: tuple[int, int]
    coverage: Mapping[str, Mapping[str, Group]]
    certified: bool
    seconds: float

    @property
    def is_sample(self) -> bool:
        """Whether only a part of the needs was looked at."""
        return self.needs[0] < self.needs[1]


def preview(values: Mapping[str, Any], *, run: Run | None = None) -> Preview:
    """What ``values`` in place of the present settings would change of a run.

    :param values: settings, as ``settings.checked`` takes them.
    :param run: whose needs are looked at, as if nobody had been asked yet about its pairs; the
        newest run with pairs when not given, else the needs of the network at large.
    :raises Invalid: ``values`` are no settings.
    """
    from exchange.runs import trying  # late: numpy, and the solver, for who matches

    begun = perf_counter()
    present, tried = settings.current(), settings.checked(values)
    base = run or queries.last_solved()
    ids = queries.needs_in(base.id) if base else queries.need_ids(GENERAL)
    facts = trying.facts_of(ids, base, most=MOST_NEEDS)
    old = trying.result(facts, present, seconds=SECONDS)
    new = trying.result(facts, tried, seconds=SECONDS)
    changes = _changes(old.scores, new.scores)
    return Preview(
        run=base,
        hash=tried.hash,
        needs=(len(facts.needs), facts.needs_of),
        offers=(len(facts.offers), facts.offers_of),
        changed=max(sum(len(c.before) for c in changes), sum(len(c.after) for c in changes)),
        changes=changes,
        served=(len(old.scores), len(new.scores)),
        total=(old.total, new.total),
        coverage=coverages(old.coverage, new.coverage),
        certified=old.certified and new.certified,
        seconds=round(perf_counter() - begun, 2),
    )


def _changes(old: Scores, new: Scores) -> list[Change]:
    """The needs that get others, those with the greatest difference of scores first."""
    found: dict[int, tuple[dict[int, int], dict[int, int]]] = {}
    for need_id in sorted({*old, *new}):
        before, after = old.get(need_id, {}), new.get(need_id, {})
        gone = {key: score for key, score in before.items() if key not in after}
        come = {key: score for key, score in after.items() if key not in before}
        if gone or come:
            found[need_id] = gone, come
    needs = need_sides(found)
    offers = offer_sides({offer for both in found.values() for one in both for offer in one})
    changes = [
        Change(needs[need_id], _chosen(gone, offers), _chosen(come, offers))
        for need_id, (gone, come) in found.items()
    ]
    return sorted(changes, key=_difference, reverse=True)


def _chosen(scores: Mapping[int, int], offers: Mapping[int, Side]) -> tuple[Chosen, ...]:
    return tuple(Chosen(offers[key], score) for key, score in scores.items())


def _difference(change: Change) -> int:
    return abs(sum(c.score for c in change.after) - sum(c.score for c in change.before))
