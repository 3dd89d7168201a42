"""The workflow as a picture: a column for each stage, a box for each state, "you are here".

Read from the table of moves, so that it can never show another way than the law.
"""

from dataclasses import dataclass

from workflows.exchange import EXCHANGE, RULES, ExchangePhase, ExchangeState

BOX, HIGH, GAP_X, GAP_Y, HEAD = 150, 46, 34, 18, 30
# They can be reached from almost anywhere: drawn as lines they would hide the way.
BESIDE = (ExchangeState.on_hold, ExchangeState.declined, ExchangeState.cancelled)


@dataclass(frozen=True)
class Box:
    """A state on the sheet. ``taken``: the exchange has been there."""

    state: ExchangeState
    x: int
    y: int
    here: bool
    taken: bool


@dataclass(frozen=True)
class Line:
    """A move on the sheet, from box to box, as the path of an SVG."""

    path: str
    taken: bool


@dataclass(frozen=True)
class Diagram:
    """All of it, with the size of the sheet."""

    heads: list[tuple[ExchangePhase, int]]
    boxes: list[Box]
    lines: list[Line]
    width: int
    height: int


def diagram(stands: str, visited: frozenset[str] = frozenset()) -> Diagram:
    """Draw the way of an exchange that stands in ``stands`` and has been in ``visited``."""
    columns: dict[ExchangePhase, list[ExchangeState]] = {}
    for state in ExchangeState:
        if state not in BESIDE or state == stands:
            columns.setdefault(ExchangePhase(RULES[state].phase), []).append(state)
    been = visited | {stands}
    boxes: dict[str, Box] = {}
    heads = []
    for number, (phase, states) in enumerate(columns.items()):
        x = number * (BOX + GAP_X)
        heads.append((phase, x))
        for row, state in enumerate(states):
            y = HEAD + row * (HIGH + GAP_Y)
            boxes[state] = Box(state, x, y, state == stands, state in been)
    width = len(columns) * (BOX + GAP_X) - GAP_X
    height = HEAD + max(map(len, columns.values())) * (HIGH + GAP_Y) - GAP_Y
    return Diagram(heads, list(boxes.values()), _lines(boxes), width, height)


def _lines(boxes: dict[str, Box]) -> list[Line]:
    pairs = dict.fromkeys((move.source, move.dest) for move in EXCHANGE.moves)
    on_sheet = [
        (boxes[a], boxes[b])
        for a, b in pairs
        if a in boxes and b in boxes and not {a, b} & set(BESIDE)
    ]
    return [Line(_path(a, b), a.taken and b.taken) for a, b in on_sheet]


def _path(a: Box, b: Box) -> str:
    """Down to the next box, along the side to one further off, through the lane between."""
    if a.x == b.x:
        if b.y == a.y + HIGH + GAP_Y:
            return f"M{a.x + BOX // 2} {a.y + HIGH}V{b.y}"
        side, lane = a.x + BOX, a.x + BOX + 12
        return f"M{side} {a.y + HIGH // 2}H{lane}V{b.y + HIGH // 2 + 6}H{side}"
    if a.x < b.x:
        lane = b.x - GAP_X // 2
        return f"M{a.x + BOX} {a.y + HIGH // 2}H{lane}V{b.y + HIGH // 2}H{b.x}"
    lane = b.x + BOX + GAP_X // 2 - 4
    return f"M{a.x} {a.y + HIGH // 2 + 6}H{lane}V{b.y + HIGH // 2 + 6}H{b.x + BOX}"
