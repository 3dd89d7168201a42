"""The end of a run: the best whole over the pairs that the blocks found, as rows and a report.

No database here: a run's share of the market and wishes in, plain values out.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from time import perf_counter
from typing import Any

import numpy as np

from exchange.matching.core.assignment import Assignment, Given, assign
from exchange.matching.core.facts import Key, Wishes
from exchange.matching.core.market import Marketplace
from exchange.matching.core.rounds import Progress
from exchange.matching.core.rules import Reason
from exchange.runs.coverage import coverage
from exchange.runs.share import Share, ids

Pair = tuple[Key, Key]


@dataclass(frozen=True)
class Solved:
    """``rows``: columns of the pairs of the run. ``report``: what people read of it, for JSON."""

    rows: list[dict[str, Any]]
    report: dict[str, Any]


def solve(share: Share, wishes: Wishes, *, seconds: float, progress: Progress | None) -> Solved:
    """The best run, its pairs with rank and reasons, and its report.

    :param seconds: how long the solver may look; then it says how far from the best it may be.
    """
    begun = perf_counter()
    found = assign(share, wishes, seconds=seconds, progress=progress)
    solved = perf_counter()
    rows = _rows(share, found)
    report = {
        **_figures(share, found),
        "coverage": coverage(share.needs, {pair.need for pair in found.pairs}),
        "seconds": {"solve": _since(begun, solved), "explain": _since(solved, perf_counter())},
    }
    return Solved(rows, report)


def _figures(share: Share, found: Assignment) -> dict[str, Any]:
    """Everything that is one number or one word a need; points are basis points."""
    encoder = share.market.index.texts.encoder
    return {
        "wanting": sum(need.open_places > 0 for need in share.needs),
        "offers": len(share.offers),
        "served": len({pair.need for pair in found.pairs}),
        "places": len(found.pairs),
        "total": found.total,
        "objective": found.objective,
        "bound": found.bound,
        "gap": found.gap,
        "certified": found.certified,
        "rounds": found.rounds,
        "solver": found.solver,
        "unserved": {str(need): str(why) for need, why in found.unserved.items()},
        "kept_pins": [list(pin) for pin in found.kept_pins],
        "broken_pins": [[*pin, str(why)] for pin, why in found.broken_pins.items()],
        "encoder": encoder.name,
        # Not every encoder can fail: who cannot says nothing of it.
        "encoder_fell_back": getattr(encoder, "fell_back", ""),
    }


def _rows(share: Share, found: Assignment) -> list[dict[str, Any]]:
    given = reasons_of(share.market, found.pairs)
    ranks = _ranks(share, found.pairs)
    return [
        {
            "need_id": pair.need,
            "offer_id": pair.offer,
            "score": pair.score,
            "rank": rank,
            "reasons": plain(why),
            "trade_off": _trade_off(found, pair),
            "pinned": pair.pinned,
        }
        for pair, why, rank in zip(found.pairs, given, ranks, strict=True)
    ]


def reasons_of(market: Marketplace, pairs: Sequence[Given]) -> list[tuple[Reason, ...]]:
    """The reasons of each pair, with what shows them; they sum to its score."""
    found: dict[Pair, tuple[Reason, ...]] = {}
    for need, own in groupby(sorted(pairs, key=_need), key=_need):
        offers = [pair.offer for pair in own]
        places = np.array([market.index.place[offer] for offer in offers])
        for verdict in market.view(need).verdicts(places):
            found[need, verdict.offer_id] = verdict.reasons
    return [found[pair.need, pair.offer] for pair in pairs]


def _need(pair: Given) -> int:
    """Whose it is; needs of the database have numbers."""
    return int(pair.need)


def plain(given: tuple[Reason, ...]) -> list[dict[str, Any]]:
    """Reasons for JSON."""
    return [{**asdict(reason), "evidence": dict(reason.evidence)} for reason in given]


def _ranks(share: Share, pairs: Sequence[Given]) -> list[int]:
    """The place of each offer among the candidates of its need, from 1."""
    start = share.best_at_first()
    order = np.arange(len(start)) - np.searchsorted(start.need, start.need)
    known = dict(
        zip(
            zip(
                ids(share.needs)[start.need].tolist(),
                ids(share.offers)[start.offer].tolist(),
                strict=True,
            ),
            (order + 1).tolist(),
            strict=True,
        )
    )
    return [known.get((p.need, p.offer)) or _counted_rank(share, p) for p in pairs]


def _counted_rank(share: Share, pair: Given) -> int:
    """The rank of an offer that is not among the best few: how many have a better score."""
    view = share.market.view(pair.need)
    left, _removed = view.narrowed()
    _offers, scores = view.scored(left)
    return int((scores > pair.score).sum()) + 1


def _trade_off(found: Assignment, pair: Given) -> Mapping[str, Any] | None:
    missed = found.trade_off(pair.need)
    if missed is None or missed.score <= pair.score:
        return None
    return {**asdict(missed), "because": str(missed.because)}


def _since(begun: float, ended: float) -> float:
    return round(ended - begun, 3)
