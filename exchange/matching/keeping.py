"""The suggestions of a need as rows: made, kept up to date, dropped, logged. The caller commits."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from exchange.catalogue.models import Need, Offer
from exchange.extensions import db
from exchange.matching import line, locking, moves, queries
from exchange.matching.core.configuration import RULES_VERSION, Configuration
from exchange.matching.core.ranking import Verdict
from exchange.matching.history import history
from exchange.matching.models import Match, ShownIn
from exchange.matching.shown import log_shown
from workflows.match import MatchState
from workflows.offer import OfferState

Listed = list[tuple[int, int, int]]


def keep(need: Need, candidates: Sequence[Verdict], configuration: Configuration) -> None:
    """Make the suggestions of ``need``, which is locked, the best of ``candidates``.

    What an officer suggested by hand stays. As many are kept as the settings say, the asked among
    them, and one more for each further host that is wanted. A list that changed is logged.
    """
    live = queries.matches_of(need, *queries.LIVE)
    known = {match.offer_id: match for match in live}
    # They were ranked before the need was locked: somebody may have said no since.
    refused = history([need.id], configuration=configuration)[need.id].refused
    best = [c for c in candidates if _is_free(known.get(_offer(c))) and _offer(c) not in refused]
    best = best[: _room(need, live, configuration)]
    locking.offers([need.id], [_offer(candidate) for candidate in best])
    best = [c for c in best if _takes_somebody(_offer(c))]
    suggested = [match for match in live if match.state == MatchState.suggested]
    before = _listed(suggested)
    _drop(suggested, {_offer(candidate) for candidate in best})
    first = len(live) - len(suggested) + 1
    kept = [
        _write(need, _offer(c), known, {"position": position, **described(c, configuration)})
        for position, c in enumerate(best, first)
    ]
    line.refresh(need)
    db.session.flush()
    if (now := _listed(kept)) != before:
        log_shown(ShownIn.suggestions, need.id, now, configuration.hash)


def new_match(need: Need, offer: Offer, found: dict[str, Any]) -> Match:
    """A suggestion, linked to the exchange for which partners are looked for."""
    exchange = queries.exchange_of(need, queries.MATCHING)
    match = Match(need=need, offer=offer, exchange=exchange, **found)
    db.session.add(match)
    db.session.flush()
    return match


def described(verdict: Verdict, configuration: Configuration) -> dict[str, Any]:
    """Score and reasons as columns of a match."""
    return {
        "score": verdict.score,
        "reasons": [{**asdict(r), "evidence": dict(r.evidence)} for r in verdict.reasons],
        "met": [{"code": c.code, "evidence": dict(c.evidence)} for c in verdict.constraints],
        "rules_version": RULES_VERSION,
        "configuration_hash": configuration.hash,
    }


def _offer(candidate: Verdict) -> int:
    """Its number: facts may name offers otherwise, rows do not."""
    return int(candidate.offer_id)


def _room(need: Need, live: list[Match], configuration: Configuration) -> int:
    """How many suggestions there may be beside those who are asked."""
    asked = sum(match.state in queries.ASKED for match in live)
    wanted = need.hosts_wanted - need.hosts_held + asked
    return max(configuration.kept + max(wanted, 1) - 1 - asked, 0)


def _is_free(match: Match | None) -> bool:
    """Whether the pair is none yet, or only suggested."""
    return match is None or match.state == MatchState.suggested


def _takes_somebody(offer_id: int) -> bool:
    """As it is now that the offer is locked: it was ranked before."""
    offer = db.session.get(Offer, offer_id)
    if offer is None or offer.state != OfferState.published:
        return False
    return offer.paused_until is None


def _listed(suggested: Sequence[Match]) -> Listed:
    """What was ranked, in its order: offer, position, score."""
    ranked = [match for match in suggested if match.position]
    ranked.sort(key=lambda match: match.position)
    return [(match.offer_id, match.position, match.score) for match in ranked]


def _drop(suggested: Sequence[Match], wanted: set[int]) -> None:
    for match in suggested:
        if match.offer_id in wanted:
            continue
        if match.by_officer:
            _set(match, {"position": 0})
        else:
            moves.drop(match)


def _write(need: Need, offer_id: int, known: dict[int, Match], found: dict[str, Any]) -> Match:
    there = known.get(offer_id)
    if there is None:
        return new_match(need, db.session.get_one(Offer, offer_id), found)
    _set(there, {"position": found["position"]} if there.by_officer else found)
    return there


def _set(match: Match, found: dict[str, Any]) -> None:
    for name, value in found.items():
        if getattr(match, name) != value:
            setattr(match, name, value)
