"""A consultation: questions to the network, its answers, and what was made of them."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class ConsultationState(StrEnum):
    """Where a consultation stands."""

    preparing = auto()
    open = auto()
    closed = auto()
    published = auto()


S = ConsultationState

CONSULTATION = Workflow(
    name="consultation",
    states=ConsultationState,
    initial=S.preparing,
    rules={
        S.preparing: StateRule("proposal", Party.officer, 30),
        S.open: StateRule("open", Party.nobody),
        S.closed: StateRule("open", Party.officer, 30),
        S.published: StateRule("closed", final=True),
    },
    moves=(
        Move("open_it", S.preparing, S.open, (guards.questions_are_written,)),
        Move("close", S.open, S.closed),
        # Those who were late are heard as long as nothing was made of the answers.
        Move("open_it", S.closed, S.open),
        Move("publish", S.closed, S.published, (guards.synthesis_is_written,)),
    ),
)
