"""How benchmarks measure and tell: two ways of the same work in one run, and their ratio.

Seconds of a machine say little about another; the ratio of two ways that ran side by side does.
Nothing here fails for being slow.
"""

from collections.abc import Callable
from statistics import median
from time import perf_counter
from typing import Any

Work = Callable[[], Any]


def seconds(*ways: Work, rounds: int = 7) -> list[float]:
    """The middle time of each way, in seconds. They take turns, so that a busy minute hits all."""
    for way in ways:
        way()
    times: list[list[float]] = [[] for _ in ways]
    for _ in range(rounds):
        for way, found in zip(ways, times, strict=True):
            begin = perf_counter()
            way()
            found.append(perf_counter() - begin)
    return [median(found) for found in times]


def tell(what: str, ours: tuple[str, float], other: tuple[str, float]) -> None:
    """Print a figure: both times and how many times ``ours`` is ``other``."""
    (our_name, our_time), (other_name, other_time) = ours, other
    print(  # noqa: T201 - the figures are the output
        f"\n{what}\n  {our_name}: {_readable(our_time)}; {other_name}: {_readable(other_time)}; "
        f"ratio {our_time / other_time:.1f}"
    )


def _readable(time: float) -> str:
    return f"{time * 1e3:.1f} ms" if time >= 1e-3 else f"{time * 1e6:.1f} µs"
