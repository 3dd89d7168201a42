"""A figure of the matcher's benchmarks: what was measured, and what it should reach."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Figure:
    """``measured`` against ``target``, in ``unit``; ``at_least``: more is better, or else less."""

    name: str
    measured: float
    target: float
    unit: str
    at_least: bool = True

    @property
    def ratio(self) -> float:
        """How many times better than the target: 1 just reaches it."""
        good, bad = self.measured, self.target
        if not self.at_least:
            good, bad = bad, good
        return good / bad if bad else float("inf")

    @property
    def reached(self) -> bool:
        """Whether the target is reached."""
        return self.ratio >= 1
