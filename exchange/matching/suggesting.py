"""Suggestions: the best offers for a need, kept up to date, and the best of them asked.

Running twice changes nothing. The caller commits.
"""

from dataclasses import asdict
from typing import Any

from sqlalchemy import update

from exchange import steps
from exchange.catalogue.models import Need, Offer
from exchange.clock import now
from exchange.directory.models import Person
from exchange.exchanges import actions as exchanges
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.matching import loading, moves, places, queries
from exchange.matching.candidates import Candidate, Ranking, rank_needs, rank_offers
from exchange.matching.facts import OfferFacts
from exchange.matching.models import Match
from exchange.matching.rules import RULES_VERSION
from exchange.programmes.models import MatchingMode
from exchange.programmes.queries import mode_of
from workflows.match import MatchState
from workflows.need import NeedState
from workflows.offer import OfferState

# People read five suggestions; the sixth is noise. The one that is asked is among them.
KEPT = 5
# One new offer is looked at for this many needs at once; the sweep comes back for the others.
NEEDS_AT_ONCE = 20


def suggest_for_need(need_id: int, *, offers: list[OfferFacts] | None = None) -> Ranking | None:
    """Keep the best suggestions for a need and ask about the best when nobody is asked yet.

    :param offers: facts already read; all published offers when not given.
    :returns: what was found and what was removed by which rule; None when it is not published.
    """
    need = db.session.get(Need, need_id)
    if need is None:
        return None
    steps.lock(need)
    if need.state != NeedState.published:
        return None
    offers = loading.offer_facts() if offers is None else offers
    ranking = rank_offers(loading.need_facts([need_id])[0], offers)
    asked = queries.matches_of(need, *queries.ASKED)
    _keep(need, ranking.candidates[: KEPT - len(asked)])
    propose_best(need)
    _examined(need)
    return ranking


def suggest_for_offer(offer_id: int) -> int:
    """Look again at the needs that an offer fits best; return how many."""
    offer = db.session.get(Offer, offer_id)
    if offer is None or offer.state != OfferState.published:
        return 0
    offers = loading.offer_facts()
    own = next(facts for facts in offers if facts.id == offer_id)
    found = rank_needs(own, loading.need_facts())[:NEEDS_AT_ONCE]
    for candidate in found:
        suggest_for_need(candidate.need_id, offers=offers)
    _examined(offer)
    return len(found)


def suggest_for_exchange(exchange_id: int) -> int:
    """Look for partners of each need of an exchange that is open for matching; return how many.

    Suggestions that were there before matching was opened are linked to it; one that is asked
    already moves it on.
    """
    exchange = db.session.get(Exchange, exchange_id)
    if exchange is None or exchange.state not in queries.MATCHING:
        return 0
    needs = [need for need in exchange.needs if need.state == NeedState.published]
    for need in needs:
        for match in queries.matches_of(need, MatchState.suggested, *queries.ASKED):
            match.exchange = match.exchange or exchange
        suggest_for_need(need.id)
    exchanges.try_advance(exchange, "propose_match", actor=None)
    return len(needs)


def propose_best(need: Need, *, actor: Person | None = None) -> Match | None:
    """Ask about the best suggestion that has a place, unless somebody is asked already; nobody
    where an officer asks (the programme suggests only, or its runs are reviewed)."""
    if mode_of(need.programme) != MatchingMode.automatic:
        return None
    if queries.matches_of(need, *queries.ASKED):
        return None
    for match in queries.matches_of(need, MatchState.suggested):
        if places.take(match):
            moves.propose(match, actor=actor)
            return match
    return None


def new_match(need: Need, offer: Offer, found: dict[str, Any]) -> Match:
    """A suggestion, linked to the exchange for which partners are looked for."""
    exchange = queries.exchange_of(need, queries.MATCHING)
    match = Match(need=need, offer=offer, exchange=exchange, **found)
    db.session.add(match)
    db.session.flush()
    return match


def described(candidate: Candidate) -> dict[str, Any]:
    """Score and reasons as columns of a match."""
    return {
        "score": candidate.score,
        "reasons": [{**asdict(r), "evidence": dict(r.evidence)} for r in candidate.reasons],
        "rules_version": RULES_VERSION,
    }


def _keep(need: Need, best: tuple[Candidate, ...]) -> None:
    """Make the suggestions of ``need`` those of ``best``; what an officer suggested stays."""
    known = {m.offer_id: m for m in queries.matches_of(need, MatchState.suggested)}
    wanted = {candidate.offer_id for candidate in best}
    for match in known.values():
        if match.offer_id not in wanted and not match.by_officer:
            moves.end(match, "withdraw", actor=None)
    for candidate in best:
        there = known.get(candidate.offer_id)
        if there is None:
            new_match(need, db.session.get_one(Offer, candidate.offer_id), described(candidate))
        elif not there.by_officer:
            _refresh(there, described(candidate))
    db.session.flush()


def _refresh(match: Match, found: dict[str, Any]) -> None:
    for name, value in found.items():
        if getattr(match, name) != value:
            setattr(match, name, value)


def _examined(row: Need | Offer) -> None:
    """Note that the matcher has seen ``row`` as it is; that is no change of the row itself."""
    db.session.flush()
    model = type(row)
    db.session.execute(
        update(model)
        .where(model.id == row.id)
        .values(examined_at=now(), updated_at=model.updated_at),
        execution_options={"synchronize_session": False},
    )
