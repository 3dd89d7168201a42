"""What a mechanism needs or gives: it is open until its day, then renewed, answered or expired."""

from enum import StrEnum, auto

from workflows.engine import Move, Party, StateRule, Workflow


class MechanismListingState(StrEnum):
    """Whether what was written still holds."""

    open = auto()
    renewed = auto()
    answered = auto()
    expired = auto()


S = MechanismListingState
LIVE = (S.open, S.renewed)

MECHANISM_LISTING = Workflow(
    name="mechanism_listing",
    states=MechanismListingState,
    initial=S.open,
    rules={
        S.open: StateRule("open", Party.nobody),
        S.renewed: StateRule("open", Party.nobody),
        S.answered: StateRule("closed", Party.nobody),
        S.expired: StateRule("waiting", Party.owner, 30),
    },
    moves=(
        *(Move("renew", state, S.renewed) for state in (*LIVE, S.expired)),
        *(Move("answer", state, S.answered) for state in LIVE),
        *(Move("expire", state, S.expired) for state in LIVE),
        Move("reopen", S.answered, S.renewed, reason=True),
    ),
)
