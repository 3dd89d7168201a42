"""A local laboratory: a city tries answers to a challenge, in cycles, and says what remains."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class LabState(StrEnum):
    """How far a laboratory is. One that ends early says why: others learn from it."""

    prepared = auto()
    running = auto()
    concluded = auto()
    ended_early = auto()


S = LabState
OPEN = (S.prepared, S.running)

LAB = Workflow(
    name="lab",
    states=LabState,
    initial=S.prepared,
    rules={
        S.prepared: StateRule("preparation", Party.owner),
        S.running: StateRule("open", Party.owner),
        S.concluded: StateRule("closed", final=True),
        S.ended_early: StateRule("closed", final=True),
    },
    moves=(
        Move("begin", S.prepared, S.running, (guards.lab_has_a_cycle,)),
        Move(
            "conclude",
            S.running,
            S.concluded,
            (guards.no_cycle_is_open, guards.lab_says_what_remains),
        ),
        Move("end_early", S.prepared, S.ended_early, reason=True),
        Move("end_early", S.running, S.ended_early, reason=True),
    ),
)
