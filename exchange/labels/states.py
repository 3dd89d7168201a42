"""Words for the states and moves of every workflow, keyed by the member."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from workflows.registry import WORKFLOWS

# workflow → state → words
STATES: dict[str, dict[str, LazyString]] = {
    "exchange": {
        "draft": _l("Draft"),
        "submitted": _l("Submitted"),
        "more_information": _l("More information asked"),
        "eligible": _l("Eligible"),
        "matching": _l("Matching"),
        "match_proposed": _l("Match proposed"),
        "partners_agreed": _l("Partners agreed"),
        "preparing": _l("In preparation"),
        "confirmed": _l("Visit confirmed"),
        "under_way": _l("Visit under way"),
        "visited": _l("Visit done"),
        "evaluating": _l("Evaluation open"),
        "note_drafting": _l("Note being written"),
        "note_in_review": _l("Note in review"),
        "disseminating": _l("Dissemination"),
        "following_up_3": _l("Follow-up at 3 months"),
        "following_up_6": _l("Follow-up at 6 months"),
        "following_up_12": _l("Follow-up at 12 months"),
        "on_hold": _l("On hold"),
        "closed_with_change": _l("Closed, change recorded"),
        "closed_without_change": _l("Closed, no change recorded"),
        "declined": _l("Declined"),
        "cancelled": _l("Cancelled"),
    },
    "need": {
        "draft": _l("Draft"),
        "published": _l("Published"),
        "matched": _l("Matched"),
        "in_exchange": _l("In exchange"),
        "fulfilled": _l("Fulfilled"),
        "expired": _l("Expired"),
        "withdrawn": _l("Withdrawn"),
    },
    "offer": {
        "draft": _l("Draft"),
        "published": _l("Published"),
        "matched": _l("All places taken"),
        "in_exchange": _l("In exchange"),
        "fulfilled": _l("Fulfilled"),
        "expired": _l("Expired"),
        "withdrawn": _l("Withdrawn"),
    },
    "match": {
        "suggested": _l("Suggested"),
        "proposed": _l("Waiting for both sides"),
        "half_agreed": _l("One side has said yes"),
        "agreed": _l("Agreed"),
        "concluded": _l("Exchange concluded"),
        "declined": _l("Declined"),
        "lapsed": _l("No answer in time"),
        "withdrawn": _l("Withdrawn"),
    },
    "participant": {
        "nominated": _l("Nominated"),
        "confirmed": _l("Confirmed"),
        "declined": _l("Not coming"),
    },
    "note": {
        "drafting": _l("Being written"),
        "in_review": _l("In review"),
        "published": _l("Published"),
    },
    "road_map_action": {
        "planned": _l("Planned"),
        "under_way": _l("Under way"),
        "done": _l("Done"),
        "dropped": _l("Dropped"),
    },
    "follow_up": {
        "planned": _l("Planned"),
        "asked": _l("Asked"),
        "answered": _l("Answered"),
        "unanswered": _l("No answer"),
    },
    "forum_item": {
        "captured": _l("Waits for an answer"),
        "taken_up": _l("Taken up"),
        "set_aside": _l("Set aside"),
    },
    "recommendation": {
        "proposed": _l("Proposed"),
        "adopted": _l("Adopted"),
        "committed": _l("Commitment"),
        "under_way": _l("Under way"),
        "done": _l("Done"),
        "dropped": _l("Dropped"),
    },
    "message": {
        "held": _l("Held"),
        "queued": _l("Scheduled"),
        "sending": _l("Sending"),
        "sent": _l("Sent"),
        "failed": _l("Failed"),
        "skipped": _l("Skipped"),
    },
    "matching_run": {
        "queued": _l("Waiting for a worker"),
        "comparing": _l("Comparing needs with offers"),
        "solving": _l("Looking for the best whole"),
        "draft": _l("Draft to review"),
        "published": _l("Published"),
        "discarded": _l("Discarded"),
        "failed": _l("Failed"),
    },
    "reminder": {
        "planned": _l("Planned"),
        "sent": _l("Sent"),
        "answered": _l("Answered"),
        "skipped": _l("Skipped"),
    },
}

# workflow → trigger → words of the button
TRIGGERS: dict[str, dict[str, LazyString]] = {
    "exchange": {
        "submit": _l("Send proposal"),
        "ask_information": _l("Ask for more information"),
        "resubmit": _l("Send again"),
        "find_eligible": _l("Find eligible"),
        "decline": _l("Decline"),
        "open_matching": _l("Open matching"),
        "propose_match": _l("Propose match"),
        "reopen_matching": _l("Look for another partner"),
        "agree_partners": _l("Record that partners agreed"),
        "start_preparation": _l("Start preparation"),
        "confirm_visit": _l("Confirm visit"),
        "reopen_preparation": _l("Go back to preparation"),
        "start_visit": _l("Start visit"),
        "complete_visit": _l("Complete visit"),
        "plan_next_visit": _l("Plan next visit"),
        "open_evaluation": _l("Open evaluation"),
        "draft_note": _l("Start the note"),
        "submit_note": _l("Hand in the note"),
        "return_note": _l("Return the note"),
        "publish_note": _l("Publish the note"),
        "start_follow_up": _l("Start follow-up"),
        "continue_follow_up": _l("Go on to the next follow-up"),
        "close": _l("Close"),
        "hold": _l("Put on hold"),
        "resume": _l("Resume"),
        "cancel": _l("Cancel exchange"),
    },
    "need": {
        "publish": _l("Publish"),
        "match": _l("Mark as matched"),
        "reopen": _l("Look again"),
        "enter_exchange": _l("Enter exchange"),
        "leave_exchange": _l("Leave exchange"),
        "fulfil": _l("Mark as fulfilled"),
        "expire": _l("Expire"),
        "renew": _l("Renew"),
        "withdraw": _l("Withdraw"),
    },
    "offer": {
        "publish": _l("Publish"),
        "match": _l("Mark as full"),
        "reopen": _l("Open again"),
        "enter_exchange": _l("Enter exchange"),
        "leave_exchange": _l("Leave exchange"),
        "fulfil": _l("Mark as fulfilled"),
        "expire": _l("Expire"),
        "renew": _l("Renew"),
        "withdraw": _l("Withdraw"),
    },
    "match": {
        "propose": _l("Propose to both sides"),
        "accept": _l("Accept"),
        "decline": _l("Not for us"),
        "lapse": _l("Count as unanswered"),
        "conclude": _l("Mark as concluded"),
        "overrule": _l("Agree on their behalf"),
        "withdraw": _l("Withdraw"),
    },
    "participant": {
        "confirm": _l("Confirm"),
        "decline": _l("Not coming"),
        "nominate_again": _l("Nominate again"),
    },
    "note": {
        "submit": _l("Hand in for review"),
        "return_to_author": _l("Return to the author"),
        "publish": _l("Publish"),
    },
    "road_map_action": {
        "begin": _l("Begin"),
        "finish": _l("Mark as done"),
        "reopen": _l("Reopen"),
        "drop": _l("Drop"),
    },
    "follow_up": {
        "ask": _l("Ask"),
        "answer": _l("Answer"),
        "count_unanswered": _l("Count as unanswered"),
    },
    "forum_item": {
        "take_up": _l("Take it up"),
        "set_aside": _l("Set it aside"),
        "reopen": _l("Reopen"),
    },
    "recommendation": {
        "adopt": _l("Adopt"),
        "commit": _l("Make it a commitment"),
        "begin": _l("Begin"),
        "finish": _l("Mark as done"),
        "reopen": _l("Reopen"),
        "drop": _l("Drop"),
    },
    "message": {
        "hold": _l("Hold back"),
        "release": _l("Approve and send"),
        "claim": _l("Take for sending"),
        "deliver": _l("Mark as sent"),
        "retry": _l("Try again later"),
        "bounce": _l("Come back"),
        "fail": _l("Give up"),
        "skip": _l("Do not send"),
        "send_again": _l("Send again"),
    },
    "matching_run": {
        "compare": _l("Begin"),
        "solve": _l("Look for the best whole"),
        "finish": _l("Finish"),
        "take_over": _l("Hand to another worker"),
        "fail": _l("Give up"),
        "retry": _l("Try again"),
        "publish": _l("Publish"),
        "discard": _l("Discard"),
    },
    "reminder": {
        "send": _l("Send"),
        "skip": _l("Skip"),
        "answer": _l("Mark as answered"),
    },
}

# The step that an administrator makes outside the table.
OVERRIDE = _l("Override by an administrator")
# The one step of an exchange that was over before it was written down here.
RECORD_PAST = _l("Recorded from the past")


def states_of(members: type) -> dict[str, LazyString]:
    """The words for the states of the workflow whose states ``members`` are."""
    return next(STATES[w.name] for w in WORKFLOWS.values() if w.states is members)
