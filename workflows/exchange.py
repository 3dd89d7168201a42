"""The exchange: proposal → matching → visit → lessons learned → dissemination → follow-up.

Every state that is not final says whom it waits for and how many days that should take; the
days follow the timings of the field (see docs/timings.md).
"""

from collections.abc import Callable
from enum import StrEnum, auto
from typing import Any

from workflows import guards
from workflows.engine import Clock, Move, Party, StateRule, Workflow


class ExchangePhase(StrEnum):
    """The stages people talk about."""

    proposal = auto()
    matching = auto()
    visit = auto()
    lessons = auto()
    dissemination = auto()
    follow_up = auto()
    closed = auto()


class ExchangeState(StrEnum):
    """Where an exchange stands."""

    draft = auto()
    submitted = auto()
    more_information = auto()
    eligible = auto()
    matching = auto()
    match_proposed = auto()
    partners_agreed = auto()
    preparing = auto()
    confirmed = auto()
    under_way = auto()
    visited = auto()
    evaluating = auto()
    note_drafting = auto()
    note_in_review = auto()
    disseminating = auto()
    following_up_3 = auto()
    following_up_6 = auto()
    following_up_12 = auto()
    on_hold = auto()
    closed_with_change = auto()
    closed_without_change = auto()
    declined = auto()
    cancelled = auto()


S, P = ExchangeState, ExchangePhase

RULES: dict[ExchangeState, StateRule] = {
    S.draft: StateRule(P.proposal, Party.proposer, 30),
    S.submitted: StateRule(P.proposal, Party.officer, 28),
    S.more_information: StateRule(P.proposal, Party.proposer, 14),
    S.eligible: StateRule(P.proposal, Party.officer, 14),
    S.matching: StateRule(P.matching, Party.officer, 30),
    S.match_proposed: StateRule(P.matching, Party.both_cities, 7),
    S.partners_agreed: StateRule(P.matching, Party.both_cities, 30),
    S.preparing: StateRule(P.visit, Party.host, 60),
    S.confirmed: StateRule(P.visit, Party.host, 0, Clock.visit_start),
    S.under_way: StateRule(P.visit, Party.host, 1, Clock.visit_end),
    S.visited: StateRule(P.visit, Party.owner, 1, Clock.visit_end),
    S.evaluating: StateRule(P.lessons, Party.both_cities, 30, Clock.visit_end),
    S.note_drafting: StateRule(P.lessons, Party.author, 45, Clock.visit_end),
    S.note_in_review: StateRule(P.lessons, Party.reviewer, 14),
    S.disseminating: StateRule(P.dissemination, Party.owner, 30),
    S.following_up_3: StateRule(P.follow_up, Party.both_cities, 90, Clock.visit_end),
    S.following_up_6: StateRule(P.follow_up, Party.both_cities, 180, Clock.visit_end),
    S.following_up_12: StateRule(P.follow_up, Party.both_cities, 365, Clock.visit_end),
    S.on_hold: StateRule(P.proposal, Party.owner, 60),
    S.closed_with_change: StateRule(P.closed, final=True),
    S.closed_without_change: StateRule(P.closed, final=True),
    S.declined: StateRule(P.closed, final=True),
    S.cancelled: StateRule(P.closed, final=True),
}

BEFORE_VISIT = (
    S.draft,
    S.submitted,
    S.more_information,
    S.eligible,
    S.matching,
    S.match_proposed,
    S.partners_agreed,
    S.preparing,
    S.confirmed,
)
DECLINABLE = (S.submitted, S.more_information, S.eligible, S.matching)
HOLDABLE = tuple(s for s in S if not RULES[s].final and s not in (S.draft, S.on_hold))


def _was_held_in(state: ExchangeState) -> Callable[[Any], bool]:
    """The fact that the exchange stood in ``state`` when it was put on hold."""

    def guard(exchange: Any) -> bool:
        return bool(exchange.held_state == state)

    guard.__name__ = f"was_held_in_{state}"
    return guard


