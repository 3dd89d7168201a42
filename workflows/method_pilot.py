"""A pilot of a method: a hypothesis is tried, and somebody decides what becomes of the method."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class PilotState(StrEnum):
    """How far a pilot is."""

    planned = auto()
    running = auto()
    decided = auto()
    dropped = auto()


S = PilotState

METHOD_PILOT = Workflow(
    name="method_pilot",
    states=PilotState,
    initial=S.planned,
    rules={
        S.planned: StateRule("open", Party.owner),
        S.running: StateRule("open", Party.owner),
        S.decided: StateRule("closed", final=True),
        S.dropped: StateRule("closed", final=True),
    },
    moves=(
        Move("begin", S.planned, S.running),
        Move("decide", S.running, S.decided, (guards.pilot_says_what_came_of_it,)),
        Move("drop", S.planned, S.dropped, reason=True),
        Move("drop", S.running, S.dropped, reason=True),
    ),
)
