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
    UNMARKED,
    By,
    Counted,
    Measure,
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
    shared = _Shared(actor, asked)
    parts = [part for counted in Counted for part in _parts(counted, shared)]
    for counted, part, key, number in db.session.execute(union_all(*parts)):
        measure = Counted(counted)
        if part == "total":
            found.totals[measure] = number
        elif part == "half":
            found.halves.setdefault(_half(key), Counter())[measure] = number
        else:
            found.cuts[By(part)].setdefault(_named(By(part), key), Counter())[measure] = number
    return found


class _Shared:
    """What the many counts of one statement have in common, each read once by the database: the
    keys of the cuts, and the rows of a measure, grouped by what is asked of them."""

    def __init__(self, actor: Person | None, asked: Mapping[str, Any]) -> None:
        self.actor, self.asked = actor, asked
        self._keys: dict[tuple[str, By], Any] = {}
        self._rows: dict[tuple[Counted, str], Any] = {}

    def keys(self, measure: Measure, by: By) -> tuple[Any, Any]:
        """The column of the rows, and the keys of what it points to."""
        column, pairs = keys(measure, by)
        subject = (measure.region if by == By.section else measure.tags)[0]
        if (subject, by) not in self._keys:
            self._keys[subject, by] = pairs.cte(f"{by}_of_{subject}")
        return column, self._keys[subject, by]

    def rows(self, counted: Counted, without: str = "") -> Any:
        """How many rows have the same tags, the same region and the same half-year."""
        without = without if self.asked.get(without) else ""
        if (counted, without) not in self._rows:
            measure = MEASURES[counted]
            facts = (
                measure.tags[1].label("tags"),
                measure.region[1].label("region"),
                half_year(measure.moment).label("half"),
            )
            found = rows(counted, self.actor, self.asked, without=without, known=self.keys)
            query = found.with_only_columns(*facts, maintain_column_froms=True)
            self._rows[counted, without] = query.cte(f"{counted}_{without or 'all'}")
        return self._rows[counted, without]


def _parts(counted: Counted, shared: _Shared) -> Iterator[Select[Any]]:
    measure, name = MEASURES[counted], literal(str(counted))
    whole = shared.rows(counted)
    total: Any = select(name, literal("total"), literal(""), func.count())
    yield total.select_from(whole)
    trend = shared.rows(counted, "period")
    yield _count(trend, name, "half", cast(trend.c.half, String))
    for by in By:
        found = shared.rows(counted, by)
        _column, pairs = shared.keys(measure, by)
        place = found.c.region if by == By.section else found.c.tags
        yield _count(found.outerjoin(pairs, pairs.c.row == place), name, str(by), pairs.c.key)


def _count(rows_of: Any, name: Any, part: str, key: Any) -> Select[Any]:
    return select(name, literal(part), key, func.count()).select_from(rows_of).group_by(key)


def _half(key: str | None) -> str:
    return f"{key[:-1]}-{key[-1]}" if key else NONE


def _named(by: By, key: str | None) -> str:
    return key or str(UNMARKED.get(by, NONE))
