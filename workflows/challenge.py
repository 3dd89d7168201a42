"""A challenge that an association or a section named, until somebody has answered it."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class ChallengeState(StrEnum):
    """Where a challenge stands."""

    open = auto()
    answered = auto()
    set_aside = auto()


S = ChallengeState

CHALLENGE = Workflow(
    name="challenge",
    states=ChallengeState,
    initial=S.open,
    rules={
        S.open: StateRule("open", Party.officer),
        S.answered: StateRule("closed", Party.nobody),
        S.set_aside: StateRule("closed", Party.nobody),
    },
    moves=(
        Move("answer", S.open, S.answered, (guards.an_answer_is_named,)),
        Move("set_aside", S.open, S.set_aside, reason=True),
        Move("reopen", S.set_aside, S.open),
        # What was to answer it came to nothing: it waits again, and its history says why.
        Move("reopen", S.answered, S.open, reason=True),
    ),
)
