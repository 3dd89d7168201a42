"""Words for kinds of mail, and for the reasons why one was not sent: the codes of the rows."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MAILS: dict[str, LazyString] = {
    "audit_alarm": _l("The audit trail is not whole"),
    "agenda": _l("The programme of a visit is missing"),
    "concept_note": _l("The concept note is to be agreed"),
    "desk_review": _l("A desk review before a peer review"),
    "digest": _l("The daily digest"),
    "dissemination": _l("A published note is to be shared"),
    "draft_idle": _l("A draft proposal lies idle"),
    "evaluation": _l("A visit is to be evaluated"),
    "exchange_overdue": _l("An exchange is late"),
    "consultation_to_answer": _l("A consultation is to be answered"),
    "pair_activity_due": _l("An activity of a work plan is due"),
    "agreement_ending": _l("An agreement of a pair ends soon"),
    "review_sheet_missing": _l("The sheet of a pair for a review is missing"),
    "synthesis_due": _l("The answers to a consultation are to be summed up"),
    "commitment_due": _l("A commitment is due"),
    "challenge_to_answer": _l("A challenge waits for its answer"),
    "topic_waits": _l("A topic for a module waits for an answer"),
    "method_waits": _l("A proposed method waits for a decision"),
    "pilot_decision_due": _l("What came of a pilot is to be decided"),
    "lab_cycle_due": _l("A cycle of a laboratory is past its day"),
    "lab_decision_due": _l("A laboratory is to say what remains"),
    "recommendation_waits": _l("A recommendation waits for a decision"),
    "expectation_to_compare": _l("An expectation of a forum is to be compared with its results"),
    "feedback_report": _l("Feedback after a visit"),
    "follow_up": _l("Follow-up after 3, 6 and 12 months"),
    "host_report": _l("The host's report before a visit"),
    "information_asked": _l("More information is asked for a proposal"),
    "invitation": _l("Invitation"),
    "joining": _l("Invitation to an organisation"),
    "lesson_question": _l("A question about a published lesson"),
    "match_to_answer": _l("A match is to be answered"),
    "webhook_disabled": _l("A webhook was switched off"),
    "need_expired": _l("A need has expired"),
    "need_expiring": _l("A need expires soon"),
    "note_draft": _l("The peer-learning note is to be written"),
    "note_returned": _l("A note came back from review"),
    "note_to_review": _l("A note is to be reviewed"),
    "offer_expired": _l("An offer has expired"),
    "offer_expiring": _l("An offer expires soon"),
    "on_hold": _l("An exchange has been on hold for a month"),
    "photo_consent": _l("A photo is shown once you agree"),
    "participation": _l("A nomination for a visit is to be answered"),
    "partners_agreed": _l("The partners of an exchange have agreed"),
    "account_notice": _l("Something has changed about your account"),
    "adoption_follow_up": _l("A city is asked about a practice it takes up"),
    "practice_returned": _l("A practice came back"),
    "practice_to_publish": _l("A practice is to be published"),
    "preparation": _l("A preparation sheet before a visit"),
    "proposal_declined": _l("A proposal was declined"),
    "proposal_eligible": _l("A proposal was found eligible"),
    "proposal_received": _l("A proposal has arrived"),
    "mechanism_review": _l("What a mechanism needs or offers is to be renewed"),
    "mechanism_expired": _l("What a mechanism needs or offers has expired"),
    "mechanism_asked": _l("A mechanism is asked by another"),
    "reset": _l("New password"),
    "road_map_action_due": _l("An action of a road map is due"),
    "sign_in": _l("Link to sign in"),
    "visit_dates": _l("The dates of a visit are to be agreed"),
    "lessons_asked": _l("The lessons of a visit are to be written"),
    "translation_behind": _l("The original of a translation has changed"),
    "translation_returned": _l("A translation came back from its second reader"),
    "translation_to_review": _l("A translation is to be read by a second person"),
    "note_published": _l("Thanks, and the note is published"),
    "weekly": _l("The week of the CGLU-UCLG team"),
    "forum_follow_up": _l("After a Learning Forum"),
    "visit_soon": _l("A visit begins in a week"),
}

REASONS: dict[str, LazyString] = {
    "bad_address": _l("The address cannot be written to: %(detail)s"),
    "bounce_unknown": _l("A mail came back, and nobody can tell which: %(detail)s"),
    "bounced": _l("The reader’s mail server brought it back: %(detail)s"),
    "broken_off": _l("The connection broke off; it will be tried again. %(detail)s"),
    "by_hand": _l("Somebody decided so: %(detail)s"),
    "cut_off": _l("Sending was cut off again and again."),
    "dates_moved": _l("The dates have moved; another reminder is planned."),
    "demonstration": _l("People of the demonstration get no real mail."),
    "exchange_over": _l("The exchange is over."),
    "fault": _l("A fault of the program (%(detail)s); it is in the log."),
    "gave_up": _l("Given up after six tries. %(detail)s"),
    "in_digest": _l("Sent in the daily digest (message %(detail)s)."),
    "kept_in_mailbox": _l("Kept in the mailbox: no mail server is set."),
    "kind_gone": _l("This kind of reminder no longer exists."),
    "later": _l("The mail server said “later”; it will be tried again. %(detail)s"),
    "left_state": _l("It was settled before."),
    "no_exchange": _l("It names no exchange."),
    "not_of_exchange": _l("The sender does not take part in this exchange."),
    "nothing_new": _l("It says nothing beside what it quotes."),
    "no_address": _l("There is no address."),
    "nobody_to_ask": _l("Nobody could be found to write to."),
    "not_supported": _l("The mail server cannot write to this address. %(detail)s"),
    "erased": _l("The reader asked to be forgotten."),
    "opted_out": _l("The reader does not want this kind of message."),
    "overtaken": _l("A later reminder was due at the same time."),
    "person_disabled": _l("The account of the reader is closed."),
    "person_gone": _l("The reader is no longer here."),
    "put_off": _l("Somebody asked for more time; another reminder is planned."),
    "switched_off": _l("Staff have switched this kind of reminder off."),
    "two_unanswered": _l("Two were not answered; staff were told instead."),
    "refused": _l("The mail server refused it: %(detail)s"),
    "too_large": _l("It is too large to be read; it is still in the mailbox."),
    "too_long": _l("It is longer than a remark may be."),
    "too_late": _l("It was more than a week late."),
    "unknown_sender": _l("Nobody is known by this address."),
    "unreachable": _l("The mail server cannot be reached; it will be tried again. %(detail)s"),
}


NOUNS: dict[str, LazyString] = {
    "challenge": _l("Challenge"),
    "consultation": _l("Consultation"),
    "partnership": _l("Partnership"),
    "pair_activity": _l("Activity of a work plan"),
    "pair_agreement": _l("Agreement of a pair"),
    "partnership_review": _l("Review workshop"),
    "exchange": _l("Exchange"),
    "follow_up": _l("Follow-up"),
    "forum_item": _l("Note of a forum"),
    "match": _l("Match"),
    "mechanism_listing": _l("Need or offer of a mechanism"),
    "mechanism_pair": _l("Pair of mechanisms"),
    "need": _l("Need"),
    "module": _l("Learning module"),
    "erasure": _l("Request to be erased"),
    "module_topic": _l("Topic of a module"),
    "note": _l("Note"),
    "note_translation": _l("Translation of a note"),
    "offer": _l("Offer"),
    "adoption": _l("Practice taken up"),
    "practice": _l("Practice"),
    "participant": _l("Participant"),
    "photo_person": _l("Person in a photo"),
    "lab": _l("Local laboratory"),
    "lab_cycle": _l("Cycle of a laboratory"),
    "method": _l("Method"),
    "method_pilot": _l("Pilot of a method"),
    "recommendation": _l("Recommendation"),
    "road_map_action": _l("Action of a road map"),
}


def mail(kind: str) -> LazyString | str:
    """The words for a kind of mail; its name when the kind is gone."""
    return MAILS.get(kind, kind)


def reason(written: str) -> str:
    """The words for what a row says: a code, and the detail after its colon."""
    if not _is_code(written):
        return written
    code, _colon, detail = written.partition(": ")
    return str(REASONS[code]) % {"detail": reason(detail) if _is_code(detail) else detail}


def _is_code(text: str) -> bool:
    """One reason may hold another ("gave_up: later: 450 busy"), or be a server's own words."""
    return text.partition(": ")[0] in REASONS
