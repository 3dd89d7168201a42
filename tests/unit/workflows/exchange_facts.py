"""For every fact that a move of an exchange asks for: when it is true, and when it is not."""

from types import SimpleNamespace as Row
from typing import Any

from workflows.exchange import HOLDABLE
from workflows.exchange import ExchangeState as S

THEME = Row(vocabulary="theme")
HOST = Row(role="host", committed_on="2026-01-01")
LEARNER = Row(role="learner", committed_on="2026-01-01")
VISIT = Row(
    starts_on="2026-03-02",
    ends_on="2026-03-04",
    sessions=[Row()],
    participants=[Row(state="confirmed")],
    attendance_recorded_on="2026-03-04",
    evaluation_opened_on="2026-03-04",
)


# An exchange of which nothing is known yet.
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("held_state", "note", "current_visit", "concept_note_agreed_on")),
    **dict.fromkeys(("title", "purpose", "concept_note"), ""),
    **dict.fromkeys(("terms", "needs", "partners", "matches", "road_map_actions"), ()),
    **dict.fromkeys(("follow_ups", "recorded_changes"), ()),
    "is_multi_visit": False,
}


def visit(**other: Any) -> dict[str, Any]:
    """The visit of an exchange with something changed."""
    return {"current_visit": Row(**{**vars(VISIT), **other})}


def note(state: str) -> dict[str, Any]:
    """An exchange whose note stands at ``state``."""
    return {"note": Row(state=state, disseminations=[])}


def follow_ups(months: int, state: str) -> dict[str, Any]:
    """An exchange whose partners were asked after ``months``."""
    return {"follow_ups": [Row(months=months, state=state)]}


# fact → what an exchange holds when it is true, and when it is not
FACTS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "has_a_purpose": ({"title": "Markets", "purpose": "Drainage"}, {"purpose": ""}),
    "has_a_theme": ({"terms": [THEME]}, {"terms": [Row(vocabulary="language")]}),
    "has_a_learner": ({"needs": [Row()], "partners": []}, {"needs": [], "partners": [HOST]}),
    "a_match_waits": ({"matches": [Row(state="proposed")]}, {"matches": [Row(state="suggested")]}),
    "no_match_waits": ({"matches": [Row(state="declined")]}, {"matches": [Row(state="agreed")]}),
    "host_has_committed": (
        {"partners": [HOST, LEARNER]},
        {"partners": [LEARNER, Row(role="host", committed_on=None)]},
    ),
    "learner_has_committed": ({"partners": [HOST, LEARNER]}, {"partners": [HOST]}),
    "concept_note_is_agreed": (
        {"concept_note": "Three days.", "concept_note_agreed_on": "2026-01-05"},
        {"concept_note_agreed_on": None},
    ),
    "visit_has_dates": (visit(), visit(ends_on=None)),
    "visit_has_a_programme": (visit(), visit(sessions=[])),
    "visit_has_participants": (visit(), visit(participants=[Row(state="nominated")])),
    "attendance_is_recorded": (visit(), visit(attendance_recorded_on=None)),
    "evaluation_is_open": (visit(), visit(evaluation_opened_on=None)),
    "several_visits_are_usual": ({"is_multi_visit": True}, {"is_multi_visit": False}),
    "has_a_note": (note("drafting"), {"note": None}),
    "note_is_in_review": (note("in_review"), note("drafting")),
    "note_is_with_author": (note("drafting"), note("in_review")),
    "note_is_published": (note("published"), note("in_review")),
    "road_map_has_owners": (
        {"road_map_actions": [Row(owner_id=1, due_on="2026-06-01")]},
        {"road_map_actions": [Row(owner_id=None, due_on="2026-06-01")]},
    ),
    "was_disseminated": (
        {"note": Row(state="published", disseminations=[Row()])},
        note("published"),
    ),
    "follow_up_3_is_over": (follow_ups(3, "answered"), follow_ups(3, "asked")),
    "follow_up_6_is_over": (follow_ups(6, "unanswered"), follow_ups(3, "answered")),
    "follow_up_12_is_over": (follow_ups(12, "answered"), follow_ups(12, "planned")),
    "a_change_is_recorded": ({"recorded_changes": [Row()]}, {"recorded_changes": []}),
    "no_change_is_recorded": ({"recorded_changes": []}, {"recorded_changes": [Row()]}),
    "visit_has_not_begun": ({"held_state": "preparing"}, {"held_state": "evaluating"}),
    **{f"was_held_in_{s}": ({"held_state": s}, {"held_state": None}) for s in HOLDABLE},
}


def exchange(state: S, *facts: str, but_not: str = "") -> Any:
    """An exchange in ``state`` of which ``facts`` are true, but for one."""
    held: dict[str, Any] = {"state": state, **EMPTY}
    for name in facts:
        held.update(FACTS[name][0])
    if but_not:
        held.update(FACTS[but_not][1])
    return Row(**held)
