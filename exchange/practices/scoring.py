"""How ready a practice is to be re-used by others: points with their reasons. Pure.

After the method of the transfer networks (understand, adapt, re-use): a practice whose sheet says
why it works, under which conditions and competences, what it costs and what failed can be judged
by another city; one that others have in use has been.
"""

from dataclasses import dataclass
from typing import Any

# part of the sheet → points when it is written
WRITTEN = {
    "understand": 15,
    "adapt": 15,
    "reuse": 10,
    "conditions": 15,
    "legal_competence": 10,
    "what_failed": 10,
}
KNOWN_COST, IN_USE, EACH, MOST_IN_USE = 10, "in_use", 5, 15
WHOLE = sum(WRITTEN.values()) + KNOWN_COST + MOST_IN_USE


@dataclass(frozen=True)
class Reason:
    """One line of the score: points of at most so many, for a part of what is known."""

    part: str
    points: int
    most: int


@dataclass(frozen=True)
class Score:
    """Points of 100, and where each comes from."""

    reasons: tuple[Reason, ...]

    @property
    def points(self) -> int:
        """The sum of the reasons."""
        return sum(one.points for one in self.reasons)


def score(sheet: Any, in_use: int) -> Score:
    """The score of a practice with this ``sheet`` (or None) that so many cities have in use."""
    lines = [
        Reason(part, most if sheet and getattr(sheet, part).strip() else 0, most)
        for part, most in WRITTEN.items()
    ]
    known = sheet is not None and sheet.cost_order != "unknown"
    lines.append(Reason("cost_order", KNOWN_COST if known else 0, KNOWN_COST))
    lines.append(Reason(IN_USE, min(EACH * in_use, MOST_IN_USE), MOST_IN_USE))
    return Score(tuple(lines))
