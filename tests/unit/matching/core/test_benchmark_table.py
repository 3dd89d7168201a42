"""The benchmarks on a world of a few dozen: all ways that they compare solve the same problem."""

import pytest

from tests.benchmarks.matching import fairness, solvers
from tests.benchmarks.matching.figure import Figure, table
from tests.benchmarks.matching.stage import Stage


def test_a_figure_says_how_many_times_its_target_is_reached() -> None:
    fast = Figure("P4", "whole run", 10_000, 4.0, 10, at_most=True, unit=" s")
    slow = Figure("P1", "networkx takes", 10_000, 120, 150, unit=" x")
    wrong = Figure("P8", "violations", 100, 1, 0, at_most=True)
    assert (fast.ratio, fast.reached) == (2.5, True)
    assert (slow.ratio, slow.reached) == (0.8, False)
    assert (wrong.ratio, wrong.reached) == (0, False)
    assert Figure("P9", "other", 1, 3).reached


def test_the_table_is_in_the_order_of_the_targets() -> None:
    figures = [
        Figure("P5", "total", 1000, 1.051, 1.05),
        Figure("P1", "flow", 1000, 0.0123, unit=" s"),
    ]
    lines = table(figures).splitlines()
    assert [line.split()[0] for line in lines[1:]] == ["P1", "P5"]
    assert lines[2].split()[-5:] == ["1.051", "≥", "1.050", "1.00", "reached"]


@pytest.mark.filterwarnings("ignore::UserWarning")  # a player of ``matching`` nobody ranks
def test_the_peers_solve_the_same_problem() -> None:
    """``figures`` stops where two solvers come to another optimum."""
    found = []
    for figure in solvers.figures(Stage(80)):
        found += [figure] if isinstance(figure, Figure) else figure()
    assert {figure.code for figure in found} == {"P1", "P2"}
    assert all(figure.measured > 0 for figure in found)


def test_the_simpler_ways_give_less() -> None:
    total, first, *_others = fairness.figures(Stage(80))
    assert 1 <= total.measured <= first.measured * 1.1
