"""An adoption: a city takes up the practice of another, and says what became of it."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class AdoptionState(StrEnum):
    """How far a city is with the practice of another."""

    planned = auto()
    under_way = auto()
    in_use = auto()
    dropped = auto()


S = AdoptionState

ADOPTION = Workflow(
    name="adoption",
    states=AdoptionState,
    initial=S.planned,
    rules={
        S.planned: StateRule("open", Party.owner, 180),
        S.under_way: StateRule("open", Party.owner, 180),
        S.in_use: StateRule("closed", final=True),
        S.dropped: StateRule("closed", final=True),
    },
    moves=(
        Move("begin", S.planned, S.under_way),
        Move("finish", S.planned, S.in_use, (guards.says_how_it_was_adapted,)),
        Move("finish", S.under_way, S.in_use, (guards.says_how_it_was_adapted,)),
        Move("drop", S.planned, S.dropped, reason=True),
        Move("drop", S.under_way, S.dropped, reason=True),
    ),
)
