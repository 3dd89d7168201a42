"""A partnership of cities over years, from its preparation to its end."""

from enum import StrEnum, auto

from workflows.engine import Move, Party, StateRule, Workflow


class PartnershipState(StrEnum):
    """Where a partnership stands. One that ends early says why: others learn from it."""

    prepared = auto()
    running = auto()
    concluded = auto()
    ended_early = auto()


S = PartnershipState

PARTNERSHIP = Workflow(
    name="partnership",
    states=PartnershipState,
    initial=S.prepared,
    rules={
        S.prepared: StateRule("preparation", Party.owner),
        S.running: StateRule("open", Party.owner),
        S.concluded: StateRule("closed", final=True),
        S.ended_early: StateRule("closed", final=True),
    },
    moves=(
        Move("start", S.prepared, S.running),
        Move("conclude", S.running, S.concluded),
        Move("end_early", S.prepared, S.ended_early, reason=True),
        Move("end_early", S.running, S.ended_early, reason=True),
    ),
)
