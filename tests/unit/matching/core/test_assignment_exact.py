"""The run is the best there is: against everything tried out, and by a proof that others check."""

from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from exchange.matching.core import search
from exchange.matching.core.assignment import assign
from exchange.matching.core.pairs import Pairs
from tests.unit.matching.core.brute import best
from tests.unit.matching.core.instances import Instance, instance
from tests.unit.matching.core.verifier import bound, feasible, proven

# In parts, which may run on several cores.
INSTANCES, PARTS = 10_000, 4


def some_pairs(run: Instance, chance: Random) -> Pairs:
    """A few of the feasible pairs, whatever they are worth."""
    found = run.market.best(99)
    return found.only(np.array([chance.random() < 0.3 for _ in range(len(found))], bool))


def holds(run: Instance, start: Pairs | None) -> bool:
    """Is what ``assign`` finds the best of everything tried, and does its proof hold?"""
    found = assign(run.market, run.wishes, start=start)
    assert (len(found.kept_pins), found.objective) == best(run)
    assert found.certified
    return proven(run, found)


# Measuring coverage here would take longer than the test; others run the same lines.
@pytest.mark.no_cover
@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_ten_thousand_small_runs_are_the_best_of_everything_tried(part: int) -> None:
    """Capacities, bonuses, countries, caps, pins and vetoes at once. In every third, the network
    begins with a few pairs only, and has to find the others by its prices."""
    for number in range(part, INSTANCES, PARTS):
        chance = Random(number)  # noqa: S311 - the same runs each time
        run = instance(chance)
        assert holds(run, some_pairs(run, chance) if number % 3 == 0 else None), number


@given(st.randoms(use_true_random=False), st.booleans())
@settings(max_examples=300)
def test_any_small_run_is_the_best_of_everything_tried(chance: Random, knows_little: bool) -> None:
    run = instance(chance, most=4)
    assert holds(run, some_pairs(run, chance) if knows_little else None)


def test_with_one_candidate_each_and_short_answers_the_best_is_still_found(monkeypatch) -> None:
    """The lists of the market are cut everywhere: at one pair for each need, then at two."""
    for name, value in {"CANDIDATES": 2, "FIRST": 0, "MORE": 2, "ADDED": 1}.items():
        monkeypatch.setattr(search, name, value)
    for number in range(500):
        monkeypatch.setattr(search, "ASKED", 1 + number % 2)
        run = instance(Random(number), most=6)  # noqa: S311
        assert holds(run, None), number


def test_without_any_time_a_run_is_feasible_and_its_bound_is_true(monkeypatch) -> None:
    monkeypatch.setattr(search, "CANDIDATES", 2)
    for number in range(300):
        run = instance(Random(number), most=6)  # noqa: S311
        found = assign(run.market, run.wishes, seconds=0)
        pinned = found.proof.pin_bonus * sum(pair.pinned for pair in found.pairs)
        pins, value = best(run)
        assert found.solver == "greedy"
        assert feasible(run, found)
        assert bound(run, found) == found.bound + pinned
        assert value + pins * found.proof.pin_bonus <= found.bound + pinned
