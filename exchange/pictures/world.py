"""Exchanges on the map of the world: a dot for each place, a bow from host to learner."""

from dataclasses import dataclass
from math import hypot, sqrt
from typing import Any

from exchange.pictures.projection import project

LEAST, MOST_RADIUS, RISE = 3.0, 14.0, 0.18


@dataclass(frozen=True)
class Dot:
    """A place with so many exchanges."""

    key: Any
    x: float
    y: float
    radius: float
    total: int


@dataclass(frozen=True)
class Bow:
    """From a host's place to a learner's."""

    path: str
    total: int
    width: float


def dots(places: list[tuple[Any, float, float, int]]) -> list[Dot]:
    """Dots for (key, latitude, longitude, number); the area of a dot says how many. The small ones
    come last, so that they lie on top and can be reached."""
    top = max((number for *_rest, number in places), default=1)
    found = []
    for key, lat, lon, number in places:
        x, y = project(lat, lon)
        found.append(Dot(key, x, y, max(LEAST, MOST_RADIUS * sqrt(number / top)), number))
    return sorted(found, key=lambda dot: (-dot.total, str(dot.key)))


def bows(pairs: list[tuple[float, float, float, float, int]]) -> list[Bow]:
    """Bows for (latitude and longitude of the host, of the learner, number)."""
    return [
        Bow(_bow(project(a, b), project(c, d)), number, 0.6 + min(sqrt(number) / 2, 3))
        for a, b, c, d, number in pairs
    ]


def _bow(a: tuple[float, float], b: tuple[float, float]) -> str:
    (x, y), (to_x, to_y) = a, b
    rise = RISE * hypot(to_x - x, to_y - y)
    middle = f"{(x + to_x) / 2:.1f} {(y + to_y) / 2 - rise:.1f}"
    return f"M{x:.1f} {y:.1f}Q{middle} {to_x:.1f} {to_y:.1f}"
