"""Rounds of a run: solve, take prices, add the pairs that beat them, until there are none."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from time import perf_counter

import numpy as np

from exchange.matching.core.flow import GREEDY, solve
from exchange.matching.core.graph import network
from exchange.matching.core.greedy import greedy
from exchange.matching.core.pairs import Ints, Pairs
from exchange.matching.core.prices import NEVER, Prices, closed, prices_of
from exchange.matching.core.search import Search


@dataclass(frozen=True)
class Size:
    """Of the last network: its nodes, its arcs, and how many of these are pairs."""

    nodes: int = 0
    arcs: int = 0
    pairs: int = 0


@dataclass(frozen=True)
class Step:
    """Where a run is: for its page, and for whoever waits. Values in basis points."""

    round: int
    pairs: int
    objective: int
    bound: int
    seconds: float


Progress = Callable[[Step], None]


@dataclass(frozen=True)
class Outcome:
    """What the rounds came to. No run is worth more than ``bound``, whose proof is ``prices``."""

    taken: Pairs
    objective: int
    bound: int
    prices: Prices
    solver: str
    rounds: int
    size: Size
    # Pairs that came into the network after the last round: with none, another would be the same.
    added: int = 0


class Clock:
    """How much time is left. Stops before a round that would take longer than what is left."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.begin = self.last = perf_counter()
        self.round = 0.0

    @property
    def gone(self) -> float:
        """Seconds since the start."""
        return perf_counter() - self.begin

    def lap(self) -> None:
        """A round is over."""
        now = perf_counter()
        self.round, self.last = now - self.last, now

    @property
    def is_up(self) -> bool:
        """Is there no time for one more round like the last?"""
        return self.gone + self.round >= self.seconds


def best_of(search: Search, clock: Clock, tell: Progress) -> Outcome:
    """The best run over the whole market, or as near to it as the time allows."""
    prices = first_prices(search)
    bound = prices.value(search.conditions, search.known)
    outcome = Outcome(search.known, 0, bound, prices, GREEDY, 0, Size(pairs=len(search.known)))
    while not clock.is_up:
        after = _round(search, outcome)
        if after is None:
            break
        outcome = after
        clock.lap()
        tell(_step(search, outcome, clock))
        if outcome.objective == outcome.bound or not outcome.added:
            break
    return outcome if outcome.rounds else _by_greedy(search, outcome)


def _round(search: Search, before: Outcome) -> Outcome | None:
    """One round more. None when no solver can be used."""
    graph = network(search.conditions, search.network)
    flow = solve(graph)
    if flow is None:
        return None
    taken = graph.pairs.only(flow.chosen(len(graph.pairs)))
    absent = search.absent(prices_of(search.conditions, graph, flow))
    search.add(absent.pairs)
    better = absent.bound <= before.bound
    return Outcome(
        taken=taken,
        objective=search.conditions.objective(taken),
        bound=absent.bound if better else before.bound,
        prices=absent.prices if better else before.prices,
        solver=flow.solver,
        rounds=before.rounds + 1,
        size=Size(graph.nodes, len(graph.tails), len(graph.pairs)),
        added=len(absent.pairs),
    )


def _step(search: Search, outcome: Outcome, clock: Clock) -> Step:
    pinned = search.conditions.pinned(outcome.taken)
    objective, bound = outcome.objective - pinned, outcome.bound - pinned
    return Step(outcome.rounds, int(search.inside.sum()), objective, bound, clock.gone)


def _by_greedy(search: Search, before: Outcome) -> Outcome:
    taken = search.known.only(greedy(search.conditions, search.known))
    return replace(before, taken=taken, objective=search.conditions.objective(taken))


def first_prices(search: Search) -> Prices:
    """Prices without any solver: offers cost nothing, and each need asks what the first pair is
    worth for which it has no place. They bound every run, if only roughly."""
    conditions = search.conditions
    needs, offers = conditions.needs, conditions.offers
    learner, host = closed(needs, 0 * needs.caps), closed(offers, 0 * offers.caps)
    unpaid = needs.above(learner) - conditions.steps[:, 0]
    asks = np.where(needs.places < needs.open, unpaid, _next_best(search))
    unpaid = offers.above(host) - conditions.newcomer
    costs = np.where(offers.places < offers.open, unpaid, 0)
    none = np.zeros(0, np.int64)
    return Prices(asks, costs, learner, host, none, none)


def _next_best(search: Search) -> Ints:
    """For each need, the most that a pair is worth beside its best ones, one for each place. A
    need with fewer pairs than places leaves the bonus of a place unused instead."""
    known, places = search.known, search.conditions.needs.places
    worth = search.conditions.worth[known.score]
    order = np.lexsort((-worth, known.need))
    need, worth = known.need[order], worth[order]
    at = np.arange(len(need)) - np.searchsorted(need, need) == places[need]
    found = np.minimum(np.bincount(need, minlength=len(places)), 2)
    ladder = np.column_stack([search.conditions.steps, 0 * places])
    unused = -np.take_along_axis(ladder, found[:, None], axis=1)[:, 0]
    own = np.where(found < places, unused, -NEVER)
    most: Ints = np.maximum(own, search.limits.need + search.limits.offer.max(initial=-NEVER))
    most[need[at]] = np.maximum(most[need[at]], worth[at])
    return most
