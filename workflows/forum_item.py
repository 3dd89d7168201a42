"""What somebody wrote down at a forum, until it has led to something."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class ItemState(StrEnum):
    """Where a captured item stands."""

    captured = auto()
    taken_up = auto()
    set_aside = auto()


S = ItemState

FORUM_ITEM = Workflow(
    name="forum_item",
    states=ItemState,
    initial=S.captured,
    rules={
        # The week after a forum: what waits longer is forgotten.
        S.captured: StateRule("open", Party.officer, 7),
        S.taken_up: StateRule("closed", Party.nobody),
        S.set_aside: StateRule("closed", Party.nobody),
    },
    moves=(
        Move("take_up", S.captured, S.taken_up, (guards.leads_somewhere,)),
        Move("take_up", S.set_aside, S.taken_up, (guards.leads_somewhere,)),
        Move("set_aside", S.captured, S.set_aside, reason=True),
        Move("reopen", S.set_aside, S.captured),
        # What it led to came to nothing: it waits again, and its history says why.
        Move("reopen", S.taken_up, S.captured, reason=True),
    ),
)
