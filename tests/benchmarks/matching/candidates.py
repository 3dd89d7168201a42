"""P6 and P7: finding the candidates of all needs, and of one new need, in the synthetic world.

    python -m tests.benchmarks.matching.candidates --size 10000

Times are CPU seconds. P6 compares two ways over the same world in one process: the market and a
plain loop (``plain.py``), the loop for some of the needs where all would take hours. The index is
built before; encoding a new text is the encoder's time.
"""

import argparse
import resource
from collections.abc import Callable, Sequence
from dataclasses import replace
from time import process_time
from typing import Any

import numpy as np

from exchange.matching.core.configuration import Configuration
from exchange.matching.core.market import Marketplace
from exchange.matching.core.search_numba import installed
from tests.benchmarks.matching.figure import Figure
from tests.benchmarks.matching.plain import Plain, as_dicts
from tests.benchmarks.prefixes import Prefixes
from tests.benchmarks.world import world

TOP = 30
# How many needs the plain loop looks at, by the size of the world; about three seconds.
LOOPED = {1_000: 1_000, 10_000: 200, 100_000: 20}
# Times a plain loop. The target is set for 10 000; a small world has less to leave out.
TARGETS = {"numpy": {1_000: 12, 10_000: 80}, "numba": {1_000: 60, 10_000: 400}}
NEW_NEEDS, SHOWN, PATIENCE = 200, 10, {100_000: 25}


def market_of(size: int, number: int = 1) -> Marketplace:
    """The market of a world with ``size`` needs and as many offers."""
    made = world(size, size, number=number)
    return Marketplace.of(made.needs, made.offers, Configuration(), Prefixes())


def p6(market: Marketplace, kernels: Sequence[str] = ("numpy", "numba")) -> list[Figure]:
    """Recall and speed of the best thirty of each need, against the plain loop."""
    size = len(market.needs)
    some = np.linspace(0, size - 1, LOOPED.get(size, 100)).astype(int)
    loop, texts = _plain(market), as_dicts(market.index.texts.of_needs[some])
    begin = process_time()
    expected = [loop.best(market.needs[n], t, TOP) for n, t in zip(some, texts, strict=True)]
    slow = (process_time() - begin) / len(some)
    figures = []
    for kernel in kernels:
        if kernel == "numpy" or installed():
            market.kernel = kernel
            figures += _of_kernel(market, kernel, slow, (some, expected))
    return figures


def _of_kernel(
    market: Marketplace, kernel: str, slow: float, oracle: tuple[Any, list[Any]]
) -> list[Figure]:
    size, (some, expected) = len(market.needs), oracle
    found = market.best_of(some, TOP)
    rows = list(zip(found.need.tolist(), found.score.tolist(), found.offer.tolist(), strict=True))
    true = [(n, *pair) for n, pairs in zip(some.tolist(), expected, strict=True) for pair in pairs]
    recall = len(set(rows) & set(true)) / max(len(true), 1)
    fast = _seconds(lambda: market.best(TOP), rounds=3 if size <= 10_000 else 1) / size
    name, target = f"{size:,} needs, {kernel}", TARGETS[kernel].get(size, TARGETS[kernel][10_000])
    return [
        Figure(f"P6 recall, {name}", recall, 1.0, "of the true best"),
        Figure(
            f"P6 speed, {name}", slow / fast, TARGETS[kernel], f"x a loop ({fast * 1e6:.0f} µs)"
        ),
    ]


def p7(market: Marketplace) -> Figure:
    """What the best ten of a new need take, with their reasons, 95 times of 100."""
    size = len(market.needs)
    times = []
    for need in market.needs[:NEW_NEEDS]:
        new, text = replace(need, id="new"), market.view(need.id).text
        begin = process_time()
        market.rank(new, SHOWN, text=text)
        times.append(process_time() - begin)
    slowest = float(np.percentile(times, 95)) * 1e3
    target = PATIENCE.get(size, 5)
    return Figure(f"P7 a new need, {size:,} offers", slowest, target, "ms (95th of 100)", False)


def peak() -> Figure:
    """The most memory that this process has had so far."""
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    return Figure("Memory at its most", most, 1.5, "GB", False)


def _plain(market: Marketplace) -> Plain:
    texts = market.index.texts
    place = np.argsort(market.index.order)
    rows = as_dicts(texts.of_offers[place])
    return Plain(market.offers, rows, texts.scale, market.configuration)


def _seconds(work: Callable[[], Any], rounds: int) -> float:
    """The least CPU seconds of a few runs, after one that makes ready."""
    work()
    times = []
    for _ in range(rounds):
        begin = process_time()
        work()
        times.append(process_time() - begin)
    return min(times)


def main() -> None:
    """Print the figures of one size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    size = parser.parse_args().size
    market = market_of(size)
    # Without the loop's lists, which are not the market's.
    market.best(TOP)
    figures = [peak(), p7(market), *p6(market, ("numba",) if size > 10_000 else tuple(TARGETS))]
    for figure in figures:
        sign = "reached" if figure.reached else "missed"
        print(  # noqa: T201 - the figures are the output
            f"{figure.name}: {figure.measured:,.3f} {figure.unit}; "
            f"target {figure.target:,} ({sign}, {figure.ratio:.2f})"
        )


if __name__ == "__main__":
    main()
