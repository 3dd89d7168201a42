"""Which offers fit a need, best first, and what kept the others away."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from zlib import crc32

from exchange.matching import rules
from exchange.matching.facts import NeedFacts, OfferFacts
from exchange.matching.rules import Reason

BELOW_THE_FLOOR = "below_the_floor"


@dataclass(frozen=True)
class Candidate:
    """A pair that breaks no hard rule and reaches the floor."""

    need_id: int
    offer_id: int
    score: int
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class Ranking:
    """The candidates of one need. ``removed`` counts by rule; together they are ``looked_at``."""

    candidates: tuple[Candidate, ...]
    removed: Mapping[str, int]
    looked_at: int


def consider(need: NeedFacts, offer: OfferFacts) -> Candidate | str:
    """The pair as a candidate, or the code of what speaks against it."""
    code = rules.broken(need, offer)
    if code is not None:
        return code
    given = rules.reasons(need, offer)
    if not rules.worth_it(given):
        return BELOW_THE_FLOOR
    return Candidate(need.id, offer.id, rules.score(given), given)


def rank_offers(need: NeedFacts, offers: Iterable[OfferFacts]) -> Ranking:
    """The offers that fit ``need``, best first. The order of ``offers`` changes nothing."""
    verdicts = [consider(need, offer) for offer in offers]
    return Ranking(
        tuple(sorted((v for v in verdicts if isinstance(v, Candidate)), key=best_first)),
        Counter(v for v in verdicts if isinstance(v, str)),
        len(verdicts),
    )


def rank_needs(offer: OfferFacts, needs: Iterable[NeedFacts]) -> tuple[Candidate, ...]:
    """The needs that ``offer`` fits, best first."""
    verdicts = (consider(need, offer) for need in needs)
    return tuple(sorted((v for v in verdicts if isinstance(v, Candidate)), key=best_first))


def best_first(candidate: Candidate) -> tuple[int, int, int, int]:
    """Sort key: the score; equal scores in an order that is stable but favours nobody's number."""
    tie = crc32(f"{candidate.need_id}:{candidate.offer_id}".encode())
    return (-candidate.score, tie, candidate.need_id, candidate.offer_id)
