"""How a weight is shared out among tags: whole points that are together exactly the weight."""

from collections.abc import Iterable


def shared_out(most: int, codes: Iterable[str]) -> dict[str, int]:
    """Whole points for each code, as equal as can be; the first codes get what is left over.

    The method of the largest remainder (Hamilton's); all remainders are equal here, so the order
    of the codes decides.
    """
    ordered = sorted(codes)
    each, left = divmod(most, max(len(ordered), 1))
    return {code: each + (place < left) for place, code in enumerate(ordered)}


def goal_of(target: str) -> str:
    """The SDG goal of a target: "11" of "11.2"."""
    return target.partition(".")[0]


def goal_points(points: int) -> int:
    """What of a target's points the same goal gives: half of them, rounded down."""
    return points // 2


def target_points(points: int) -> int:
    """What the very target gives on top of its goal, so that both are together its points."""
    return points - goal_points(points)
