"""A need: what a local government wants to learn."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class NeedState(StrEnum):
    """Where a need stands."""

    draft = auto()
    published = auto()
    matched = auto()
    in_exchange = auto()
    fulfilled = auto()
    expired = auto()
    withdrawn = auto()


S = NeedState

NEED = Workflow(
    name="need",
    states=NeedState,
    initial=S.draft,
    rules={
        S.draft: StateRule("open", Party.owner, 30),
        S.published: StateRule("open", Party.nobody, 180),
        S.matched: StateRule("busy", Party.both_cities, 30),
        S.in_exchange: StateRule("busy", Party.both_cities),
        S.expired: StateRule("open", Party.owner, 30),
        S.fulfilled: StateRule("closed", final=True),
        S.withdrawn: StateRule("closed", final=True),
    },
    moves=(
        Move("publish", S.draft, S.published, (guards.has_what_publishing_asks,)),
        Move("match", S.published, S.matched),
        Move("reopen", S.matched, S.published),
        Move("enter_exchange", S.published, S.in_exchange),
        Move("enter_exchange", S.matched, S.in_exchange),
        Move("leave_exchange", S.in_exchange, S.published),
        Move("fulfil", S.in_exchange, S.fulfilled),
        Move("expire", S.published, S.expired),
        Move("renew", S.expired, S.published, (guards.has_what_publishing_asks,)),
        Move("withdraw", S.draft, S.withdrawn),
        Move("withdraw", S.published, S.withdrawn),
        Move("withdraw", S.matched, S.withdrawn, reason=True),
        Move("withdraw", S.expired, S.withdrawn),
    ),
)
