"""A practice of the observatory: from a draft to what everybody may read and re-use."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class PracticeState(StrEnum):
    """Where a practice stands."""

    draft = auto()
    proposed = auto()
    published = auto()
    withdrawn = auto()


S = PracticeState

PRACTICE = Workflow(
    name="practice",
    states=PracticeState,
    initial=S.draft,
    rules={
        S.draft: StateRule("writing", Party.owner, 45),
        S.proposed: StateRule("writing", Party.officer, 14),
        S.published: StateRule("published", Party.nobody),
        S.withdrawn: StateRule("closed", final=True),
    },
    moves=(
        Move("propose", S.draft, S.proposed, (guards.practice_is_complete,)),
        Move("return_to_author", S.proposed, S.draft, reason=True),
        Move("publish", S.proposed, S.published, (guards.practice_is_complete,)),
        Move("withdraw", S.draft, S.withdrawn),
        Move("withdraw", S.proposed, S.withdrawn),
        Move("withdraw", S.published, S.withdrawn, reason=True),
    ),
)
