"""A translation of a note: translator → a second person who reads it → published."""

from enum import StrEnum, auto

from workflows import guards
from workflows.engine import Move, Party, StateRule, Workflow


class NoteTranslationState(StrEnum):
    """Where a translation stands."""

    drafting = auto()
    in_review = auto()
    published = auto()


S = NoteTranslationState

# What is out stays out while it is worked on again: readers get the text of the last publication.
NOTE_TRANSLATION = Workflow(
    name="note_translation",
    states=NoteTranslationState,
    initial=S.drafting,
    rules={
        S.drafting: StateRule("writing", Party.author, 30),
        S.in_review: StateRule("writing", Party.reviewer, 14),
        S.published: StateRule("published"),
    },
    moves=(
        Move(
            "submit",
            S.drafting,
            S.in_review,
            (
                guards.translation_is_complete,
                guards.translation_follows_the_original,
                guards.translation_has_a_second_reader,
            ),
        ),
        Move("return_to_translator", S.in_review, S.drafting, reason=True),
        Move(
            "publish",
            S.in_review,
            S.published,
            (
                guards.original_is_published,
                guards.translation_is_complete,
                guards.translation_follows_the_original,
                guards.translation_has_a_second_reader,
            ),
        ),
        Move("revise", S.published, S.drafting),
    ),
)
