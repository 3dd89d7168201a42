"""A topic that a learning module should take up, until a module does."""

from enum import StrEnum, auto

from workflows.engine import Move, Party, StateRule, Workflow


class TopicState(StrEnum):
    """Where a topic of the backlog stands."""

    proposed = auto()
    accepted = auto()
    in_module = auto()
    declined = auto()


S = TopicState

MODULE_TOPIC = Workflow(
    name="module_topic",
    states=TopicState,
    initial=S.proposed,
    rules={
        S.proposed: StateRule("proposal", Party.officer, 30),
        S.accepted: StateRule("open", Party.officer, 180),
        S.in_module: StateRule("closed", final=True),
        S.declined: StateRule("closed", Party.nobody),
    },
    moves=(
        Move("accept", S.proposed, S.accepted),
        # What is clear from the first day need not wait on the list.
        Move("make_module", S.proposed, S.in_module),
        Move("make_module", S.accepted, S.in_module),
        Move("decline", S.proposed, S.declined, reason=True),
        Move("decline", S.accepted, S.declined, reason=True),
        Move("reopen", S.declined, S.proposed),
    ),
)
