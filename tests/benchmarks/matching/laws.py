"""P8 and P9: what must never happen."""

from collections.abc import Iterator
from dataclasses import replace
from random import Random

from exchange.matching.core.assignment import Given, assign
from tests.benchmarks.matching.figure import Figure
from tests.benchmarks.matching.holds import measure
from tests.benchmarks.matching.stage import Stage, market_of
from tests.benchmarks.world import World
from tests.unit.matching.core.instances import instance
from tests.unit.matching.core.verifier import feasible, proven

INSTANCES = 10_000
# Kind of operation → how many of them at once, in the usual time and with ``large``.
OPERATIONS = {"places": (4_000, 100_000), "actions": (400, 4_000)}


def figures(stage: Stage) -> Iterator[Figure]:
    """P9: the rows in another order give the same run."""
    chance = Random(9)  # noqa: S311 - the same order each time
    first, other = _run(stage.world), _run(_shuffled(stage.world, chance))
    name = "pairs that differ when the rows are permuted"
    yield Figure("P9", name, stage.size, len(first ^ other), 0, at_most=True)


def _run(world: World) -> set[Given]:
    return set(assign(market_of(world), seconds=3600).pairs)


def _shuffled(world: World, chance: Random) -> World:
    needs, offers = list(world.needs), list(world.offers)
    chance.shuffle(needs)
    chance.shuffle(offers)
    return replace(world, needs=needs, offers=offers)


def once(stage: Stage) -> Iterator[Figure]:
    """P8: generated instances, and processes that want the same places."""
    broken = sum(not _holds(number) for number in range(INSTANCES))
    name = "violations in generated instances (rules and proof)"
    yield Figure("P8", name, INSTANCES, broken, 0, at_most=True)
    for kind, (few, many) in OPERATIONS.items():
        found = measure(kind, many if stage.large else few)
        name = f"oversubscribed in concurrent {kind} ({found.processes} processes)"
        yield Figure("P8", name, found.operations, found.wrong, 0, at_most=True)


def _holds(number: int) -> bool:
    """Does the run of an instance keep to every rule, and is it proven to be the best?"""
    chance = Random(number)  # noqa: S311 - the same instances each time
    run = instance(chance)
    found = assign(run.market, run.wishes)
    try:
        return feasible(run, found) and proven(run, found)
    except AssertionError:
        return False
