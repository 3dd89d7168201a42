"""A figure of the matcher beside its target, and the table of them all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """One line of the table.

    ``code``: P1–P9. ``size``: how many needs (and offers) it was measured with. ``at_most``: small
    numbers are good. A figure without a target is there to be compared.
    """

    code: str
    what: str
    size: int
    measured: float
    target: float | None = None
    at_most: bool = False
    unit: str = ""

    @property
    def ratio(self) -> float | None:
        """How many times the target is reached: 1 and more is good. None: says nothing."""
        if self.target is None:
            return None
        good, bad = (self.target, self.measured) if self.at_most else (self.measured, self.target)
        return good / bad if bad else None

    @property
    def reached(self) -> bool:
        """Is it as good as it should be?"""
        if self.target is None:
            return True
        return self.measured <= self.target if self.at_most else self.measured >= self.target

    @property
    def cells(self) -> tuple[str, ...]:
        """The line as texts."""
        sign = "≤" if self.at_most else "≥"
        target = "" if self.target is None else f"{sign} {_number(self.target)}{self.unit}"
        ratio = "" if self.ratio is None else f"{self.ratio:.2f}"
        verdict = "" if self.target is None else ("reached" if self.reached else "MISSED")
        measured = f"{_number(self.measured)}{self.unit}"
        return self.code, self.what, f"{self.size:,}", measured, target, ratio, verdict


HEAD = ("", "what", "size", "measured", "target", "ratio", "")


def table(figures: Iterable[Figure]) -> str:
    """All figures by their code, in columns."""
    rows = [HEAD, *(figure.cells for figure in sorted(figures, key=lambda f: (f.code, f.size)))]
    widths = [max(len(cell) for cell in column) for column in zip(*rows, strict=True)]
    return "\n".join(_line(row, widths) for row in rows)


def _line(row: Sequence[str], widths: Sequence[int]) -> str:
    left = [cell.ljust(width) for cell, width in zip(row[:2], widths[:2], strict=True)]
    right = [cell.rjust(width) for cell, width in zip(row[2:], widths[2:], strict=True)]
    return "  ".join([*left, *right]).rstrip()


def _number(value: float) -> str:
    if value == int(value) and abs(value) < 1e15:
        return f"{int(value):,}"
    return (
        f"{value:,.1f}" if abs(value) >= 100 else f"{value:.3g}" if value < 0.01 else f"{value:.3f}"
    )
