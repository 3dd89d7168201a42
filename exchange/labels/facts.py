"""Words for the facts that a move needs: why a button is not there yet."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

FACTS: dict[str, LazyString] = {
    "no_such_move": _l("This step does not exist from where it stands."),
    "has_a_purpose": _l("Write a title and what is to be learned."),
    "has_a_theme": _l("Choose at least one theme."),
    "has_a_learner": _l("Name a learner or add a need."),
    "a_match_waits": _l("Propose a match first."),
    "no_match_waits": _l("A match still waits for an answer."),
    "host_has_committed": _l("The host has not committed yet."),
    "learner_has_committed": _l("The learner has not committed yet."),
    "concept_note_is_agreed": _l("Write the concept note and record the day it was agreed."),
    "visit_has_dates": _l("Set the first and the last day of the visit."),
    "visit_has_a_programme": _l("Add at least one session to the programme."),
    "visit_has_participants": _l("At least one participant must have confirmed."),
    "attendance_is_recorded": _l("Record who came."),
    "evaluation_is_open": _l("Open the evaluation of the visit."),
    "several_visits_are_usual": _l("This kind of exchange has one visit."),
    "has_a_note": _l("Begin the peer-learning note."),
    "note_is_in_review": _l("Hand the note in for review."),
    "note_is_with_author": _l("The reviewer has not returned the note."),
    "note_is_published": _l("Publish the peer-learning note."),
    "road_map_has_owners": _l("Give every action of the road map an owner and a date."),
    "was_disseminated": _l("Record a channel by which the note was shared."),
    "follow_up_3_is_over": _l("The follow-up at 3 months is still open."),
    "follow_up_6_is_over": _l("The follow-up at 6 months is still open."),
    "follow_up_12_is_over": _l("The follow-up at 12 months is still open."),
    "a_change_is_recorded": _l("Record what changed."),
    "no_change_is_recorded": _l("A change is recorded: close with it."),
    "visit_has_not_begun": _l("The visit has begun; it can no longer be cancelled."),
    "has_what_publishing_asks": _l("Write title and text, choose a theme and a working language."),
    "has_places_left": _l("No place is left."),
    "all_places_are_taken": _l("There are still places."),
    "exchange_is_closed": _l("The exchange is not closed yet."),
    "has_hosted": _l("No exchange has grown out of this offer yet."),
    "holds_a_place": _l("The offer has no place left."),
    "holds_a_host": _l("The need has asked or found all the hosts it wants."),
    "need_is_open": _l("The need does not look for anybody any more."),
    "one_side_has_accepted": _l("Both sides have answered."),
    "both_sides_have_accepted": _l("Both sides must say yes."),
    "says_how_it_was_adapted": _l("Say what you made different and what changed."),
    "practice_is_complete": _l("Name the organisation and write a title and what was done."),
    "note_is_complete": _l("Some parts of the note are still empty."),
    "note_has_a_reviewer": _l("Name a reviewer other than the author."),
    "action_has_an_owner": _l("Give the action an owner and a date."),
    "has_answers": _l("Answer the questions first."),
    "has_an_owner_and_a_day": _l("Nobody answers for it yet until a day."),
    "evidence_is_given": _l("What shows that it was done is missing."),
    "an_answer_is_named": _l("Say what answers it."),
    "questions_are_written": _l("It asks no question yet."),
    "synthesis_is_written": _l("The synthesis of the answers is not written yet."),
    "leads_somewhere": _l("It has not become anything yet."),
    "every_block_is_done": _l("Some needs are not compared with the offers yet."),
    "no_run_was_published_since": _l("Another run was published since: begin a new one."),
}


def fact(name: str) -> LazyString:
    """The words for a fact that is missing."""
    return FACTS["no_such_move" if name.startswith("was_held_in_") else name]
