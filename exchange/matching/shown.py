"""The log of what was shown: which offers stood where in a list, with which score.

What became of a pair is read from its match, so acceptance by position can be counted
(``quality.py``). The caller commits.
"""

from collections.abc import Iterable

from sqlalchemy import insert

from exchange.extensions import db
from exchange.matching.models import Shown, ShownIn


def log_shown(
    place: ShownIn, need_id: int, rows: Iterable[tuple[int, int, int]], configuration_hash: str
) -> int:
    """Write down one list of a need; return how many lines it has.

    :param place: the need's suggestions, an officer's look, or a run.
    :param rows: (offer id, position from 1, score in basis points).
    :param configuration_hash: of the settings that ranked them.
    """
    lines = [
        {
            "place": place,
            "need_id": need_id,
            "offer_id": offer_id,
            "position": position,
            "score": score,
            "configuration_hash": configuration_hash,
        }
        for offer_id, position, score in rows
    ]
    if lines:
        db.session.execute(insert(Shown), lines)
    return len(lines)
