"""A message: written in the transaction that asks for it, delivered by the worker."""

from enum import StrEnum, auto

from workflows.engine import Move, Party, StateRule, Workflow


class MessageState(StrEnum):
    """The fate of a message."""

    held = auto()
    queued = auto()
    sending = auto()
    sent = auto()
    failed = auto()
    skipped = auto()


S = MessageState

MESSAGE = Workflow(
    name="message",
    states=MessageState,
    initial=S.queued,
    rules={
        # Staff look at it first: a programme in trial mode, or a kind that is approved by hand.
        S.held: StateRule("waiting", Party.officer, 3),
        S.queued: StateRule("waiting", Party.nobody),
        S.sending: StateRule("waiting", Party.nobody),
        # It may still come back.
        S.sent: StateRule("closed"),
        S.failed: StateRule("stuck", Party.officer, 3),
        S.skipped: StateRule("closed", final=True),
    },
    moves=(
        Move("hold", S.queued, S.held),
        Move("release", S.held, S.queued),
        Move("skip", S.held, S.skipped, reason=True),
        Move("claim", S.queued, S.sending),
        Move("deliver", S.sending, S.sent),
        # The claim ran out (a killed worker) or the server said "later".
        Move("retry", S.sending, S.queued),
        Move("fail", S.sending, S.failed, reason=True),
        Move("skip", S.queued, S.skipped, reason=True),
        # The server of the reader brought it back, minutes or days later.
        Move("bounce", S.sent, S.failed, reason=True),
        Move("send_again", S.failed, S.queued),
    ),
)
