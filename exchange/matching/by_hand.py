"""Pairs that people suggest, and what they say of them: an officer, or one of the two cities.

The caller commits.
"""

from typing import Any

from exchange import events
from exchange.catalogue.models import Need, Offer
from exchange.clock import now
from exchange.directory.models import Person
from exchange.directory.queries import acts_for_ids
from exchange.errors import Conflict, Invalid, NotAllowed
from exchange.extensions import db
from exchange.matching import line, locking, moves, queries, settings
from exchange.matching.explaining import explain
from exchange.matching.keeping import described, new_match
from exchange.matching.models import Match
from workflows.match import MatchState

# What even an officer's word does not overcome; a city's word overcomes nothing more than days.
STRICT = frozenset(
    {"both_published", "another_organisation", "not_together_yet", "a_place_is_left"}
)
FOR_CITIES = STRICT | {"not_declined_lately", "a_host_is_wanted"}
BY_OFFICER, BY_CITY = "by_officer", "by_city"
ENDED = (MatchState.declined, MatchState.lapsed, MatchState.withdrawn)


def create_by_officer(need: Need, offer: Offer, *, actor: Person | None, note: str = "") -> Match:
    """Suggest a pair by hand: an officer knows of a reason that the rules do not.

    Languages, dates, formats and an earlier no are the officer's to judge.

    :raises Invalid: a side is not published, is the same organisation, or has no place left; or
        the pair has a live match.
    """
    return _create(need, offer, STRICT, actor, (BY_OFFICER, note) if note.strip() else None)


def suggest_ourselves(need: Need, offer: Offer, *, actor: Person, note: str = "") -> Match:
    """One of the two cities suggests the pair. It becomes a candidate like those of the matcher:
    the program or an officer asks the other side, nobody else.

    :raises Invalid: as for an officer; or the pair was refused lately, or the need has its hosts.
    :raises NotAllowed: the actor speaks for neither side.
    """
    if not acts_for_ids(actor) & {need.organisation_id, offer.organisation_id}:
        raise NotAllowed("not_your_side")
    return _create(need, offer, FOR_CITIES, actor, (BY_CITY, note))


def _create(
    need: Need,
    offer: Offer,
    strict: frozenset[str],
    actor: Person | None,
    said: tuple[str, str] | None,
) -> Match:
    locking.in_order([need.id], [offer.id])
    if queries.live_of_pair(need.id, offer.id):
        raise Invalid("offer_id", "pair_is_live")
    verdict = explain(need, offer)
    for code in verdict.broken:
        if code in strict:
            raise Invalid("offer_id", f"no_match_{code}")
    found = described(verdict, settings.current())
    if said is not None:
        found["reasons"] = [_reason(said[0], said[1], actor), *found["reasons"]]
    match = new_match(need, offer, found)
    match.by_officer = True
    line.refresh(need)
    db.session.flush()
    events.publish("match.created", id=match.id)
    return match


def say_why(match: Match, note: str, *, actor: Person | None) -> Match:
    """Put an officer's own words before the reasons of the rules, or take them away.

    :raises Conflict: somebody is asked already: the reasons are those that they were asked with.
    """
    moves.lock(match)
    if match.state != MatchState.suggested:
        raise Conflict("already_asked")
    others = [one for one in match.reasons if one["code"] != BY_OFFICER]
    ours = [_reason(BY_OFFICER, note, actor)] if note.strip() else []
    match.reasons, match.by_officer = [*ours, *others], match.by_officer or bool(ours)
    line.refresh(match.need)
    db.session.flush()
    return match


def ask_to_reopen(match: Match, note: str, *, actor: Person | None) -> Match:
    """A side asks the secretariat to ask both once more; asking again changes the words.

    :raises Conflict: the match has not ended.
    """
    moves.lock(match)
    if match.state not in ENDED:
        raise Conflict("not_ended")
    match.reopen_asked_at, match.reopen_note = now(), note.strip()
    db.session.flush()
    events.publish("match.reopen_asked", id=match.id, by=actor.id if actor else None)
    return match


def reopen(match: Match, *, actor: Person | None) -> Match:
    """Ask both sides once more: a new match of the same pair, because what was said stays said.

    :returns: the new match, which is proposed.
    :raises Conflict: the match has not ended.
    :raises Invalid: need or offer is not open any more, has no place left, or is asked already.
    :raises TransitionRefused: the need has asked or found all its hosts.
    """
    moves.lock(match)
    if match.state not in ENDED:
        raise Conflict("not_ended")
    again = create_by_officer(match.need, match.offer, actor=actor, note=match.reopen_note)
    match.reopen_asked_at = None
    moves.propose(again, actor=actor)
    return again


def _reason(code: str, note: str, actor: Person | None) -> dict[str, Any]:
    words = {"note": note.strip(), "by": actor.name if actor else ""}
    return {"code": code, "points": 0, "most": 0, "evidence": words}
