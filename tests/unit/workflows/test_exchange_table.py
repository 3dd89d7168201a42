"""The law of the exchange, row by row: a sentence for every move, the facts it asks for, the
refusal when one of them is missing."""

from typing import Any

import pytest

from tests.unit.workflows.exchange_facts import exchange
from workflows.engine import Move, TransitionRefused
from workflows.exchange import BEFORE_VISIT, DECLINABLE, EXCHANGE, HOLDABLE
from workflows.exchange import ExchangeState as S

VISIT_READY = ("visit_has_dates", "visit_has_a_programme", "visit_has_participants")
PURPOSE = ("has_a_purpose", "has_a_theme", "has_a_learner")
BOTH = ("host_has_committed", "learner_has_committed")
WHY = True

# sentence · trigger · from · to · the facts it asks for · whether it asks why
ROWS: list[tuple[Any, ...]] = [
    ("A draft that says what is to be learned is sent.", "submit", S.draft, S.submitted, PURPOSE),
    (
        "An officer asks for more before judging.",
        "ask_information",
        S.submitted,
        S.more_information,
        (),
        WHY,
    ),
    (
        "An officer asks for more after judging.",
        "ask_information",
        S.eligible,
        S.more_information,
        (),
        WHY,
    ),
    ("The proposer answers and sends again.", "resubmit", S.more_information, S.submitted, PURPOSE),
    ("An officer finds it eligible.", "find_eligible", S.submitted, S.eligible),
    ("Matching is opened.", "open_matching", S.eligible, S.matching),
    ("A match is proposed.", "propose_match", S.matching, S.match_proposed, ("a_match_waits",)),
    (
        "No match is left to wait for.",
        "reopen_matching",
        S.match_proposed,
        S.matching,
        ("no_match_waits",),
    ),
    ("Both were found before matching.", "agree_partners", S.eligible, S.partners_agreed, BOTH),
    ("Both were found without a match.", "agree_partners", S.matching, S.partners_agreed, BOTH),
    ("Both said yes to the match.", "agree_partners", S.match_proposed, S.partners_agreed, BOTH),
    (
        "The concept note is agreed.",
        "start_preparation",
        S.partners_agreed,
        S.preparing,
        ("concept_note_is_agreed",),
    ),
    (
        "Dates, programme and people are there.",
        "confirm_visit",
        S.preparing,
        S.confirmed,
        VISIT_READY,
    ),
    ("Something fell through.", "reopen_preparation", S.confirmed, S.preparing, (), WHY),
    ("The visit begins.", "start_visit", S.confirmed, S.under_way, VISIT_READY),
    (
        "The visit is over, it is known who came.",
        "complete_visit",
        S.under_way,
        S.visited,
        ("attendance_is_recorded",),
    ),
    (
        "A pairing goes on to its next visit.",
        "plan_next_visit",
        S.visited,
        S.preparing,
        ("several_visits_are_usual",),
    ),
    (
        "It goes on after its evaluation.",
        "plan_next_visit",
        S.evaluating,
        S.preparing,
        ("several_visits_are_usual",),
    ),
    (
        "Everybody is asked how it was.",
        "open_evaluation",
        S.visited,
        S.evaluating,
        ("evaluation_is_open",),
    ),
    ("The note is begun.", "draft_note", S.evaluating, S.note_drafting, ("has_a_note",)),
    (
        "The author hands the note in.",
        "submit_note",
        S.note_drafting,
        S.note_in_review,
        ("note_is_in_review",),
    ),
    (
        "The reviewer gives it back.",
        "return_note",
        S.note_in_review,
        S.note_drafting,
        ("note_is_with_author",),
    ),
    (
        "The note is public, the road map has owners.",
        "publish_note",
        S.note_in_review,
        S.disseminating,
        ("note_is_published", "road_map_has_owners"),
    ),
    (
        "The note has travelled.",
        "start_follow_up",
        S.disseminating,
        S.following_up_3,
        ("was_disseminated",),
    ),
    (
        "Three months are answered.",
        "continue_follow_up",
        S.following_up_3,
        S.following_up_6,
        ("follow_up_3_is_over",),
    ),
    (
        "Six months are answered.",
        "continue_follow_up",
        S.following_up_6,
        S.following_up_12,
        ("follow_up_6_is_over",),
    ),
    (
        "A year on, something changed.",
        "close",
        S.following_up_12,
        S.closed_with_change,
        ("follow_up_12_is_over", "a_change_is_recorded"),
    ),
    (
        "A year on, nothing changed.",
        "close",
        S.following_up_12,
        S.closed_without_change,
        ("follow_up_12_is_over", "no_change_is_recorded"),
    ),
    *((f"From {s} it can be declined.", "decline", s, S.declined, (), WHY) for s in DECLINABLE),
    *((f"From {s} it can be put on hold.", "hold", s, S.on_hold, (), WHY) for s in HOLDABLE),
    *(
        (f"What was held in {s} resumes there.", "resume", S.on_hold, s, (f"was_held_in_{s}",))
        for s in HOLDABLE
    ),
    *(
        (f"Before the visit, in {s}, it can be cancelled.", "cancel", s, S.cancelled, (), WHY)
        for s in BEFORE_VISIT
    ),
    (
        "On hold it can be cancelled unless the visit has begun.",
        "cancel",
        S.on_hold,
        S.cancelled,
        ("visit_has_not_begun",),
        WHY,
    ),
]
TABLE = [(r[1], r[2], r[3], r[4] if len(r) > 4 else (), len(r) > 5) for r in ROWS]
NAMES = [f"{row[2]}-{row[1]}-{row[3]}" for row in ROWS]


