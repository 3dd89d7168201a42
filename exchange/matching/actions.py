"""What happens to matches. The caller commits.

Suggesting is in ``suggesting.py``, what follows an agreement in ``agreement.py``, and what follows
when a need, an offer or an exchange ends in ``settling.py``.
"""

from datetime import date
from typing import Any

from exchange import events, steps
from exchange.clock import now
from exchange.directory.models import Person
from exchange.errors import Conflict, Invalid
from exchange.extensions import db
from exchange.matching import (
    agreement,
    cascade,
    locking,
    moves,
    queries,
)
from exchange.matching.by_hand import create_by_officer
from exchange.matching.models import Answer, Match, MatchQuestion, Side
from exchange.matching.moves import propose
from exchange.matching.settling import settle
from exchange.matching.suggesting import suggest_for_need
from exchange.steps import Step
from exchange.vocabularies.queries import terms_by_codes
from workflows.engine import TransitionRefused
from workflows.match import MATCH, MatchState

__all__ = [
    "advance",
    "answer",
    "answer_question",
    "ask",
    "create_by_officer",
    "lapse_overdue",
    "overrule",
    "propose",
    "settle",
    "suggest_for_need",
    "withdraw",
]


def answer(
    match: Match,
    side: Side,
    given: Answer,
    *,
    actor: Person | None,
    reason: tuple[str, str] = ("", ""),
) -> Step:
    """Write down what one side says.

    Two yeses make an agreement: partners of an exchange. One no gives back what was held and asks
    the next in line.

    :param reason: of a no, a code of the vocabulary ``decline_reason`` and a note.
    :raises Conflict: this side has answered already.
    :raises Invalid: a no without a reason, or "other" without a note.
    :raises TransitionRefused: the match waits for no answer.
    """
    moves.lock(match)
    if not moves.waiting(match):
        raise TransitionRefused("accept" if given == Answer.accepted else "decline", match.state)
    if _said(match, side) != Answer.pending:
        raise Conflict("already_answered")
    if given == Answer.declined:
        return _decline(match, side, reason, actor)
    return _accept(match, side, actor)


def _accept(match: Match, side: Side, actor: Person | None) -> Step:
    _say(match, side, Answer.accepted)
    step = steps.advance(MATCH, match, "accept", actor=actor)
    if match.state == MatchState.agreed:
        _agreed(match, actor)
    return step


def _decline(match: Match, side: Side, reason: tuple[str, str], actor: Person | None) -> Step:
    code, note = reason[0], reason[1].strip()
    if not code:
        raise Invalid("reason_code", "choose_reason")
    terms_by_codes("decline_reason", [code], field="reason_code")
    if code == "other" and not note:
        raise Invalid("note", "reason_for_team")
    _say(match, side, Answer.declined)
    match.decline_code, match.decline_note = code, note
    step = moves.end(match, "decline", actor=actor, note=note or code)
    _next(match, "decline")
    return step


def overrule(
    match: Match, *, actor: Person | None, note: str, expected_state: str | None = None
) -> Step:
    """Agree on behalf of both sides: an officer's word, with a reason.

    :raises Conflict: another match of this pair is live.
    :raises Invalid: no reason is given.
    :raises TransitionRefused: no place is left, the need has asked or found all its hosts, or need
        or offer is not open any more.
    """
    moves.lock(match)
    other = queries.live_of_pair(match.need_id, match.offer_id)
    if other not in (None, match):
        raise Conflict("pair_is_live")
    moves.hold(match, "overrule")
    step = steps.advance(
        MATCH, match, "overrule", actor=actor, note=note, expected_state=expected_state
    )
    match.need_answer = match.offer_answer = Answer.accepted
    moves.leave_line(match)
    _agreed(match, actor)
    return step


def withdraw(
    match: Match, *, actor: Person | None, note: str = "", expected_state: str | None = None
) -> Step:
    """Take a match back; the pair is left alone for some months and, where the program asks by
    itself, the next in line is asked."""
    moves.lock(match)
    match.decline_code, match.decline_note = "withdrawn", note.strip()
    step = moves.end(match, "withdraw", actor=actor, note=note, expected_state=expected_state)
    _next(match, "withdraw")
    return step


def lapse_overdue(today: date, *, limit: int = 100) -> int:
    """Give up on matches whose answer should have come before ``today``; ask the next in line.

    :returns: how many lapsed.
    """
    seen = list(db.session.scalars(queries.overdue(today).limit(limit)))
    locking.in_order({match.need_id for match in seen})
    ids = [match.id for match in seen]
    late = db.session.scalars(queries.overdue(today).where(Match.id.in_(ids)))
    lapsed = list(late)
    for match in lapsed:
        moves.end(match, "lapse", actor=None)
        _next(match, "lapse")
    return len(lapsed)


def ask(match: Match, side: Side, text: str, *, actor: Person | None) -> MatchQuestion:
    """Ask the other side something before answering.

    :raises Invalid: nothing is asked.
    :raises TransitionRefused: the match waits for no answer.
    """
    if not text.strip():
        raise Invalid("text", "nothing_written")
    if not moves.waiting(match):
        raise TransitionRefused("ask", match.state)
    question = MatchQuestion(match=match, side=side, person=actor, text=text.strip())
    db.session.add(question)
    db.session.flush()
    events.publish("match.question_asked", id=match.id, question_id=question.id)
    return question


def answer_question(question: MatchQuestion, text: str, *, actor: Person | None) -> MatchQuestion:
    """Answer a question of the other side.

    :raises Invalid: nothing is written.
    :raises Conflict: it is answered already.
    """
    if not text.strip():
        raise Invalid("text", "nothing_written")
    if question.answered_at is not None:
        raise Conflict("already_answered")
    question.answer, question.answered_at = text.strip(), now()
    db.session.flush()
    events.publish(
        "match.question_answered",
        id=question.match_id,
        question_id=question.id,
        answered_by=actor.id if actor else None,
    )
    return question


def advance(
    match: Match,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """A move that an officer makes by its name; the sides answer with ``answer``.

    :raises Invalid: the move is an answer, or the program's own.
    """
    moved: dict[str, Any] = {"actor": actor, "expected_state": expected_state}
    if trigger == "propose":
        return propose(match, **moved)
    if trigger == "overrule":
        return overrule(match, note=note, **moved)
    if trigger == "withdraw":
        return withdraw(match, note=note, **moved)
    raise Invalid("trigger", "answer_instead")


def _next(match: Match, after: str) -> None:
    """What follows the end of a match: the next in line is asked; where there is none, those who
    agreed go on without."""
    cascade.go_on(match.need, after)
    agreement.complete(match.exchange, actor=None)


def _agreed(match: Match, actor: Person | None) -> None:
    match.answer_by = None
    agreement.follow(match, actor=actor)


def _said(match: Match, side: Side) -> Answer:
    return match.need_answer if side == Side.need else match.offer_answer


def _say(match: Match, side: Side, given: Answer) -> None:
    if side == Side.need:
        match.need_answer = given
    else:
        match.offer_answer = given
    db.session.flush()
