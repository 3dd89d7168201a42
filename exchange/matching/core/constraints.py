"""What a pair has met of the hard rules, in codes: languages, dates, formats, papers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from exchange.matching.core.facts import NeedFacts, OfferFacts


@dataclass(frozen=True)
class Constraint:
    """A condition that the pair meets, and how: ``code`` is that of its hard rule."""

    code: str
    evidence: Mapping[str, Any]


def constraints(need: NeedFacts, offer: OfferFacts) -> tuple[Constraint, ...]:
    """The conditions that somebody set and that the pair meets; what nobody asked is left out."""
    found = ((code, how(need, offer)) for code, how in MET)
    return tuple(Constraint(code, evidence) for code, evidence in found if evidence)


def common_days(need: NeedFacts, offer: OfferFacts) -> tuple[date | None, date | None]:
    """The first and the last day that suit both; None where neither set an end."""
    firsts = [side.first_day for side in (need, offer) if side.first_day]
    lasts = [side.last_day for side in (need, offer) if side.last_day]
    return max(firsts, default=None), min(lasts, default=None)


def whole_weeks(first: date | None, last: date | None) -> int | None:
    """How many whole weeks lie between two days, both counted; None when an end is open."""
    if first is None or last is None:
        return None
    return max((last - first + timedelta(days=1)).days // 7, 0)


def _languages(need: NeedFacts, offer: OfferFacts) -> Mapping[str, Any]:
    shared = sorted(need.languages & offer.languages)
    if shared:
        return {"languages": shared}
    sides = [name for name, side in (("need", need), ("offer", offer)) if side.interpretation]
    return {"interpretation": sides} if sides and need.languages and offer.languages else {}


def _window(need: NeedFacts, offer: OfferFacts) -> Mapping[str, Any]:
    first, last = common_days(need, offer)
    if (first is None and last is None) or (first and last and first > last):
        return {}
    return {
        "first_day": first.isoformat() if first else None,
        "last_day": last.isoformat() if last else None,
        "weeks": whole_weeks(first, last),
    }


def _formats(need: NeedFacts, offer: OfferFacts) -> Mapping[str, Any]:
    shared = sorted(need.formats & offer.formats)
    return {"formats": shared} if shared else {}


def _visa_letter(need: NeedFacts, offer: OfferFacts) -> Mapping[str, Any]:
    return {"visa_letter": True} if need.visa_letter and offer.visa_letter else {}


def _funding(need: NeedFacts, offer: OfferFacts) -> Mapping[str, Any]:
    return {"funding": True} if need.funding and offer.funding else {}


MET: tuple[tuple[str, Callable[[NeedFacts, OfferFacts], Mapping[str, Any]]], ...] = (
    ("a_common_language", _languages),
    ("windows_overlap", _window),
    ("a_common_format", _formats),
    ("visa_letter", _visa_letter),
    ("funding", _funding),
)
