"""From a pair of a published run to a match that both sides are asked about.

Everything is looked at once more: between the draft and this moment somebody may have answered,
withdrawn, changed a date or taken the last place. The caller has locked the rows, and commits.
"""

from typing import Any

from exchange.directory.models import Person
from exchange.extensions import db
from exchange.matching import keeping, line, loading, moves, queries
from exchange.matching.core.configuration import RULES_VERSION
from exchange.matching.core.constraints import constraints
from exchange.matching.core.facts import NeedFacts, OfferFacts
from exchange.matching.core.rules import broken
from exchange.matching.models import Match, ShownIn
from exchange.matching.shown import log_shown
from exchange.programmes.models import MatchingMode
from exchange.runs.models import Outcome, RunPair
from workflows.engine import TransitionRefused
from workflows.match import MatchState

Told = tuple[Outcome, str]
Facts = tuple[NeedFacts, OfferFacts]
# Somebody asked by hand, or another run did.
ASKED_ALREADY = "not_together_yet"


def tell(pair: RunPair, *, actor: Person | None) -> Told:
    """Ask both sides of a pair, or suggest it where the programme only suggests; drop it with the
    code of what speaks against it now."""
    facts = _facts(pair)
    objections = _objections(pair, facts)
    if objections:
        return Outcome.dropped, objections[0]
    try:
        with db.session.begin_nested():
            told = _told(pair, facts, actor)
    except TransitionRefused as refusal:
        return Outcome.dropped, (*refusal.reasons, "no_such_move")[0]
    listed = [(pair.offer_id, max(pair.rank, 1), pair.score)]
    log_shown(ShownIn.run, pair.need_id, listed, pair.run.configuration_hash)
    return told, ""


def _told(pair: RunPair, facts: Facts, actor: Person | None) -> Outcome:
    match = _match(pair, facts)
    if pair.run.mode == MatchingMode.suggest:
        line.refresh(match.need)
        return Outcome.suggested
    moves.propose(match, actor=actor)
    return Outcome.asked


def _objections(pair: RunPair, facts: Facts) -> tuple[str, ...]:
    """The hard rules that the pair breaks now, as the facts are now."""
    live = queries.live_of_pair(pair.need_id, pair.offer_id)
    if live is not None and live.state != MatchState.suggested:
        return (ASKED_ALREADY,)
    return broken(*facts)


def _match(pair: RunPair, facts: Facts) -> Match:
    """The suggestion of this pair with the score and the reasons of the run."""
    found: dict[str, Any] = {
        "score": pair.score,
        "reasons": pair.reasons,
        "met": [{"code": c.code, "evidence": dict(c.evidence)} for c in constraints(*facts)],
        "rules_version": RULES_VERSION,
        "configuration_hash": pair.run.configuration_hash,
        "position": pair.rank,
    }
    match = queries.live_of_pair(pair.need_id, pair.offer_id)
    if match is None:
        return keeping.new_match(pair.need, pair.offer, found)
    if not match.by_officer:  # what an officer wrote of a pair stays
        for name, value in found.items():
            setattr(match, name, value)
        db.session.flush()
    return match


def _facts(pair: RunPair) -> Facts:
    (need,), (offer,) = loading.need_facts([pair.need_id]), loading.offer_facts([pair.offer_id])
    return need, offer
