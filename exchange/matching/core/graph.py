"""The run as a network in which places flow in a circle.

    root -> (capped learner organisation) -> need -> (hosts of one country) -> offer
         -> (capped host organisation) -> root

Each unit that goes round is a place given. Arcs have a capacity and a cost for each unit, which is
what the unit is worth, negative. The cheapest circulation is the best run (Ahuja, Magnanti, Orlin:
Network Flows, 1993, chapter 9). All side conditions hang on nodes of this tree, which keeps the
problem one of flow: its best is found exactly, in whole numbers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from exchange.matching.core.conditions import NOBODY, Conditions, Side
from exchange.matching.core.pairs import Ints, Pairs

ROOT = 0
FIRST_NEED = 1
Nodes = NDArray[np.int32]


@dataclass(frozen=True)
class Groups:
    """The pairs of one need with hosts of one country, where there are two of them or more.

    ``of_pair``: the number of each pair's group, or NOBODY; by that number its ``need`` and
    ``size``.
    """

    of_pair: Ints
    need: Ints
    size: Ints

    @classmethod
    def of(cls, conditions: Conditions, pairs: Pairs) -> "Groups":
        """The groups among ``pairs``: only needs that look for several hosts have any."""
        key = conditions.abroad(pairs.need, pairs.offer)
        counts = key != NOBODY
        keys, at, size = np.unique(key[counts], return_inverse=True, return_counts=True)
        number = np.where(size > 1, np.cumsum(size > 1) - 1, NOBODY)
        of_pair = np.full(len(pairs), NOBODY)
        of_pair[counts] = number[at]
        need = keys[size > 1] // max(len(conditions.countries), 1)
        return cls(of_pair, need, size[size > 1])


@dataclass(frozen=True)
class Network:
    """Arcs by number, of which the first are the pairs in their order. Nodes by number: the root,
    then needs, ``offers``, capped ``learners`` and ``hosts``, and ``groups`` (the first of each).
    """

    tails: Nodes
    heads: Nodes
    capacities: Ints
    costs: Ints
    pairs: Pairs
    group: Groups
    offers: int
    learners: int
    hosts: int
    groups: int
    nodes: int


class _Arcs:
    """Collects arcs; a capacity of zero makes none."""

    def __init__(self) -> None:
        self.columns: list[list[Ints]] = []

    def add(
        self, tails: Ints | int, heads: Ints | int, capacity: Ints | int, cost: Ints | int = 0
    ) -> None:
        """Arcs from ``tails`` to ``heads``; a single number counts for all of them."""
        columns = np.broadcast_arrays(tails, heads, capacity, cost)
        some = columns[2] > 0
        self.columns.append([column[some] for column in columns])

    def joined(self) -> list[Ints]:
        """Tails, heads, capacities and costs of all arcs, in the order they came."""
        return [np.concatenate(column) for column in zip(*self.columns, strict=True)]


def network(conditions: Conditions, pairs: Pairs) -> Network:
    """The network of these pairs. The same pairs in the same order give the same network."""
    needs, offers = conditions.needs, conditions.offers
    group = Groups.of(conditions, pairs)
    first_offer = FIRST_NEED + len(needs.places)
    learners = first_offer + len(offers.places)
    hosts = learners + len(needs.caps)
    groups = hosts + len(offers.caps)
    grouped = group.of_pair != NOBODY
    arcs = _Arcs()
    arcs.add(
        np.where(grouped, groups + group.of_pair, FIRST_NEED + pairs.need),
        first_offer + pairs.offer,
        1,
        -conditions.values(pairs.need, pairs.offer, pairs.score),
    )
    _add_needs(arcs, conditions, learners)
    _add_offers(arcs, conditions, first_offer, hosts)
    _add_groups(arcs, group, groups, conditions.diversity)
    tails, heads, capacities, costs = arcs.joined()
    return Network(
        tails=tails.astype(np.int32),
        heads=heads.astype(np.int32),
        capacities=capacities,
        costs=costs,
        pairs=pairs,
        group=group,
        offers=first_offer,
        learners=learners,
        hosts=hosts,
        groups=groups,
        nodes=groups + len(group.size),
    )


def organisations(side: Side, first: int) -> Ints:
    """The node between the root and each row of a side: its capped organisation, or the root."""
    return np.where(side.organisation == NOBODY, ROOT, first + side.organisation)


def _add_needs(arcs: _Arcs, conditions: Conditions, learners: int) -> None:
    """The first host of a need brings the first bonus, the second the second, others none."""
    side, (first, second) = conditions.needs, conditions.steps.T
    above, nodes = organisations(side, learners), FIRST_NEED + np.arange(len(side.places))
    arcs.add(above, nodes, np.minimum(side.places, 1), -first)
    arcs.add(above, nodes, np.minimum(side.places - 1, 1), -second)
    arcs.add(above, nodes, side.places - 2)
    arcs.add(ROOT, learners + np.arange(len(side.caps)), side.caps)


def _add_offers(arcs: _Arcs, conditions: Conditions, offers: int, hosts: int) -> None:
    """The first place of a newcomer brings a bonus."""
    side, new = conditions.offers, conditions.newcomer > 0
    below, nodes = organisations(side, hosts), offers + np.arange(len(side.places))
    arcs.add(nodes, below, np.where(new, np.minimum(side.places, 1), 0), -conditions.newcomer)
    arcs.add(nodes, below, side.places - new)
    arcs.add(hosts + np.arange(len(side.caps)), ROOT, side.caps)


def _add_groups(arcs: _Arcs, group: Groups, groups: int, diversity: int) -> None:
    """The first host from a country costs nothing, each further one what diversity is worth. Their
    number has no limit here: a pair that the network lacks must not look dearer than that."""
    nodes = groups + np.arange(len(group.size))
    arcs.add(FIRST_NEED + group.need, nodes, 1)
    arcs.add(FIRST_NEED + group.need, nodes, group.size, diversity)
