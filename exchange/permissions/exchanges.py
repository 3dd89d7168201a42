"""Permissions over exchanges, their visits and their lessons."""

from exchange.predicates import (
    addressed,
    anyone,
    author,
    owner,
    partner,
    proposer,
    reviewer,
    second_reader,
    speaks_for_somebody,
    staff,
    translator,
)
from exchange.rules import (
    ADMINISTRATORS,
    HOSTS,
    INSIDERS,
    MEMBERS,
    OFFICE,
    OFFICERS,
    OWNERS,
    PARTNERS,
    PUBLIC,
    STAFF,
    Rule,
)

TRANSLATORS = Rule(
    "The translator, coordinators of any partner, and staff.", (translator, partner, staff)
)

PERMISSIONS: dict[str, Rule] = {
    # Exchanges
    "exchange.see": MEMBERS,
    "exchange.see_board": OFFICE,
    "exchange.review": OFFICERS,
    "exchange.bulk": STAFF,
    "inbox.see": STAFF,
    "log.see": STAFF,
    "exchange.create": Rule("Coordinators and staff.", (speaks_for_somebody, staff)),
    "exchange.edit": OWNERS,
    "exchange.delete": OWNERS,
    "exchange.edit_partners": OWNERS,
    "exchange.edit_plan": PARTNERS,
    "exchange.see_inside": INSIDERS,
    "exchange.remark": INSIDERS,
    "exchange.commit": Rule("The partner itself, or staff for it.", (owner, staff)),
    "exchange.name_contact": Rule(
        "The partner itself, the proposer, and staff.", (owner, proposer, staff)
    ),
    "exchange.assign": OFFICERS,
    "exchange.override": ADMINISTRATORS,
    "exchange.submit": OWNERS,
    "exchange.ask_information": OFFICERS,
    "exchange.resubmit": OWNERS,
    "exchange.find_eligible": OFFICERS,
    "exchange.decline": OFFICERS,
    "exchange.open_matching": OFFICERS,
    "exchange.propose_match": STAFF,
    "exchange.reopen_matching": STAFF,
    "exchange.agree_partners": STAFF,
    "exchange.start_preparation": HOSTS,
    "exchange.confirm_visit": HOSTS,
    "exchange.reopen_preparation": HOSTS,
    "exchange.start_visit": HOSTS,
    "exchange.complete_visit": HOSTS,
    "exchange.plan_next_visit": HOSTS,
    "exchange.open_evaluation": HOSTS,
    "exchange.draft_note": PARTNERS,
    "exchange.submit_note": PARTNERS,
    "exchange.return_note": STAFF,
    "exchange.publish_note": STAFF,
    "exchange.start_follow_up": PARTNERS,
    "exchange.continue_follow_up": STAFF,
    "exchange.close": STAFF,
    "exchange.hold": OFFICERS,
    "exchange.resume": OFFICERS,
    "exchange.cancel": OWNERS,
    # Visits
    "visit.see": MEMBERS,
    "visit.see_inside": INSIDERS,
    "visit.edit": PARTNERS,
    "visit.propose_dates": PARTNERS,
    "visit.answer_dates": PARTNERS,
    "visit.agree_dates": PARTNERS,
    "participant.nominate": PARTNERS,
    "participant.confirm": PARTNERS,
    "participant.decline": PARTNERS,
    "participant.nominate_again": PARTNERS,
    "visit.record_attendance": HOSTS,
    "visit.open_evaluation": HOSTS,
    "participant.erase": STAFF,
    "participant.make_link": Rule("Whoever nominated the person, and staff.", (owner, staff)),
    "participant.answer": Rule("Whoever holds the personal link.", (anyone,)),
    "participant.open_own": MEMBERS,
    "evaluation.submit": Rule("The participant.", (addressed,)),
    "evaluation.see": INSIDERS,
    # Lessons
    "note.see": PUBLIC,
    "note.ask": PUBLIC,
    "note.see_inside": INSIDERS,
    "note.see_drafts": MEMBERS,
    "note.edit": PARTNERS,
    "note.submit": Rule("The author, the partners, and staff.", (author, partner, staff)),
    "note.return_to_author": Rule("The reviewer, and staff.", (reviewer, staff)),
    "note.publish": Rule("The reviewer, and staff.", (reviewer, staff)),
    "note_translation.see": INSIDERS,
    "note_translation.begin": PARTNERS,
    "note_translation.name": PARTNERS,
    "note_translation.write": Rule(
        "The translator, the second reader, coordinators of any partner, and staff.",
        (translator, second_reader, partner, staff),
    ),
    "note_translation.submit": TRANSLATORS,
    "note_translation.return_to_translator": Rule(
        "The second reader, and staff.", (second_reader, staff)
    ),
    "note_translation.publish": Rule(
        "The second reader: never whoever translated.", (second_reader,)
    ),
    "note_translation.revise": TRANSLATORS,
    "lesson_sheet.see": INSIDERS,
    "lesson_sheet.write": Rule(
        "Coordinators of the partner whose words they are; staff for it.", (owner, staff)
    ),
    "photo.see": PUBLIC,
}
