"""P6 and P7: finding the candidates of all needs, and of one new need.

P6 compares two ways over the same world: the market and a plain loop (``plain.py``), the loop for
some of the needs where all would take hours. The index is built before; encoding a new text is the
encoder's time.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any

import numpy as np

from exchange.matching.core.market import Marketplace
from exchange.matching.core.search_numba import installed
from tests.benchmarks.matching.figure import Figure
from tests.benchmarks.matching.plain import Plain, as_dicts
from tests.benchmarks.matching.stage import Stage, timed

TOP = 30
# How many needs the plain loop looks at, by the size of the world; about three seconds.
LOOPED = {1_000: 1_000, 10_000: 200, 100_000: 20}
# Times a plain loop. The target is set for 10 000; a small world has less to leave out.
TARGETS = {"numpy": {1_000: 12}, "numba": {1_000: 60}}
USUAL_TARGETS = {"numpy": 80, "numba": 400}
# New needs, how many candidates each is shown, and the milliseconds it may wait.
NEW_NEEDS, SHOWN, PATIENCE = 200, 10, {100_000: 25}


def figures(stage: Stage) -> Iterator[Figure]:
    """P6 for each kernel that is installed, and P7. The slow kernel is spared large worlds."""
    kernels = ["numpy"] if stage.size <= 10_000 else []
    yield from p6(stage.market, [*kernels, "numba"] if installed() else ["numpy"])
    yield p7(stage.market)


def p6(market: Marketplace, kernels: Sequence[str]) -> Iterator[Figure]:
    """Recall and speed of the best thirty of each need, against the plain loop."""
    size = len(market.needs)
    some = np.linspace(0, size - 1, LOOPED.get(size, 100)).astype(int)
    loop, texts = _plain(market), as_dicts(market.index.texts.of_needs[some])
    slow, expected = timed(
        lambda: [loop.best(market.needs[n], t, TOP) for n, t in zip(some, texts, strict=True)]
    )
    true = [(n, *pair) for n, pairs in zip(some.tolist(), expected, strict=True) for pair in pairs]
    for kernel in kernels:
        yield from _of_kernel(Marketplace(market.index, market.configuration, kernel), some, true)
        yield _speed(Marketplace(market.index, market.configuration, kernel), slow / len(some))


def _of_kernel(market: Marketplace, some: Any, true: list[Any]) -> Iterator[Figure]:
    """What part of the true best is found, in the true order."""
    found = market.best_of(some, TOP)
    rows = zip(found.need.tolist(), found.score.tolist(), found.offer.tolist(), strict=True)
    recall = len(set(rows) & set(true)) / max(len(true), 1)
    yield Figure("P6", f"recall, {market.kernel}", len(market.needs), recall, 1)


def _speed(market: Marketplace, slow: float) -> Figure:
    size = len(market.needs)
    # What is made once, by the first who asks, is made now.
    market.best_of(np.arange(1), TOP)
    rounds = 3 if size <= 10_000 else 1
    fast = min(timed(lambda: market.best(TOP))[0] for _ in range(rounds)) / size
    what = f"best {TOP} of each need, {market.kernel} ({fast * 1e6:.0f} µs) x a plain loop"
    target = TARGETS[market.kernel].get(size, USUAL_TARGETS[market.kernel])
    return Figure("P6", what, size, slow / fast, target, unit=" x")


def p7(market: Marketplace) -> Figure:
    """What the best ten of a new need take, with their reasons, 95 times of 100."""
    size, times = len(market.needs), []
    for need in market.needs[:NEW_NEEDS]:
        new, text = replace(need, id="new"), market.view(need.id).text
        times.append(timed(lambda new=new, text=text: market.rank(new, SHOWN, text=text))[0])
    slowest = float(np.percentile(times, 95)) * 1e3
    what = f"a new need's best {SHOWN} with reasons, 95 of 100 within"
    return Figure("P7", what, size, slowest, PATIENCE.get(size, 5), at_most=True, unit=" ms")


def _plain(market: Marketplace) -> Plain:
    texts, order = market.index.texts, np.argsort(market.index.order)
    return Plain(market.offers, as_dicts(texts.of_offers[order]), texts.scale, market.configuration)
