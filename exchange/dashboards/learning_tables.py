"""The state of learning as one flat table: a line a figure, the same for CSV, JSON and paper."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exchange.dashboards.learning_figures import SHARES, Learning
from exchange.dashboards.learning_rows import By, Counted


@dataclass(frozen=True)
class Figure:
    """One figure. ``asked`` narrows the list behind it; ``of`` is what it is a share of, with its
    number, when it may be told as a share."""

    part: str
    key: str
    counted: Counted
    number: int
    asked: dict[str, Any]
    of: Counted | None = None
    of_number: int | None = None


def figures(found: Learning, asked: Mapping[str, Any]) -> Iterator[Figure]:
    """Every figure: the totals, each cut by its keys, the trend by half-year."""
    kept = narrowing(asked)
    yield from _line("total", "", found.totals, kept)
    for by, rows in found.cuts.items():
        for key, row in rows.items():
            yield from _line(str(by), key, row, {**kept, str(by): key})
    for period, row in found.periods(by_half=True).items():
        yield from _line("period", period, row, {**kept, "period": period})


def narrowing(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Of what was asked, what narrows rows (and not how the trend is told)."""
    return {k: v for k, v in asked.items() if k in (*By, "period")}


def _line(
    part: str, key: str, row: Mapping[Counted, int], asked: dict[str, Any]
) -> Iterator[Figure]:
    for counted in Counted:
        of = SHARES.get(counted)
        of_number = row.get(of, 0) if of else None
        yield Figure(part, key, counted, row.get(counted, 0), asked, of, of_number)