_PURPOSE = (guards.has_a_purpose, guards.has_a_theme, guards.has_a_learner)
_COMMITTED = (guards.host_has_committed, guards.learner_has_committed)
_VISIT_READY = (
    guards.visit_has_dates,
    guards.visit_has_a_programme,
    guards.visit_has_participants,
)

EXCHANGE = Workflow(
    name="exchange",
    states=ExchangeState,
    initial=S.draft,
    rules=RULES,
    moves=(
        # Proposal
        Move("submit", S.draft, S.submitted, _PURPOSE),
        Move("ask_information", S.submitted, S.more_information, reason=True),
        Move("ask_information", S.eligible, S.more_information, reason=True),
        Move("resubmit", S.more_information, S.submitted, _PURPOSE),
        Move("find_eligible", S.submitted, S.eligible),
        *(Move("decline", state, S.declined, reason=True) for state in DECLINABLE),
        # Matching
        Move("open_matching", S.eligible, S.matching),
        Move("propose_match", S.matching, S.match_proposed, (guards.a_match_waits,)),
        Move("reopen_matching", S.match_proposed, S.matching, (guards.no_match_waits,)),
        Move("agree_partners", S.eligible, S.partners_agreed, _COMMITTED),
        Move("agree_partners", S.matching, S.partners_agreed, _COMMITTED),
        Move("agree_partners", S.match_proposed, S.partners_agreed, _COMMITTED),
        # Visit
        Move("start_preparation", S.partners_agreed, S.preparing, (guards.concept_note_is_agreed,)),
        Move("confirm_visit", S.preparing, S.confirmed, _VISIT_READY),
        Move("reopen_preparation", S.confirmed, S.preparing, reason=True),
        Move("start_visit", S.confirmed, S.under_way, _VISIT_READY),
        Move("complete_visit", S.under_way, S.visited, (guards.attendance_is_recorded,)),
        Move("plan_next_visit", S.visited, S.preparing, (guards.several_visits_are_usual,)),
        Move("plan_next_visit", S.evaluating, S.preparing, (guards.several_visits_are_usual,)),
        # Lessons learned
        Move("open_evaluation", S.visited, S.evaluating, (guards.evaluation_is_open,)),
        Move("draft_note", S.evaluating, S.note_drafting, (guards.has_a_note,)),
        Move("submit_note", S.note_drafting, S.note_in_review, (guards.note_is_in_review,)),
        Move("return_note", S.note_in_review, S.note_drafting, (guards.note_is_with_author,)),
        # Dissemination
        Move(
            "publish_note",
            S.note_in_review,
            S.disseminating,
            (guards.note_is_published, guards.road_map_has_owners),
        ),
        # Follow-up
        Move("start_follow_up", S.disseminating, S.following_up_3, (guards.was_disseminated,)),
        Move(
            "continue_follow_up",
            S.following_up_3,
            S.following_up_6,
            (guards.follow_up_3_is_over,),
        ),
        Move(
            "continue_follow_up",
            S.following_up_6,
            S.following_up_12,
            (guards.follow_up_6_is_over,),
        ),
        Move(
            "close",
            S.following_up_12,
            S.closed_with_change,
            (guards.follow_up_12_is_over, guards.a_change_is_recorded),
        ),
        Move(
            "close",
            S.following_up_12,
            S.closed_without_change,
            (guards.follow_up_12_is_over, guards.no_change_is_recorded),
        ),
        # From anywhere
        *(Move("hold", state, S.on_hold, reason=True) for state in HOLDABLE),
        *(Move("resume", S.on_hold, state, (_was_held_in(state),)) for state in HOLDABLE),
        *(Move("cancel", state, S.cancelled, reason=True) for state in BEFORE_VISIT),
        Move("cancel", S.on_hold, S.cancelled, (guards.visit_has_not_begun,), reason=True),
    ),
)
