"""The state of learning in the network: what was asked, offered, matched, done, and what changed.

Every figure is a count over the rows of the list it opens (``learning_rows.rows``); all of them
come in one statement, whatever the rows.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Select, String, cast, func, literal, select, union_all

from exchange.dashboards.learning_rows import (
    MEASURES,
    NONE,
    By,
    Counted,
    Track,
    half_year,
    keys,
    rows,
)
from exchange.directory.models import Person
from exchange.extensions import db

Row = Counter[Counted]
# Shares that may be told, each with what it is a share of.
SHARES: dict[Counted, Counted] = {
    Counted.answered: Counted.followed,
    Counted.waiting: Counted.followed,
    Counted.silent: Counted.followed,
    Counted.changed: Counted.answered,
}


@dataclass
class Learning:
    """All figures. ``cuts`` hold by key what each cut counts; ``halves`` by half year (20261)."""

    totals: Row = field(default_factory=Counter)
    cuts: dict[By, dict[str, Row]] = field(default_factory=lambda: {by: {} for by in By})
    halves: dict[str, Row] = field(default_factory=dict)

    def periods(self, *, by_half: bool = False) -> dict[str, Row]:
        """The trend: each year (or half-year) with its figures, the last first; what has no day is
        named "none" and comes last."""
        found: dict[str, Row] = {}
        for half, row in self.halves.items():
            found.setdefault(half if by_half else half.partition("-")[0], Counter()).update(row)
        return dict(sorted(found.items(), key=lambda one: (one[0] != NONE, one[0]), reverse=True))

    def baseline(self, year: str | None) -> str | None:
        """The year that others are compared with: the one asked for, else the first with rows."""
        years = sorted(set(self.periods()) - {NONE})
        return year if year in years else next(iter(years), None)


def learning(actor: Person | None, asked: Mapping[str, Any]) -> Learning:
    """Every figure within what ``actor`` may know of, narrowed by ``asked``; one statement.

    The figures by a cut pass over its own filter, and the trend over the period: beside the one
    that is chosen stand the others.
    """
    found = Learning()
    parts = [part for counted in Counted for part in _parts(counted, actor, asked)]
    for counted, part, key, number in db.session.execute(union_all(*parts)):
        measure = Counted(counted)
        if part == "total":
            found.totals[measure] = number
        elif part == "half":
            found.halves.setdefault(_half(key), Counter())[measure] = number
        else:
            found.cuts[By(part)].setdefault(_named(By(part), key), Counter())[measure] = number
    return found


def _parts(
    counted: Counted, actor: Person | None, asked: Mapping[str, Any]
) -> Iterator[Select[Any]]:
    measure, name = MEASURES[counted], literal(str(counted))
    yield _count(rows(counted, actor, asked), name, "total", None)
    trend = rows(counted, actor, asked, without="period")
    half = cast(half_year(measure.moment), String)
    yield _count(trend, name, "half", half)
    for by in By:
        column, known = keys(measure, by)
        pairs = known.subquery()
        query = rows(counted, actor, asked, without=by).outerjoin(pairs, pairs.c.row == column)
        yield _count(query, name, str(by), pairs.c.key)


def _count(query: Select[Any], name: Any, part: str, key: Any) -> Select[Any]:
    if key is None:
        one = query.with_only_columns(literal("").label("key"), maintain_column_froms=True)
        chosen = one.subquery()
        return select(name, literal(part), literal(""), func.count()).select_from(chosen)
    chosen = query.with_only_columns(key.label("key"), maintain_column_froms=True).subquery()
    counted = select(name, literal(part), chosen.c.key, func.count())
    return counted.group_by(chosen.c.key)


def _half(key: str | None) -> str:
    return f"{key[:-1]}-{key[-1]}" if key else NONE


def _named(by: By, key: str | None) -> str:
    return key or (str(Track.peer_learning) if by == By.track else NONE)
