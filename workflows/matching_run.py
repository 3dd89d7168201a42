"""A run of the matcher: computed by workers, looked at by an officer, published once."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class RunState(StrEnum):
    """Where a run stands."""

    queued = auto()
    comparing = auto()
    solving = auto()
    draft = auto()
    published = auto()
    discarded = auto()
    failed = auto()


S = RunState
AT_WORK = (S.queued, S.comparing, S.solving)

MATCHING_RUN = Workflow(
    name="matching_run",
    states=RunState,
    initial=S.queued,
    rules={
        S.queued: StateRule("waiting", Party.nobody),
        S.comparing: StateRule("working", Party.nobody),
        S.solving: StateRule("working", Party.nobody),
        S.draft: StateRule("waiting", Party.officer, 7),
        S.published: StateRule("closed", final=True),
        S.discarded: StateRule("closed", final=True),
        S.failed: StateRule("closed", Party.officer),
    },
    moves=(
        Move("compare", S.queued, S.comparing),
        Move("solve", S.comparing, S.solving, (guards.every_block_is_done,)),
        Move("finish", S.solving, S.draft),
        # Its worker died or the machine went down: another begins where the rows say.
        Move("take_over", S.comparing, S.queued),
        Move("take_over", S.solving, S.comparing),
        *(Move("fail", state, S.failed, reason=True) for state in AT_WORK),
        Move("retry", S.failed, S.queued),
        Move("publish", S.draft, S.published, (guards.no_run_was_published_since,)),
        *(Move("discard", state, S.discarded) for state in (*AT_WORK, S.draft, S.failed)),
    ),
)
