"""Make ``static/land.svg``: the land of the world as one shape, without borders.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    python -m exchange.pictures.land package/land-110m.json > exchange/static/land.svg

The shapes are Natural Earth's at 1:110 million (public domain), in the TopoJSON of the package.
"""

import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exchange.pictures.projection import HEIGHT, SOUTH, WIDTH, project

Ring = list[tuple[float, float]]
FINE = 2  # units of the path for one of the sheet
HALF = 180.0
SMALLEST = 4  # points; a ring of fewer is a dot on this sheet


def rings(topology: Any) -> Iterator[Ring]:
    """The outlines as longitude and latitude."""
    (scale_x, scale_y), (left, top) = (topology["transform"][k] for k in ("scale", "translate"))
    arcs: list[Ring] = []
    for arc in topology["arcs"]:
        x = y = 0
        points: Ring = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * scale_x + left, y * scale_y + top))
        arcs.append(points)
    for shape in topology["objects"]["land"]["geometries"]:
        for polygon in shape["arcs"]:
            for ring in polygon:
                yield [point for number in ring for point in _arc(arcs, number)]


def halves(ring: Ring) -> Iterator[Ring]:
    """A ring cut where the sheet ends: what lies over one edge belongs to the other."""
    turned, before, turn = [], ring[0][0], 0.0
    for lon, lat in ring:
        turn += -360 if lon - before > HALF else 360 if before - lon > HALF else 0
        turned.append((lon + turn, lat))
        before = lon
    for shift in (-360, 0, 360):
        moved = [(lon + shift, lat) for lon, lat in turned]
        cut = _cut(_cut(moved, HALF), -HALF)
        if cut:
            yield cut


def _cut(ring: Ring, edge: float) -> Ring:
    """What of a ring lies on the inner side of an edge of the sheet (Sutherland and Hodgman)."""
    kept: Ring = []
    for (x, y), (to_x, to_y) in zip(ring, ring[1:] + ring[:1], strict=True):
        inside, stays = (abs(one) <= HALF or one * edge < 0 for one in (x, to_x))
        if inside:
            kept.append((x, y))
        if inside != stays:
            kept.append((edge, y + (to_y - y) * (edge - x) / (to_x - x)))
    return kept


def _arc(arcs: list[Ring], number: int) -> Ring:
    return arcs[number] if number >= 0 else arcs[~number][::-1]


def path(topology: Any) -> str:
    """The outlines on our sheet, as steps from point to point in whole units."""
    parts = []
    for ring in (half for whole in rings(topology) for half in halves(whole)):
        if min(lat for _lon, lat in ring) < SOUTH - 3:
            continue
        points: list[tuple[int, int]] = []
        for lon, lat in ring:
            x, y = project(lat, lon)
            point = round(x * FINE), round(y * FINE)
            if not points or point != points[-1]:
                points.append(point)
        if len(points) >= SMALLEST:
            parts.append(_steps(points))
    return "".join(parts)


def _steps(points: list[tuple[int, int]]) -> str:
    (x, y), text = points[0], ""
    for to_x, to_y in points[1:]:
        text += f"{to_x - x} {to_y - y} "
        x, y = to_x, to_y
    return f"M{points[0][0]} {points[0][1]}l{text.strip()}z".replace(" -", "-")


def main() -> None:
    """Write the picture to the standard output."""
    topology = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    box = f"0 0 {WIDTH} {HEIGHT}"
    shape = f'<path id="land" transform="scale({1 / FINE})" d="{path(topology)}"/>'
    head = '<svg xmlns="http://www.w3.org/2000/svg"'
    sys.stdout.write(f'{head} viewBox="{box}">{shape}</svg>\n')


if __name__ == "__main__":
    main()
