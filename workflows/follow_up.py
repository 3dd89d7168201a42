"""A follow-up: five questions to one partner, 3, 6 or 12 months after the visit."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class FollowUpState(StrEnum):
    """Where a follow-up stands. ``unanswered`` is counted as such, never hidden."""

    planned = auto()
    asked = auto()
    answered = auto()
    unanswered = auto()


S = FollowUpState

FOLLOW_UP = Workflow(
    name="follow_up",
    states=FollowUpState,
    initial=S.planned,
    rules={
        S.planned: StateRule("waiting", Party.nobody),
        S.asked: StateRule("asked", Party.owner, 30),
        S.answered: StateRule("closed", final=True),
        S.unanswered: StateRule("closed", Party.nobody),
    },
    moves=(
        Move("ask", S.planned, S.asked),
        Move("answer", S.planned, S.answered, (guards.has_answers,)),
        Move("answer", S.asked, S.answered, (guards.has_answers,)),
        Move("count_unanswered", S.asked, S.unanswered),
        # Late is better than never.
        Move("answer", S.unanswered, S.answered, (guards.has_answers,)),
    ),
)
