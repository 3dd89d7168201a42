"""Who learns from whom, as points on a circle: the same pairs give the same picture."""

from collections import Counter
from dataclasses import dataclass
from math import sqrt
from typing import Any

SIZE, MIDDLE, RADIUS = 720, 360, 235
MOST = 24
BEND = 0.35  # how far an arc leans to the middle


@dataclass(frozen=True)
class Node:
    """Somebody in the network. ``total`` counts the exchanges in which it hosts or learns."""

    key: Any
    x: float
    y: float
    radius: float
    total: int
    text_x: float
    anchor: str


@dataclass(frozen=True)
class Arc:
    """``host`` has shown, ``learner`` has learned, so many times."""

    host: Any
    learner: Any
    total: int
    path: str
    width: float


@dataclass(frozen=True)
class Network:
    """The most active of them, and how many are left out."""

    nodes: list[Node]
    arcs: list[Arc]
    others: int


def layout(pairs: dict[tuple[Any, Any], int], most: int = MOST) -> Network:
    """Lay out pairs of (host, learner) with how often; keys are compared as they sort."""
    weight: Counter[Any] = Counter()
    for (host, learner), number in pairs.items():
        weight[host] += number
        weight[learner] += number
    shown = sorted(_chosen(pairs, weight, most), key=lambda key: (-weight[key], key))
    nodes = _circle(_neighbours(shown, pairs), weight)
    at = {node.key: node for node in nodes}
    arcs = [
        Arc(host, learner, number, _bow(at[host], at[learner]), 1 + min(sqrt(number), 5))
        for (host, learner), number in sorted(pairs.items(), key=lambda one: (one[1], one[0]))
        if host in at and learner in at and host != learner
    ]
    return Network(nodes, arcs, len(weight) - len(nodes))


def _chosen(pairs: dict[tuple[Any, Any], int], weight: Counter[Any], most: int) -> set[Any]:
    """The most active pairs, those first that touch one already chosen: nobody stands alone."""
    left = sorted(pairs, key=lambda pair: (-pairs[pair], -sum(weight[one] for one in pair), pair))
    chosen: set[Any] = set()
    while left:
        pair = max(left[:most], key=lambda pair: (bool(chosen & set(pair)), pairs[pair]))
        left.remove(pair)
        if len(chosen | set(pair)) <= most:
            chosen |= set(pair)
    return chosen


def _neighbours(keys: list[Any], pairs: dict[tuple[Any, Any], int]) -> list[Any]:
    """Those who work most together beside each other: each time the one nearest to the last."""
    bond: Counter[frozenset[Any]] = Counter()
    for pair, number in pairs.items():
        bond[frozenset(pair)] += number
    left = list(keys)
    order: list[Any] = []
    while left:
        last = order[-1] if order else None
        nearest = max(left, key=lambda key: (bond[frozenset((last, key))], -keys.index(key)))
        left.remove(nearest)
        order.append(nearest)
    return order


def _circle(keys: list[Any], weight: Counter[Any]) -> list[Node]:
    """Down the right half and up the left one, with the same height between any two: so that the
    names, which are as high everywhere, never lie on each other."""
    top = max((weight[key] for key in keys), default=1)
    half = (len(keys) + 1) // 2
    down = [(key, 1, n, half) for n, key in enumerate(keys[:half])]
    up = [(key, -1, n, len(keys) - half) for n, key in enumerate(reversed(keys[half:]))]
    nodes = []
    for key, side, number, of in down + up[::-1]:
        height = (2 * number + 1) / of - 1
        x, y = MIDDLE + side * RADIUS * sqrt(1 - height**2), MIDDLE + RADIUS * height
        radius = 5 + 11 * sqrt(weight[key] / top)
        anchor = "start" if side > 0 else "end"
        nodes.append(Node(key, x, y, radius, weight[key], x + side * (radius + 6), anchor))
    return nodes


def _bow(a: Node, b: Node) -> str:
    """An arc that leans to the middle and ends at the rim of ``b``."""
    cx, cy = ((p + q) / 2 + (MIDDLE - (p + q) / 2) * BEND for p, q in ((a.x, b.x), (a.y, b.y)))
    long = sqrt((b.x - cx) ** 2 + (b.y - cy) ** 2) or 1
    short = 1 - (b.radius + 3) / long
    end_x, end_y = cx + (b.x - cx) * short, cy + (b.y - cy) * short
    return f"M{a.x:.1f} {a.y:.1f}Q{cx:.1f} {cy:.1f} {end_x:.1f} {end_y:.1f}"
