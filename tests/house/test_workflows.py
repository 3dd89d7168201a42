"""Every table of moves makes sense, and the migrated database takes every state."""

from itertools import combinations

import pytest

from exchange.models import WORKFLOW_MODELS
from workflows.diagram import mermaid
from workflows.registry import WORKFLOWS

ALL = pytest.mark.parametrize("workflow", WORKFLOWS.values(), ids=lambda w: w.name)


@ALL
def test_every_state_can_be_reached(workflow):
    reached, border = {workflow.initial}, [workflow.initial]
    while border:
        for move in workflow.moves_from(border.pop()):
            if move.dest not in reached:
                reached.add(move.dest)
                border.append(move.dest)
    assert reached == set(workflow.states)


@ALL
def test_only_final_states_have_no_way_out(workflow):
    for state in workflow.states:
        leaves = bool(workflow.moves_from(state))
        # A state may be restful (a done action can be reopened) but never a trap.
        assert leaves != workflow.rule(state).final, f"{workflow.name}: {state}"


@ALL
def test_every_state_has_a_rule_and_every_rule_a_state(workflow):
    assert set(workflow.rules) == set(workflow.states)


@ALL
def test_no_two_moves_can_both_be_meant(workflow):
    """The same trigger from the same state leads to two places only with different facts."""
    for one, other in combinations(workflow.moves, 2):
        if (one.trigger, one.source) == (other.trigger, other.source):
            assert set(one.guards) != set(other.guards), (one, other)
            assert one.guards, f"{one} would hide {other}"
            assert other.guards, f"{other} would never be reached"


@ALL
def test_states_are_named_by_their_value(workflow):
    assert all(state.name == state.value for state in workflow.states)


@ALL
def test_there_are_no_moves_to_just_anywhere(workflow):
    assert not [t for t in workflow.triggers if t.startswith("to_")]


@ALL
def test_the_diagram_shows_every_move(workflow):
    text = mermaid(workflow.name)
    for move in workflow.moves:
        assert f"{move.source} --> {move.dest}: {move.trigger}" in text


def test_every_workflow_has_a_model():
    assert set(WORKFLOW_MODELS) == set(WORKFLOWS)
    for workflow_name, model in WORKFLOW_MODELS.items():
        known = set(model.__table__.c.state.type.enums)
        assert known == {s.value for s in WORKFLOWS[workflow_name].states}


def test_every_waiting_state_of_an_exchange_names_whom_it_waits_for_and_until_when():
    table = WORKFLOWS["exchange"]
    for state in table.states:
        rule = table.rule(state)
        if not rule.final:
            assert rule.waits_for != "nobody", state
            assert rule.days is not None, state
