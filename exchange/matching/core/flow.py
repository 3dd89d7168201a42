"""The cheapest circulation of a network: the one place where solvers are called."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.graph import Network
from exchange.matching.core.pairs import Ints

FLOW, LINEAR, GREEDY = "flow", "linear", "greedy"


@dataclass(frozen=True)
class Flow:
    """How many units each arc carries, and which solver found it (``flow`` or ``linear``)."""

    units: Ints
    solver: str

    def chosen(self, pairs: int) -> NDArray[np.bool_]:
        """Which of the first ``pairs`` arcs are taken."""
        return self.units[:pairs] > 0


def solve(graph: Network) -> Flow | None:
    """The cheapest circulation, exact: by cost scaling, else by a linear programme, else None."""
    for solver, name in ((by_cost_scaling, FLOW), (by_linear_programme, LINEAR)):
        units = solver(graph)
        if units is not None:
            return Flow(units, name)
    return None


def by_cost_scaling(graph: Network) -> Ints | None:
    """OR-tools' push-relabel with cost scaling (Goldberg, 1997). None when it is not installed or
    gives up.

    It multiplies costs by the number of nodes plus 3 and needs the product below 2**62; prices,
    which are sums of such products along a path, must stay above -2**63. A run of 100,000 needs
    has some 3e5 nodes and, pins apart, costs below 2e4: 6e9. The bonus of a pin is at most 2e4 for
    each place of the run, some 4e9 there: 1.2e15, and a path may lead through thousands of pins.
    Beyond that it answers BAD_COST_RANGE, and the linear programme takes over.
    """
    try:
        # Loaded late: 80 MB that only the worker needs.
        from ortools.graph.python import min_cost_flow
    except ImportError:
        return None
    solver = min_cost_flow.SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        graph.tails, graph.heads, graph.capacities, graph.costs
    )
    if solver.solve() != solver.OPTIMAL:
        return None
    units: Ints = solver.flows(np.arange(len(graph.tails), dtype=np.int32))
    return units


def by_linear_programme(graph: Network) -> Ints | None:
    """SciPy's HiGHS on the same arcs. The matrix of a network is totally unimodular (Hoffman and
    Kruskal, 1956): a corner, which the simplex method returns, is whole. None when it gives up."""
    # Loaded late, with all of scipy.optimize.
    from scipy.optimize import linprog
    from scipy.sparse import csr_array

    arcs = np.arange(len(graph.tails))
    ends = np.concatenate([graph.tails, graph.heads]), np.concatenate([arcs, arcs])
    signs = np.repeat([1.0, -1.0], len(arcs))
    balance = csr_array((signs, ends), shape=(graph.nodes, len(arcs)))
    bounds = np.column_stack([np.zeros(len(arcs)), graph.capacities])
    found = linprog(
        graph.costs,
        A_eq=balance,
        b_eq=np.zeros(graph.nodes),
        bounds=bounds,
        method="highs-ds",
    )
    if found.x is None or not found.success:
        return None
    units = np.rint(found.x).astype(np.int64)
    whole = np.abs(found.x - units).max(initial=0) < 1e-6
    return units if whole and not (balance @ units).any() else None
