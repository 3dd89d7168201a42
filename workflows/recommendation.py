"""A recommendation, until somebody has committed to it and it is done."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class RecommendationState(StrEnum):
    """Where a recommendation stands. With an owner and a day it is a commitment."""

    proposed = auto()
    adopted = auto()
    committed = auto()
    under_way = auto()
    done = auto()
    dropped = auto()


S = RecommendationState
OPEN = (S.proposed, S.adopted, S.committed, S.under_way)

RECOMMENDATION = Workflow(
    name="recommendation",
    states=RecommendationState,
    initial=S.proposed,
    rules={
        S.proposed: StateRule("proposal", Party.officer, 30),
        S.adopted: StateRule("open", Party.officer, 90),
        S.committed: StateRule("open", Party.owner),
        S.under_way: StateRule("open", Party.owner),
        S.done: StateRule("closed", Party.nobody),
        S.dropped: StateRule("closed", final=True),
    },
    moves=(
        Move("adopt", S.proposed, S.adopted),
        # Whoever takes it on need not wait until it is adopted.
        Move("commit", S.proposed, S.committed, (guards.has_an_owner_and_a_day,)),
        Move("commit", S.adopted, S.committed, (guards.has_an_owner_and_a_day,)),
        Move("begin", S.committed, S.under_way),
        Move("finish", S.committed, S.done, (guards.evidence_is_given,)),
        Move("finish", S.under_way, S.done, (guards.evidence_is_given,)),
        Move("reopen", S.done, S.under_way, reason=True),
        *(Move("drop", state, S.dropped, reason=True) for state in OPEN),
    ),
)
