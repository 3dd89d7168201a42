"""The chain of a practice: where it comes from, who learnt it, what changed there (pure)."""

from dataclasses import dataclass

BOX, HIGH, GAP_X, GAP_Y = 220, 56, 70, 16
MOST = 12


@dataclass(frozen=True)
class Link:
    """Somebody who learnt: its row, the box of what changed (or not yet), the lines to both."""

    number: int
    y: int
    changed: bool
    path: str
    onward: str


@dataclass(frozen=True)
class Chain:
    """The picture: the practice on the left at half height, a row for each who learnt."""

    links: list[Link]
    start_y: int
    learnt_x: int
    changed_x: int
    width: int
    height: int
    others: int


def layout(changed: list[bool]) -> Chain:
    """:param changed: for each who learnt, whether anything changed there."""
    shown = changed[:MOST]
    height = max(len(shown), 1) * (HIGH + GAP_Y) - GAP_Y
    start_y = (height - HIGH) // 2
    learnt_x, changed_x = BOX + GAP_X, 2 * (BOX + GAP_X)
    links = []
    for number, one in enumerate(shown):
        y = number * (HIGH + GAP_Y)
        middle, from_y, lane = y + HIGH // 2, start_y + HIGH // 2, BOX + GAP_X // 2
        path = f"M{BOX} {from_y}C{lane} {from_y} {lane} {middle} {learnt_x} {middle}"
        onward = f"M{learnt_x + BOX} {middle}H{changed_x}" if one else ""
        links.append(Link(number, y, one, path, onward))
    return Chain(
        links, start_y, learnt_x, changed_x, changed_x + BOX, height, len(changed) - len(shown)
    )
