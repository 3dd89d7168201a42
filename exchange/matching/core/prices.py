"""Prices: what one more place would be worth, which proves that a run is the best.

For any prices at all, no run is worth more than ``value`` says (weak duality of linear programmes).
Where both are equal, the run is the best there is, and whoever has the scores can check that with
a few sums. Prices of the best circulation are distances in its residual network (Ahuja, Magnanti,
Orlin: Network Flows, 1993, chapter 9). All numbers are basis points.
"""

from dataclasses import dataclass

import numpy as np

from exchange.matching.core.conditions import NOBODY, Conditions, Side, within
from exchange.matching.core.flow import Flow
from exchange.matching.core.graph import FIRST_NEED, ROOT, Network, Nodes
from exchange.matching.core.pairs import Ints, Pairs

FAR = np.int64(1) << 60
NEVER = np.int64(1) << 40


@dataclass(frozen=True)
class Prices:
    """A pair is worth taking when its worth is above ``need`` + ``offer`` + its surcharge.

    ``need[i]``: what a further host of need i must beat; below zero while it has places left, for
    the bonus it would bring. ``offer[i]``: what a place of offer i would bring elsewhere.
    ``learner`` and ``host``: the price of a place under the cap of an organisation, which ``need``
    and ``offer`` contain. ``surcharge``: for a further host of a need from the same country, by
    ``abroad``, the sorted numbers of need and country.
    """

    need: Ints
    offer: Ints
    learner: Ints
    host: Ints
    abroad: Ints
    surcharge: Ints

    def missing(self, conditions: Conditions, pairs: Pairs) -> Ints:
        """By how much each pair beats the prices; zero or less for most."""
        gain = conditions.values(pairs.need, pairs.offer, pairs.score)
        gain -= self.need[pairs.need] + self.offer[pairs.offer]
        abroad = conditions.abroad(pairs.need, pairs.offer)
        priced = within(abroad, self.abroad)
        gain[priced] -= self.surcharge[np.searchsorted(self.abroad, abroad[priced])]
        return gain

    def value(self, conditions: Conditions, pairs: Pairs) -> int:
        """No run that uses only ``pairs`` is worth more than this. Its proof: take any run, and
        add to the worth of each unit the prices it passes: they cancel out around the circle."""
        return (
            int(np.maximum(self.missing(conditions, pairs), 0).sum())
            + _needs_value(conditions, self)
            + _offers_value(conditions, self)
            + int(self.surcharge.sum())
        )


def _needs_value(conditions: Conditions, prices: Prices) -> int:
    """Caps at their price, and what each place of a need brings above its price."""
    side, (first, second) = conditions.needs, conditions.steps.T
    each = prices.need - side.above(prices.learner)
    return (
        int(side.caps @ prices.learner)
        + int(np.minimum(side.places, 1) @ np.maximum(each + first, 0))
        + int(np.clip(side.places - 1, 0, 1) @ np.maximum(each + second, 0))
        + int(np.maximum(side.places - 2, 0) @ np.maximum(each, 0))
    )


def _offers_value(conditions: Conditions, prices: Prices) -> int:
    """The same for offers; the first place of a newcomer brings its bonus."""
    side, new = conditions.offers, conditions.newcomer
    each = prices.offer - side.above(prices.host)
    return (
        int(side.caps @ prices.host)
        + int(np.minimum(side.places, 1) @ np.maximum(each + new, 0))
        + int(np.maximum(side.places - 1, 0) @ np.maximum(each, 0))
    )


