"""The peer-learning note: author → reviewer → published."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class NoteState(StrEnum):
    """Where a peer-learning note stands."""

    drafting = auto()
    in_review = auto()
    published = auto()


S = NoteState

NOTE = Workflow(
    name="note",
    states=NoteState,
    initial=S.drafting,
    rules={
        S.drafting: StateRule("writing", Party.author, 45),
        S.in_review: StateRule("writing", Party.reviewer, 14),
        S.published: StateRule("published", final=True),
    },
    moves=(
        Move(
            "submit",
            S.drafting,
            S.in_review,
            (guards.note_is_complete, guards.note_has_a_reviewer),
        ),
        Move("return_to_author", S.in_review, S.drafting, reason=True),
        Move("publish", S.in_review, S.published, (guards.note_is_complete,)),
    ),
)
