"""A person asked to be erased: it waits, so that they may change their mind."""

from enum import StrEnum, auto

from workflows.engine import Move, Party, StateRule, Workflow


class ErasureState(StrEnum):
    """Where a request to be erased stands."""

    waiting = auto()
    withdrawn = auto()
    done = auto()


S = ErasureState

ERASURE = Workflow(
    name="erasure",
    states=ErasureState,
    initial=S.waiting,
    rules={
        S.waiting: StateRule("waiting", Party.nobody),
        S.withdrawn: StateRule("closed", final=True),
        S.done: StateRule("closed", final=True),
    },
    moves=(
        Move("withdraw", S.waiting, S.withdrawn),
        Move("carry_out", S.waiting, S.done),
    ),
)