def as_row(move: Move) -> tuple[Any, ...]:
    """A line of the table as it is written here."""
    facts = tuple(guard.__name__ for guard in move.guards)
    return move.trigger, move.source, move.dest, facts, move.reason


def test_every_line_of_the_table_has_its_sentence_and_no_sentence_is_left_over():
    assert sorted(map(str, TABLE)) == sorted(str(as_row(move)) for move in EXCHANGE.moves)


@pytest.mark.parametrize("row", TABLE, ids=NAMES)
def test_it_moves_when_its_facts_hold(row):
    trigger, source, dest, facts, why = row
    moved = exchange(source, *facts)
    assert trigger in EXCHANGE.available(moved)
    assert EXCHANGE.fire(trigger, moved) == (source, dest)
    assert moved.state == dest
    assert EXCHANGE.needs_reason(trigger, source) is why


@pytest.mark.parametrize(
    ("row", "missing"),
    [(row, fact) for row in TABLE for fact in row[3]],
    ids=[f"{row[0]}-{row[1]}-{fact}" for row in TABLE for fact in row[3]],
)
def test_without_one_of_its_facts_it_does_not_reach_its_state(row, missing):
    trigger, source, dest, facts, _why = row
    held = exchange(source, *facts, but_not=missing)
    if missing in ("a_change_is_recorded", "no_change_is_recorded"):
        # The two ways to close divide the world: without one fact the other holds.
        assert EXCHANGE.fire(trigger, held)[1] != dest
        return
    with pytest.raises(TransitionRefused) as refusal:
        EXCHANGE.fire(trigger, held)
    assert held.state == source
    assert refusal.value.reasons == EXCHANGE.unmet(trigger, held) != ()
    assert trigger not in EXCHANGE.available(held)


@pytest.mark.parametrize("state", list(S))
def test_every_state_is_final_or_has_an_owner_a_target_and_a_way_out(state):
    rule = EXCHANGE.rule(state)
    ways = EXCHANGE.moves_from(state)
    if rule.final:
        assert (ways, rule.days) == ((), None)
    else:
        assert ways
        assert rule.waits_for != "nobody"
        assert rule.days is not None


def test_every_state_can_be_reached_from_a_draft():
    reached, seen = {S.draft}, set()
    while reached - seen:
        state = (reached - seen).pop()
        seen.add(state)
        reached |= {move.dest for move in EXCHANGE.moves_from(state)}
    assert seen == set(S)


@pytest.mark.parametrize("state", [s for s in S if EXCHANGE.is_final(s)])
def test_nothing_leaves_a_final_state(state):
    for trigger in EXCHANGE.triggers:
        with pytest.raises(TransitionRefused):
            EXCHANGE.fire(trigger, exchange(state))
