"""Single moves of a match with what belongs to each: its place and its exchange. Commits nothing.

Rows are locked in one order: need, match, offer, exchange.
"""

from datetime import timedelta

from exchange import steps
from exchange.catalogue.actions import advance_need
from exchange.clock import today
from exchange.directory.models import Person
from exchange.exchanges import actions as exchanges
from exchange.matching import places, queries
from exchange.matching.models import Answer, Match
from exchange.steps import Step
from workflows.match import MATCH, MatchState
from workflows.need import NEED

TIME_TO_ANSWER = timedelta(days=MATCH.rule(MatchState.proposed).days or 7)


def propose(match: Match, *, actor: Person | None, expected_state: str | None = None) -> Step:
    """Hold a place and ask both sides.

    :raises TransitionRefused: no place is left, or the need looks for nobody any more.
    """
    steps.lock(match.need)
    steps.lock(match)
    if match.state == MatchState.suggested:
        places.take(match)
    step = steps.advance(MATCH, match, "propose", actor=actor, expected_state=expected_state)
    match.need_answer = match.offer_answer = Answer.pending
    match.answer_by = today() + TIME_TO_ANSWER
    if match.exchange is not None:
        exchanges.try_advance(match.exchange, "propose_match", actor=actor)
    return step


def end(
    match: Match,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Decline, lapse or withdraw: the place goes back, the exchange looks again."""
    steps.lock(match.need)
    was_agreed = match.state == MatchState.agreed
    step = steps.advance(
        MATCH, match, trigger, actor=actor, note=note, expected_state=expected_state
    )
    match.answer_by = None
    places.release(match, actor=actor)
    if was_agreed and not NEED.unmet("reopen", match.need):
        advance_need(match.need, "reopen", actor=actor)
    if match.exchange is not None:
        exchanges.try_advance(match.exchange, "reopen_matching", actor=actor)
    return step


def conclude(match: Match, *, actor: Person | None) -> Step:
    """The exchange is closed: the place of the offer is free for the next.

    :raises TransitionRefused: the exchange goes on.
    """
    steps.lock(match.need)
    step = steps.advance(MATCH, match, "conclude", actor=actor)
    places.release(match, actor=actor)
    return step


def waiting(match: Match) -> bool:
    """Whether the match waits for an answer."""
    return match.state in queries.ASKED
