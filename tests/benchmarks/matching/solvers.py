"""P1 and P2: the solver beside others, on the network of the same candidates."""

from collections.abc import Iterator
from statistics import median

from exchange.matching.core.flow import by_cost_scaling, by_linear_programme
from exchange.matching.core.graph import Network, network
from exchange.matching.core.pairs import Pairs
from tests.benchmarks.matching import peers
from tests.benchmarks.matching.figure import Figure
from tests.benchmarks.matching.stage import Later, Stage, timed

ROUNDS = 5
# Above this the other solvers take hours.
MOST = 10_000


def figures(stage: Stage) -> Iterator[Figure | Later]:
    """P1 and P2 at this size. The slow peers work beside."""
    if stage.size <= MOST:
        yield from _same_network(stage)
        yield from _one_each(stage)


def _same_network(stage: Stage) -> Iterator[Figure | Later]:
    """P1: seconds for the same optimum of the same network."""
    simplex = stage.beside.submit(simplex_of, stage.graph)
    seconds, cost = flow_of(stage.graph)
    yield Figure("P1", "OR-tools' flow on lists of 30", stage.size, seconds, unit=" s")
    linear, units = timed(lambda: by_linear_programme(stage.graph))
    same("HiGHS", int(stage.graph.costs @ units), cost)
    target = (150, 30) if stage.size == MOST else (None, None)
    name = "the same optimum takes HiGHS"
    yield Figure("P1", name, stage.size, linear / seconds, target[1], unit=" x")

    def networkx() -> Iterator[Figure]:
        theirs, found = simplex.result()
        same("networkx", found, cost)
        name = "the same optimum takes networkx"
        yield Figure("P1", name, stage.size, theirs / seconds, target[0], unit=" x")

    yield networkx


def _one_each(stage: Stage) -> Iterator[Figure | Later]:
    """P2: one place each; both sides rank by the score."""
    lists, conditions = stage.lists, stage.one_each
    residents = stage.beside.submit(residents_of, lists)
    graph = network(conditions, lists)
    seconds, cost = flow_of(graph)

    def matching() -> Iterator[Figure]:
        theirs, found = residents.result()
        name = "one each: `matching` takes"
        target = 400 if stage.size == MOST else None
        yield Figure("P2", name, stage.size, theirs / seconds, target, unit=" x")
        name = "one each: total, of that of `matching`"
        yield Figure("P2", name, stage.size, -cost / int(found.score.sum()), 1.015)

    yield matching


def flow_of(graph: Network) -> tuple[float, int]:
    """Seconds and cost of our solver."""
    runs = [timed(lambda: by_cost_scaling(graph)) for _ in range(ROUNDS)]
    return median(seconds for seconds, _units in runs), int(graph.costs @ runs[0][1])


def simplex_of(graph: Network) -> tuple[float, int]:
    """Seconds and cost of networkx."""
    return timed(lambda: peers.network_simplex(graph))


def residents_of(pairs: Pairs) -> tuple[float, Pairs]:
    """Seconds and pairs of ``matching``."""
    return timed(lambda: peers.hospital_residents(pairs))


def same(name: str, theirs: int, ours: int) -> None:
    """Two solvers of one problem must agree: a figure of another problem would say nothing."""
    if theirs != ours:
        raise ArithmeticError(f"{name} found {theirs}, the flow {ours}")
