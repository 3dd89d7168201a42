"""Single moves of a match with what belongs to each: what it holds, the line, its exchange.

Rows are locked in one order: need, match, offer, exchange; ``locking.py`` says how and why. What
may ask somebody else afterwards (``cascade.py``) is locked by the same statements. Commits nothing.
"""

from datetime import timedelta

from exchange import steps
from exchange.catalogue.actions import advance_need
from exchange.clock import today
from exchange.directory.models import Person
from exchange.exchanges import actions as exchanges
from exchange.matching import line, locking, places, queries, settings
from exchange.matching.models import Answer, Match
from exchange.steps import Step
from workflows.engine import TransitionRefused
from workflows.match import MATCH, MatchState
from workflows.need import NEED


def lock(match: Match) -> None:
    """Lock a match with its need, its offer and those that may be asked next; read it again."""
    locking.in_order([match.need_id], [match.offer_id])
    steps.lock(match)


def propose(match: Match, *, actor: Person | None, expected_state: str | None = None) -> Step:
    """Hold a place and a host, and ask both sides. They have the days that the settings give.

    :raises TransitionRefused: no place is left, or the need looks for nobody any more.
    """
    lock(match)
    hold(match, "propose")
    step = steps.advance(MATCH, match, "propose", actor=actor, expected_state=expected_state)
    match.need_answer = match.offer_answer = Answer.pending
    match.answer_by = today() + timedelta(days=settings.current().hold_days)
    leave_line(match)
    if match.exchange is not None:
        exchanges.try_advance(match.exchange, "propose_match", actor=actor)
    return step


def hold(match: Match, trigger: str) -> None:
    """Take what ``match`` must hold to be moved by ``trigger``; nothing where the table has no
    such move: the move itself says so.

    :raises TransitionRefused: with all that is missing: a place, a host, an open need.
    """
    if not MATCH.moves_from(match.state, trigger):
        return
    missing = places.take(match)
    if missing:
        others = set(MATCH.unmet(trigger, match)) - {places.NO_PLACE, places.NO_HOST}
        raise TransitionRefused(trigger, match.state, (*sorted(others), missing))


def end(
    match: Match,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Decline, lapse or withdraw: what was held goes back, the exchange looks again."""
    lock(match)
    was_agreed = match.state == MatchState.agreed
    step = steps.advance(
        MATCH, match, trigger, actor=actor, note=note, expected_state=expected_state
    )
    match.answer_by = None
    places.release(match, actor=actor)
    leave_line(match)
    if was_agreed and not NEED.unmet("reopen", match.need):
        advance_need(match.need, "reopen", actor=actor)
    if match.exchange is not None:
        exchanges.try_advance(match.exchange, "reopen_matching", actor=actor)
    return step


def drop(match: Match) -> Step:
    """The program takes back a mere suggestion: nobody was asked, nothing was held. The caller
    numbers the line."""
    match.waiting = None
    return steps.advance(MATCH, match, "withdraw", actor=None)


def conclude(match: Match, *, actor: Person | None) -> Step:
    """The exchange is closed: the place of the offer is free for the next. The need keeps the host
    it has found.

    :raises TransitionRefused: the exchange goes on.
    """
    lock(match)
    step = steps.advance(MATCH, match, "conclude", actor=actor)
    places.release_place(match, actor=actor)
    return step


def leave_line(match: Match) -> None:
    """Who is asked, has agreed or has ended waits no more; the others move up."""
    match.waiting = None
    line.refresh(match.need)


def waiting(match: Match) -> bool:
    """Whether the match waits for an answer."""
    return match.state in queries.ASKED
