"""One cycle of a laboratory: a question, a prototype, a test, a result."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class CycleState(StrEnum):
    """How far a cycle is."""

    asking = auto()
    building = auto()
    testing = auto()
    answered = auto()
    dropped = auto()


S = CycleState
OPEN = (S.asking, S.building, S.testing)

LAB_CYCLE = Workflow(
    name="lab_cycle",
    states=CycleState,
    initial=S.asking,
    rules={
        S.asking: StateRule("open", Party.owner),
        S.building: StateRule("open", Party.owner),
        S.testing: StateRule("open", Party.owner),
        S.answered: StateRule("closed", final=True),
        S.dropped: StateRule("closed", final=True),
    },
    moves=(
        Move("build", S.asking, S.building),
        Move("test", S.building, S.testing, (guards.cycle_has_a_prototype,)),
        Move("answer", S.testing, S.answered, (guards.cycle_says_what_came_of_it,)),
        *(Move("drop", state, S.dropped, reason=True) for state in OPEN),
    ),
)
