"""One table: P1–P9, measured, target, ratio.

    python -m tests.benchmarks.matching --size 1000,10000
    python -m tests.benchmarks.matching --size 100000 --large

Each module of this folder may give figures: ``figures(stage)`` for a size, ``once(stage)`` for what
has no size. What takes minutes is given as a function, which is called at the end; meanwhile
other processes work at it (``stage.beside``).
"""

import argparse
import sys
from collections.abc import Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from importlib import import_module
from multiprocessing import get_context
from pkgutil import iter_modules
from time import perf_counter
from types import ModuleType

from tests.benchmarks import matching
from tests.benchmarks.matching.figure import Figure, table
from tests.benchmarks.matching.stage import Later, Stage

# ruff: noqa: T201  (a benchmark prints)
# How many slow peers work at the same time.
PEERS = 2


def modules(only: str) -> list[ModuleType]:
    """The modules of this folder that give figures; ``only``: those whose names begin so."""
    names = [module.name for module in iter_modules(matching.__path__)]
    named = [name for name in names if not name.startswith("_") and name.startswith(only)]
    found = [import_module(f"{matching.__name__}.{name}") for name in named]
    # The solvers begin: their peers work beside all others.
    found.sort(key=lambda module: not module.__name__.endswith("solvers"))
    return [module for module in found if hasattr(module, "figures") or hasattr(module, "once")]


def measured(given: list[ModuleType], stages: list[Stage]) -> Iterator[Figure]:
    """All figures; those that take minutes at the end."""
    later: list[Later] = []
    for module in given:
        for part in _parts(module, stages):
            for figure in part:
                if isinstance(figure, Figure):
                    yield figure
                else:
                    later.append(figure)
    for finish in later:
        yield from finish()


def _parts(module: ModuleType, stages: list[Stage]) -> Iterator[Iterable[Figure | Later]]:
    # Large sizes first, so that what works beside has the most time.
    if hasattr(module, "figures"):
        yield from (module.figures(stage) for stage in sorted(stages, key=lambda s: -s.size))
    if hasattr(module, "once"):
        yield module.once(stages[0])


def main() -> None:
    """The command line. The table says which target is missed; a busy machine may miss one."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=AsWritten)
    parser.add_argument("--size", default="1000,10000", help="how many needs, and offers")
    parser.add_argument("--large", action="store_true", help="take the time that 100000 needs")
    parser.add_argument("--only", default="", help="modules whose names begin so")
    given = parser.parse_args()
    begin, found = perf_counter(), []
    # New processes, for forked ones would inherit what they do not need.
    with ProcessPoolExecutor(PEERS, get_context("spawn")) as beside:
        sizes = [int(size) for size in given.size.split(",")]
        stages = [Stage(size, given.large, beside=beside) for size in sizes]
        for figure in measured(modules(given.only), stages):
            print(f"{perf_counter() - begin:6.0f} s  {'  '.join(figure.cells)}", file=sys.stderr)
            found.append(figure)
    print(table(found))
    print(f"{perf_counter() - begin:.0f} s; seconds in the table are those of the processor")


AsWritten = argparse.RawDescriptionHelpFormatter

if __name__ == "__main__":
    main()
