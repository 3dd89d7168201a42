"""The report of a run: what its blocks counted and what its solver says, in one JSON object."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any


def joined(
    solved: Mapping[str, Any], blocks: Sequence[Mapping[str, Any]], needs: int
) -> dict[str, Any]:
    """The report.

    ``removed`` counts pairs by the rule that removed them, ``fits`` those that no rule removed, and
    ``counted`` says for how many of the needs that was done: for all in most runs, for needs evenly
    spread in very large ones. ``seconds.compare`` is the work of all workers together.
    """
    counted = [block["counted"] for block in blocks]
    removed: Counter[str] = Counter()
    for one in counted:
        removed.update(one["removed"])
    seconds = {"compare": round(sum(block["seconds"] for block in blocks), 3)}
    return {
        "needs": needs,
        **solved,
        "pairs": needs * solved["offers"],
        "counted": {name: sum(one[name] for one in counted) for name in ("needs", "pairs")},
        "removed": dict(removed.most_common()),
        "fits": sum(one["fits"] for one in counted),
        "seconds": {**seconds, **solved["seconds"]},
    }
