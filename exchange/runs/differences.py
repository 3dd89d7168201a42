"""A draft beside an earlier run: which pairs are new, who gains, who loses, whom each run serves.

Four statements, whatever the size of the runs. Scores are basis points.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, select

from exchange.catalogue.models import Need, Offer
from exchange.directory.models import Organisation
from exchange.extensions import db
from exchange.matching.models import Match
from exchange.matching.queries import ASKED, TOGETHER
from exchange.runs import queries
from exchange.runs.coverage import Served
from exchange.runs.models import Run, RunPair

Key = tuple[int, int]


@dataclass(frozen=True)
class Side:
    """A need or an offer as a list names it."""

    id: int
    title: str
    organisation_id: int
    organisation: str
    language: str


@dataclass(frozen=True)
class Line:
    """A pair, with its score in the earlier run and in the draft; None where it is not there."""

    need: Side
    offer: Side
    before: int | None
    after: int | None


@dataclass(frozen=True)
class NeedChange:
    """What a need gets: the sums of the scores of its pairs."""

    need: Side
    before: int
    after: int


@dataclass(frozen=True)
class HostChange:
    """How many places an organisation gives."""

    organisation_id: int
    organisation: str
    before: int
    after: int


@dataclass(frozen=True)
class Group:
    """Needs of one group: with a host, of all that looked for one, in each of the two runs."""

    served_before: int
    asked_before: int
    served_after: int
    asked_after: int


@dataclass(frozen=True)
class Comparison:
    """``going_on``: pairs of the earlier run that wait for an answer or have agreed: the draft
    need not propose them again, so nobody loses them. Each list has the greatest change first."""

    before: Run | None
    after: Run
    new: list[Line]
    gone: list[Line]
    same: list[Line]
    going_on: list[Line]
    needs_gain: list[NeedChange]
    needs_lose: list[NeedChange]
    hosts_gain: list[HostChange]
    hosts_lose: list[HostChange]
    coverage: Mapping[str, Mapping[str, Group]]

    @property
    def totals(self) -> tuple[int, int]:
        """The sum of scores of the earlier run and of the draft."""
        return (self.before.report.get("total", 0) if self.before else 0), self.after.report.get(
            "total", 0
        )


def compare(run: Run, other: Run | None = None) -> Comparison:
    """``run`` beside ``other``, or beside the last published run that was begun before it; beside
    nothing when there is none."""
    before = other or queries.last_published(run.programme_code, before=run)
    both = [one.id for one in (before, run) if one is not None]
    scores = _scores(both)
    old, new = scores.get(before.id if before else 0, {}), scores.get(run.id, {})
    needs = need_sides(_of(RunPair.need_id, both))
    offers = offer_sides(_of(RunPair.offer_id, both))
    live = _live(old, before)
    lines = {
        key: Line(needs[key[0]], offers[key[1]], old.get(key), new.get(key))
        for key in sorted({*old, *new})
    }
    kinds = _by_kind(lines, live)
    carried = {**new, **{key: old[key] for key in live if key not in new}}
    need_changes = _need_changes(_sums(old), _sums(carried), needs)
    host_changes = _host_changes(_hosts(old, offers), _hosts(carried, offers), offers)
    return Comparison(
        before=before,
        after=run,
        new=kinds["new"],
        gone=kinds["gone"],
        same=kinds["same"],
        going_on=kinds["going_on"],
        needs_gain=[one for one in need_changes if one.after > one.before],
        needs_lose=[one for one in need_changes if one.after < one.before],
        hosts_gain=[one for one in host_changes if one.after > one.before],
        hosts_lose=[one for one in host_changes if one.after < one.before],
        coverage=coverages(
            before.report.get("coverage", {}) if before else {}, run.report.get("coverage", {})
        ),
    )


def need_sides(ids: Any) -> dict[int, Side]:
    """Names of needs by id. ``ids``: numbers, or a query that gives them."""
    return _sides(Need, ids)


def offer_sides(ids: Any) -> dict[int, Side]:
    """Names of offers by id. ``ids``: numbers, or a query that gives them."""
    return _sides(Offer, ids)


def coverages(
    before: Mapping[str, Served], after: Mapping[str, Served]
) -> dict[str, dict[str, Group]]:
    """The coverage of two runs side by side, by kind of group and group."""
    nobody = [0, 0]
    return {
        kind: {
            name: Group(
                *before.get(kind, {}).get(name, nobody), *after.get(kind, {}).get(name, nobody)
            )
            for name in sorted({*before.get(kind, {}), *after.get(kind, {})})
        }
        for kind in sorted({*before, *after})
    }


def _scores(run_ids: list[int]) -> dict[int, dict[Key, int]]:
    """Run → pair → score."""
    columns = (RunPair.run_id, RunPair.need_id, RunPair.offer_id, RunPair.score)
    found: dict[int, dict[Key, int]] = defaultdict(dict)
    for row in db.session.execute(select(*columns).where(RunPair.run_id.in_(run_ids))):
        found[row.run_id][row.need_id, row.offer_id] = row.score
    return found


def _of(column: Any, run_ids: list[int]) -> Select[Any]:
    return select(column).where(RunPair.run_id.in_(run_ids))


def _sides(model: Any, ids: Any) -> dict[int, Side]:
    columns = (
        model.id,
        model.title,
        model.organisation_id,
        Organisation.name,
        model.language,
    )
    query = select(*columns).join(Organisation, Organisation.id == model.organisation_id)
    wanted = ids if isinstance(ids, Select) else sorted(ids)
    return {row.id: Side(*row) for row in db.session.execute(query.where(model.id.in_(wanted)))}


def _live(old: Mapping[Key, int], before: Run | None) -> set[Key]:
    """The pairs of the earlier run whose cities are asked or have agreed now."""
    if before is None:
        return set()
    query = select(Match.need_id, Match.offer_id).where(
        Match.need_id.in_(_of(RunPair.need_id, [before.id])), Match.state.in_((*ASKED, *TOGETHER))
    )
    return {(row.need_id, row.offer_id) for row in db.session.execute(query)} & old.keys()


def _by_kind(lines: Mapping[Key, Line], live: set[Key]) -> Mapping[str, list[Line]]:
    found: dict[str, list[Line]] = defaultdict(list)
    for key, line in lines.items():
        if line.before is None:
            found["new"].append(line)
        elif line.after is None:
            found["going_on" if key in live else "gone"].append(line)
        else:
            found["same"].append(line)
    for kind in found.values():
        kind.sort(key=lambda line: -(line.after or line.before or 0))
    return found


def _sums(scores: Mapping[Key, int]) -> Counter[int]:
    found: Counter[int] = Counter()
    for (need_id, _offer_id), score in scores.items():
        found[need_id] += score
    return found


def _hosts(pairs: Iterable[Key], offers: Mapping[int, Side]) -> Counter[int]:
    return Counter(offers[offer_id].organisation_id for _need_id, offer_id in pairs)


def _need_changes(
    before: Counter[int], after: Counter[int], needs: Mapping[int, Side]
) -> list[NeedChange]:
    changes = [NeedChange(needs[key], before[key], after[key]) for key in {*before, *after}]
    return sorted(changes, key=lambda one: (-abs(one.after - one.before), one.need.id))


def _host_changes(
    before: Counter[int], after: Counter[int], offers: Mapping[int, Side]
) -> list[HostChange]:
    names = {side.organisation_id: side.organisation for side in offers.values()}
    changes = [HostChange(key, names[key], before[key], after[key]) for key in {*before, *after}]
    return sorted(changes, key=lambda one: (-abs(one.after - one.before), one.organisation_id))