def prices_of(conditions: Conditions, graph: Network, flow: Flow) -> Prices:
    """Prices that prove ``flow`` to be the cheapest of its network.

    Whoever takes no part asks the highest price that the root or its organisation allows: the
    network may not know the pairs that would tell more.
    """
    potential = _potentials(graph, flow)
    idle = np.bincount(graph.heads, flow.units, graph.nodes) == 0
    potential[graph.learners : graph.groups][idle[graph.learners : graph.groups]] = 0
    learner = closed(conditions.needs, potential[graph.learners : graph.hosts])
    host = closed(conditions.offers, -potential[graph.hosts : graph.groups])
    needs = np.where(
        idle[FIRST_NEED : graph.offers],
        conditions.needs.above(learner) - conditions.steps[:, 0],
        potential[FIRST_NEED : graph.offers],
    )
    offers = np.where(
        idle[graph.offers : graph.learners],
        conditions.offers.above(host) - conditions.newcomer,
        -potential[graph.offers : graph.learners],
    )
    needs[conditions.needs.open == 0] = NEVER
    offers[conditions.offers.open == 0] = NEVER
    abroad, surcharge = _surcharges(conditions, graph, flow, needs, offers)
    return Prices(needs, offers, learner, host, abroad, surcharge)


def closed(side: Side, prices: Ints) -> Ints:
    """Prices of capped organisations, where one that may have nothing asks what nobody pays."""
    return np.where(side.caps == 0, NEVER, prices)


def _potentials(graph: Network, flow: Flow) -> Ints:
    """A potential for each node, so that no arc which could carry more would lower the cost.

    Distances from the root and to the root are the two extremes of what is possible. The middle,
    rounded down, is possible too (prices of a network form an L-natural-convex set: Murota, 2003),
    and raises fewer false alarms about pairs that the network lacks.
    """
    tails, heads, lengths = _residual(graph, flow)
    far = distances(tails, heads, lengths, graph.nodes)
    back = distances(heads, tails, lengths, graph.nodes)
    return np.where((far < FAR) & (back < FAR), (far - back) // 2, 0)


def _residual(graph: Network, flow: Flow) -> tuple[Nodes, Nodes, Ints]:
    """Tails, heads and lengths of the changes that are possible: one unit more, one unit less."""
    more, less = flow.units < graph.capacities, flow.units > 0
    return (
        np.concatenate([graph.tails[more], graph.heads[less]]),
        np.concatenate([graph.heads[more], graph.tails[less]]),
        np.concatenate([graph.costs[more], -graph.costs[less]]),
    )


def distances(tails: Nodes, heads: Nodes, lengths: Ints, nodes: int) -> Ints:
    """The shortest way from the root to each node, FAR where there is none (Bellman, 1958; Ford).

    In waves: only nodes that came nearer in the last wave are looked at again. Lengths may be
    below zero, but no circle may be, which holds in the residual network of a cheapest flow.
    """
    order = np.argsort(tails, kind="stable")
    heads, lengths = heads[order], lengths[order]
    first = np.concatenate([[0], np.cumsum(np.bincount(tails, minlength=nodes))])
    far = np.full(nodes, FAR)
    far[ROOT] = 0
    wave = np.array([ROOT])
    while len(wave):
        count = first[wave + 1] - first[wave]
        arcs = np.repeat(first[wave] - np.cumsum(count) + count, count) + np.arange(count.sum())
        reach, ends = np.repeat(far[wave], count) + lengths[arcs], heads[arcs]
        nearer = reach < far[ends]
        np.minimum.at(far, ends[nearer], reach[nearer])
        wave = np.unique(ends[nearer])
    return far


def _surcharges(
    conditions: Conditions, graph: Network, flow: Flow, needs: Ints, offers: Ints
) -> tuple[Ints, Ints]:
    """For each need and country it has a host from: how far its dearest host there beats the
    prices, at most what diversity is worth. Their numbers, sorted, and surcharges."""
    taken = flow.chosen(len(graph.pairs))
    need, offer = graph.pairs.need[taken], graph.pairs.offer[taken]
    abroad = conditions.abroad(need, offer)
    counts = abroad != NOBODY
    gain = (-graph.costs[: len(taken)][taken] - needs[need] - offers[offer])[counts]
    numbers, at = np.unique(abroad[counts], return_inverse=True)
    least = np.full(len(numbers), conditions.diversity)
    np.minimum.at(least, at, gain)
    return numbers, np.maximum(least, 0)
