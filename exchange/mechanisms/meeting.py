"""Which needs of mechanisms meet which offers: ranked by the matcher of cities, with its reasons.

Plain values go in and come out; the rows are read elsewhere.
"""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from exchange.matching.core.configuration import Configuration
from exchange.matching.core.facts import NeedFacts, OfferFacts

if TYPE_CHECKING:
    from exchange.matching.core.ranking import Verdict
    from exchange.mechanisms.models import MechanismListing

# Mechanisms have no size, no guests and no place in the world: the subject decides alone.
SUBJECT = Configuration(weights={"same_themes": 6000, "same_words": 4000})
# More than this of one need nobody reads.
MOST = 50


@dataclass(frozen=True)
class Meeting:
    """A need that an offer meets: ids of the two, points of 10000, and why."""

    need_id: int
    offer_id: int
    score: int
    reasons: tuple[dict[str, Any], ...]


def meetings(needs: Sequence[NeedFacts], offers: Sequence[OfferFacts]) -> list[Meeting]:
    """Every pair that fits, the best first."""
    if not needs or not offers:
        return []
    from exchange.matching.core.market import Marketplace  # late: numpy, for who matches
    from exchange.matching.text.builtin import BuiltIn

    market = Marketplace.of(needs, offers, SUBJECT, BuiltIn())
    found = [one for need in needs for one in market.rank(need, MOST).candidates]
    return sorted(map(_meeting, found), key=lambda one: (-one.score, one.need_id, one.offer_id))


def _meeting(verdict: "Verdict") -> Meeting:
    told = tuple(
        {**asdict(one), "evidence": dict(one.evidence)} for one in verdict.reasons if one.points
    )
    return Meeting(int(verdict.need_id), int(verdict.offer_id), verdict.score, told)


def need_facts(rows: Iterable["MechanismListing"]) -> list[NeedFacts]:
    """What mechanisms need, as the matcher knows needs. A mechanism is not matched with itself."""
    return [NeedFacts(**_facts(row)) for row in rows]


def offer_facts(rows: Iterable["MechanismListing"]) -> list[OfferFacts]:
    """What mechanisms give, as the matcher knows offers."""
    return [OfferFacts(**_facts(row)) for row in rows]


def _facts(row: "MechanismListing") -> dict[str, Any]:
    return {
        "id": row.id,
        "organisation_id": row.mechanism_id,
        "title": row.title,
        "text": row.text,
        "language": row.language,
        "themes": _codes(row, "theme"),
        "formats": _codes(row, "format"),
        "languages": _codes(row.mechanism, "language"),
    }


def _codes(row: Any, vocabulary: str) -> frozenset[str]:
    return frozenset(term.code for term in row.tagged(vocabulary))
