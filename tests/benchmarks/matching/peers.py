"""Other ways to assign, on the same pairs: what the engine is measured against."""

import sys
import threading
from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from exchange.matching.core.graph import Network
from exchange.matching.core.pairs import Ints, Pairs

# The players of ``matching`` refer to each other, and are copied by recursion.
DEPTH, STACK = 1 << 20, 512 << 20


def network_simplex(graph: Network) -> int:
    """The cost of the cheapest circulation, by networkx."""
    import networkx as nx

    other = nx.MultiDiGraph()
    other.add_nodes_from(range(graph.nodes))
    columns = (graph.tails, graph.heads, graph.capacities, graph.costs)
    for tail, head, capacity, weight in zip(*(c.tolist() for c in columns), strict=True):
        other.add_edge(tail, head, capacity=capacity, weight=weight)
    return int(nx.network_simplex(other)[0])


def hospital_residents(pairs: Pairs) -> Pairs:
    """The stable matching of one place each, by ``matching``: both sides rank by the score."""
    return _with_deep_stack(lambda: _hospital_residents(pairs))


def _hospital_residents(pairs: Pairs) -> Pairs:
    from matching.games import HospitalResident

    needs, offers = _ranked(pairs.need, pairs.offer, pairs), _ranked(pairs.offer, pairs.need, pairs)
    game = HospitalResident.create_from_dictionaries(
        {f"n{need}": [f"o{offer}" for offer in ranked] for need, ranked in needs.items()},
        {f"o{offer}": [f"n{need}" for need in ranked] for offer, ranked in offers.items()},
        {f"o{offer}": 1 for offer in offers},
    )
    taken = {
        (int(need.name[1:]), int(offer.name[1:]))
        for offer, guests in game.solve().items()
        for need in guests
    }
    rows = zip(pairs.need.tolist(), pairs.offer.tolist(), strict=True)
    return pairs.only(np.array([row in taken for row in rows], bool))


def _ranked(mine: Ints, other: Ints, pairs: Pairs) -> dict[int, list[int]]:
    order = np.lexsort((other, -pairs.score, mine))
    ranked: dict[int, list[int]] = defaultdict(list)
    for one, two in zip(mine[order].tolist(), other[order].tolist(), strict=True):
        ranked[one].append(two)
    return ranked


def _with_deep_stack(work: Callable[[], Any]) -> Any:
    """Run ``work`` where recursion may go as deep as it likes."""
    found: list[Any] = []
    limit, stack = sys.getrecursionlimit(), threading.stack_size(STACK)
    sys.setrecursionlimit(DEPTH)
    try:
        thread = threading.Thread(target=lambda: found.append(work()))
        thread.start()
        thread.join()
    finally:
        sys.setrecursionlimit(limit)
        threading.stack_size(stack)
    return found[0]


def best_pair_first(pairs: Pairs, needs: Ints, offers: Ints) -> Pairs:
    """The best pair of all whose places are free, again and again."""
    order = np.lexsort((pairs.offer, pairs.need, -pairs.score))
    return _while_there_are_places(pairs, order.tolist(), needs, offers)


def first_come_first_served(pairs: Pairs, needs: Ints, offers: Ints) -> Pairs:
    """Needs in the order they came (here: any) take the best that is left."""
    came = np.random.default_rng(1).permutation(len(needs))
    order = np.lexsort((pairs.offer, -pairs.score, came[pairs.need]))
    return _while_there_are_places(pairs, order.tolist(), needs, offers)


def _while_there_are_places(pairs: Pairs, order: Iterable[int], needs: Ints, offers: Ints) -> Pairs:
    need, offer = pairs.need.tolist(), pairs.offer.tolist()
    wanted, places = needs.tolist(), offers.tolist()
    taken = np.zeros(len(pairs), bool)
    for at in order:
        if wanted[need[at]] and places[offer[at]]:
            wanted[need[at]] -= 1
            places[offer[at]] -= 1
            taken[at] = True
    return pairs.only(taken)
