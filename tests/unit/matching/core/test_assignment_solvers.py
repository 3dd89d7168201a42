"""Three solvers agree, and a run goes on when one of them is missing."""

import sys
from dataclasses import replace
from types import SimpleNamespace

import networkx as nx
import numpy as np
import pytest

from exchange.matching.core import flow, rounds
from exchange.matching.core.assignment import assign
from exchange.matching.core.conditions import Conditions
from exchange.matching.core.graph import Network, network
from tests.unit.matching.core.instances import Instance
from tests.unit.matching.core.mid import mid
from tests.unit.matching.core.verifier import feasible, proven

EVERYTHING = {"host_cap": 3, "learner_cap": 5, "diversity": 900, "newcomer_bonus": 700}
RUNS = [mid(1), mid(2, **EVERYTHING), mid(3, stability=3, **EVERYTHING)]


def graph_of(run: Instance) -> Network:
    """The network of all feasible pairs."""
    market = run.market
    conditions = Conditions.of(market, run.wishes)
    return network(conditions, market.best(len(market.offers)))


def cost(graph: Network, units: np.ndarray) -> int:
    """What these units cost, when they are a circulation within the capacities."""
    balance = np.bincount(graph.tails, units, graph.nodes) - np.bincount(
        graph.heads, units, graph.nodes
    )
    assert not balance.any()
    assert ((units >= 0) & (units <= graph.capacities)).all()
    return int(graph.costs @ units)


def by_networkx(graph: Network) -> int:
    """The cost of the cheapest circulation, by the network simplex of another library."""
    other = nx.MultiDiGraph()
    other.add_nodes_from(range(graph.nodes))
    columns = (graph.tails, graph.heads, graph.capacities, graph.costs)
    for tail, head, capacity, weight in zip(*(c.tolist() for c in columns), strict=True):
        other.add_edge(tail, head, capacity=capacity, weight=weight)
    return nx.network_simplex(other)[0]


@pytest.mark.parametrize("run", RUNS, ids=["plain", "caps", "powers"])
def test_three_solvers_agree(run: Instance) -> None:
    graph = graph_of(run)
    costs = [
        cost(graph, solver(graph)) for solver in (flow.by_cost_scaling, flow.by_linear_programme)
    ]
    assert costs == [by_networkx(graph)] * 2
    assert -costs[0] == assign(run.market).objective


def test_without_or_tools_the_linear_programme_finds_the_same(monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "ortools.graph.python", None)
    run = mid(4, needs=40, offers=30, **EVERYTHING)
    found = assign(run.market)
    assert (found.solver, found.certified) == ("linear", True)
    assert proven(run, found)


def test_costs_beyond_64_bits_are_refused_rather_than_counted_wrongly() -> None:
    graph = graph_of(mid(5, needs=10, offers=10))
    assert flow.by_cost_scaling(replace(graph, costs=graph.costs << 40)) is not None
    assert flow.by_cost_scaling(replace(graph, costs=graph.costs << 49)) is None


def test_without_any_solver_the_best_pair_is_taken_first_and_the_run_is_marked(monkeypatch) -> None:
    monkeypatch.setattr(rounds, "solve", lambda graph: None)
    run = mid(6, needs=40, offers=30, **EVERYTHING)
    found = assign(run.market)
    assert (found.solver, found.certified, found.rounds) == ("greedy", False, 0)
    assert feasible(run, found)
    assert found.gap > 0


def test_a_linear_programme_that_gives_up_is_no_answer(monkeypatch) -> None:
    graph = graph_of(mid(7, needs=5, offers=5))
    failed = SimpleNamespace(x=None, success=False)
    monkeypatch.setattr("scipy.optimize.linprog", lambda *args, **kwargs: failed)
    assert flow.by_linear_programme(graph) is None
    monkeypatch.setattr(flow, "by_cost_scaling", lambda graph: None)
    assert flow.solve(graph) is None
