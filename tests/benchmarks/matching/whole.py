"""P4: a whole run, from facts to a certificate, in a process of its own.

python -m tests.benchmarks.matching.whole --size 10000 --kernel numpy
"""

import argparse
import json
import resource
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from time import perf_counter, process_time
from typing import Any

from exchange.matching.core import search_numba
from exchange.matching.core.assignment import assign
from exchange.matching.core.configuration import Configuration
from exchange.matching.core.market import Marketplace
from tests.benchmarks.matching.figure import Figure
from tests.benchmarks.matching.stage import Stage
from tests.benchmarks.prefixes import Prefixes
from tests.benchmarks.world import World, world

ROOT = Path(__file__).parents[3]
# size → seconds with compiled loops, and without.
TARGETS = {10_000: (10.0, 20.0), 100_000: (240.0, None)}
GAP, GIGABYTES = 1e-6, 1.5


def figures(stage: Stage) -> Iterator[Figure]:
    """A run with numba (where it is installed) and one without."""
    targets = TARGETS.get(stage.size, (None, None))
    kernels = (("numba", targets[0]), ("numpy", targets[1]))
    for kernel, target in kernels:
        if kernel == "numba" and not search_numba.installed():
            continue
        if kernel == "numpy" and stage.size > 10_000:
            continue
        found = measure(stage.size, kernel)
        name = f"whole run with {kernel}"
        yield Figure("P4", name, stage.size, found["seconds"], target, at_most=True, unit=" s")
        yield Figure("P4", f"{name}: gap", stage.size, found["gap"], GAP, at_most=True)
        name = f"{name}: peak memory"
        yield Figure("P4", name, stage.size, found["peak"], GIGABYTES, at_most=True, unit=" GB")


def measure(size: int, kernel: str) -> dict[str, Any]:
    """A whole run in another process."""
    module = "tests.benchmarks.matching.whole"
    command = [sys.executable, "-m", module, "--size", str(size), "--kernel", kernel]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def run(given: World, kernel: str) -> dict[str, Any]:
    """The text of all, the index, the candidates, the rounds until the certificate."""
    begin, begun = process_time(), perf_counter()
    texts = [side.words for side in (*given.needs, *given.offers)]
    encoder = Prefixes().fit(texts, [""] * len(texts))
    market = Marketplace.of(given.needs, given.offers, Configuration(), encoder, kernel)
    indexed = process_time()
    found = assign(market, seconds=3600)
    return {
        "seconds": process_time() - begin,
        "index": indexed - begin,
        "wall": perf_counter() - begun,
        "gap": found.gap,
        "rounds": found.rounds,
        "pairs": len(found.pairs),
        "total": found.total,
        "size": vars(found.size),
    }


def peak() -> float:
    """The most memory that this program has had, in GB. What ``getrusage`` says counts the process
    that started it, too."""
    status = Path("/proc/self/status")
    if status.exists():
        return int(status.read_text().partition("VmHWM:")[2].split()[0]) / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20


def main() -> None:
    """The command line: one line of JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--size", type=int, default=10_000)
    parser.add_argument("--kernel", default="", choices=["", "numba", "numpy"])
    given = parser.parse_args()
    if given.kernel != "numpy" and search_numba.installed():
        # Compiled loops are loaded from the disk, or made there the first time: once, not each run.
        small = world(100, 100)
        run(small, "numba")
    found = run(world(given.size, given.size), "" if given.kernel == "numba" else given.kernel)
    found["peak"] = peak()
    print(json.dumps(found))  # noqa: T201 - the figure


if __name__ == "__main__":
    main()
