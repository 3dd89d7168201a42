"""What one mechanism needs and another gives: from a suggestion to what both agree on."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class MechanismPairState(StrEnum):
    """How far the two have come. Whoever asks has said yes."""

    suggested = auto()
    asked = auto()
    agreed = auto()
    declined = auto()


S = MechanismPairState

MECHANISM_PAIR = Workflow(
    name="mechanism_pair",
    states=MechanismPairState,
    initial=S.suggested,
    rules={
        S.suggested: StateRule("waiting", Party.owner, 30),
        # As long as a city hall has for a match.
        S.asked: StateRule("asked", Party.both_cities, 14),
        S.agreed: StateRule("agreed", Party.nobody),
        S.declined: StateRule("closed", final=True),
    },
    moves=(
        Move("ask", S.suggested, S.asked, (guards.both_still_hold,)),
        Move("agree", S.asked, S.agreed, (guards.both_still_hold,)),
        Move("decline", S.suggested, S.declined, reason=True),
        Move("decline", S.asked, S.declined, reason=True),
        Move("decline", S.agreed, S.declined, reason=True),
    ),
)
