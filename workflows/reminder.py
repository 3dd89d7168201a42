"""A reminder: a row first, a message when it is due and still wanted."""

from enum import StrEnum, auto

from workflows.engine import Move, Party, StateRule, Workflow


class ReminderState(StrEnum):
    """Where a reminder stands."""

    planned = auto()
    sent = auto()
    answered = auto()
    skipped = auto()


S = ReminderState

REMINDER = Workflow(
    name="reminder",
    states=ReminderState,
    initial=S.planned,
    rules={
        S.planned: StateRule("waiting", Party.nobody),
        S.sent: StateRule("asked", Party.owner, 14),
        S.answered: StateRule("closed", final=True),
        S.skipped: StateRule("closed", final=True),
    },
    moves=(
        Move("send", S.planned, S.sent),
        Move("skip", S.planned, S.skipped, reason=True),
        Move("answer", S.sent, S.answered),
    ),
)
