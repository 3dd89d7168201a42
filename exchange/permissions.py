"""The table of permissions. One line each: the sentence is the rule, the predicates enforce it."""

from dataclasses import dataclass

from exchange.predicates import (
    Predicate,
    addressed,
    administrator,
    anyone,
    author,
    host,
    manages,
    member,
    need_side,
    offer_side,
    oneself,
    owner,
    partner,
    proposer,
    regional_officer,
    reviewer,
    section_officer,
    signed_in,
    speaks_for_somebody,
    staff,
)


@dataclass(frozen=True)
class Rule:
    """A permission: who has it, in words and as predicates of which one must hold."""

    sentence: str
    any_of: tuple[Predicate, ...] = ()


_PUBLIC = Rule("Everybody.", (anyone,))
_MEMBERS = Rule("Whoever has signed in.", (signed_in,))
_STAFF = Rule("Staff.", (staff,))
_ADMINISTRATORS = Rule("Administrators.", (administrator,))
_SYSTEM = Rule("Nobody: the program does it by itself.")
_OWNERS = Rule("Those it belongs to, their association, and staff.", (owner, staff))
_OFFICERS = Rule("Staff, and the officer of the section concerned.", (staff, regional_officer))
_PARTNERS = Rule("Coordinators of any partner, and staff.", (partner, staff))
_INSIDERS = Rule("People of the partners, and staff.", (member, partner, staff, regional_officer))
_HOSTS = Rule("The host, the proposer, and staff.", (host, owner, staff))

PERMISSIONS: dict[str, Rule] = {
    # Public faces
    "home.see": _PUBLIC,
    "account.sign_in": _PUBLIC,
    "api.read": _PUBLIC,
    # One's own account
    "account.manage": _MEMBERS,
    "sign_in.end": Rule("The person who signed in.", (oneself,)),
    "token.revoke": Rule("The owner of the token.", (oneself,)),
    # Directory
    "organisation.see": _MEMBERS,
    "organisation.create": _STAFF,
    "organisation.edit": Rule(
        "Its coordinators, its association, staff and the officer of its section.",
        (owner, staff, regional_officer),
    ),
    "organisation.classify": _OFFICERS,
    "organisation.delete": _ADMINISTRATORS,
    # An association speaks for its members: only the member's side can say that it is one.
    "membership.add": Rule(
        "The member's coordinators, its association, staff and the officer of its section.",
        (owner, staff, regional_officer),
    ),
    "membership.end": Rule("Coordinators of either side, and staff.", (owner, staff)),
    "person.see": _MEMBERS,
    "person.see_address": Rule("Staff, and people of the same organisation.", (member, staff)),
    "person.invite": Rule("Coordinators, for their organisation; staff.", (owner, staff)),
    "person.edit": Rule("Administrators; staff, for people who are not staff.", (manages,)),
    "person.make_staff": _ADMINISTRATORS,
    # Vocabularies
    "vocabulary.see": _PUBLIC,
    "vocabulary.edit": _ADMINISTRATORS,
    "place.see": _MEMBERS,
    # Needs
    "need.see": _MEMBERS,
    "need.create": Rule("Coordinators and staff.", (speaks_for_somebody, staff)),
    "need.edit": _OWNERS,
    "need.publish": _OWNERS,
    "need.renew": _OWNERS,
    "need.withdraw": _OWNERS,
    "need.match": _SYSTEM,
    "need.reopen": _SYSTEM,
    "need.enter_exchange": _SYSTEM,
    "need.leave_exchange": _SYSTEM,
    "need.fulfil": _SYSTEM,
    "need.expire": _SYSTEM,
    "need.bundle": Rule("Coordinators of associations, and staff.", (speaks_for_somebody, staff)),
    # Offers
    "offer.see": _MEMBERS,
    "offer.create": Rule("Coordinators and staff.", (speaks_for_somebody, staff)),
    "offer.edit": _OWNERS,
    "offer.publish": _OWNERS,
    "offer.renew": _OWNERS,
    "offer.withdraw": _OWNERS,
    "offer.match": _SYSTEM,
    "offer.reopen": _SYSTEM,
    "offer.enter_exchange": _SYSTEM,
    "offer.leave_exchange": _SYSTEM,
    "offer.fulfil": _OWNERS,
    "offer.expire": _SYSTEM,
    # Exchanges
    "exchange.see": _MEMBERS,
    "exchange.create": Rule("Coordinators and staff.", (speaks_for_somebody, staff)),
    "exchange.edit": _OWNERS,
    "exchange.delete": _OWNERS,
    "exchange.edit_partners": _OWNERS,
    "exchange.edit_plan": _PARTNERS,
    "exchange.see_inside": _INSIDERS,
    "exchange.commit": Rule("The partner itself, or staff for it.", (owner, staff)),
    "exchange.name_contact": Rule(
        "The partner itself, the proposer, and staff.", (owner, proposer, staff)
    ),
    "exchange.assign": _OFFICERS,
    "exchange.override": _ADMINISTRATORS,
    "exchange.submit": _OWNERS,
    "exchange.ask_information": _OFFICERS,
    "exchange.resubmit": _OWNERS,
    "exchange.find_eligible": _OFFICERS,
    "exchange.decline": _OFFICERS,
    "exchange.open_matching": _OFFICERS,
    "exchange.propose_match": _STAFF,
    "exchange.reopen_matching": _STAFF,
    "exchange.agree_partners": _STAFF,
    "exchange.start_preparation": _HOSTS,
    "exchange.confirm_visit": _HOSTS,
    "exchange.reopen_preparation": _HOSTS,
    "exchange.start_visit": _HOSTS,
    "exchange.complete_visit": _HOSTS,
    "exchange.plan_next_visit": _HOSTS,
    "exchange.open_evaluation": _HOSTS,
    "exchange.draft_note": _PARTNERS,
    "exchange.submit_note": _PARTNERS,
    "exchange.return_note": _STAFF,
    "exchange.publish_note": _STAFF,
    "exchange.start_follow_up": _PARTNERS,
    "exchange.continue_follow_up": _STAFF,
    "exchange.close": _STAFF,
    "exchange.hold": _OFFICERS,
    "exchange.resume": _OFFICERS,
    "exchange.cancel": _OWNERS,
    # Matches
    "match.see": _MEMBERS,
    "match.create": _STAFF,
    "match.answer_need": Rule("The side that needs; staff for it.", (need_side, staff)),
    "match.answer_offer": Rule("The side that offers; staff for it.", (offer_side, staff)),
    "match.ask": Rule("Both sides.", (need_side, offer_side, staff)),
    "match.propose": _STAFF,
    "match.accept": Rule("Both sides.", (need_side, offer_side, staff)),
    "match.decline": Rule("Both sides.", (need_side, offer_side, staff)),
    "match.overrule": _STAFF,
    "match.lapse": _SYSTEM,
    "match.conclude": _SYSTEM,
    "match.withdraw": _STAFF,
    # Visits
    "visit.see": _MEMBERS,
    "visit.see_inside": _INSIDERS,
    "visit.edit": _PARTNERS,
    "participant.nominate": _PARTNERS,
    "participant.confirm": _PARTNERS,
    "participant.decline": _PARTNERS,
    "participant.nominate_again": _PARTNERS,
    "visit.record_attendance": _HOSTS,
    "visit.open_evaluation": _HOSTS,
    "participant.erase": _STAFF,
    "participant.make_link": Rule("Whoever nominated the person, and staff.", (owner, staff)),
    "participant.answer": Rule("Whoever holds the personal link.", (anyone,)),
    "participant.open_own": _MEMBERS,
    "evaluation.submit": Rule("The participant.", (addressed,)),
    "evaluation.see": _INSIDERS,
    # Lessons
    "note.see": _PUBLIC,
    "note.see_inside": _INSIDERS,
    "note.see_drafts": _MEMBERS,
    "note.edit": _PARTNERS,
    "note.submit": Rule("The author, the partners, and staff.", (author, partner, staff)),
    "note.return_to_author": Rule("The reviewer, and staff.", (reviewer, staff)),
    "note.publish": Rule("The reviewer, and staff.", (reviewer, staff)),
    "transferability.see": _MEMBERS,
    "transferability.edit": _PARTNERS,
    "road_map_action.see": _MEMBERS,
    "road_map_action.edit": _PARTNERS,
    "road_map_action.begin": _PARTNERS,
    "road_map_action.finish": _PARTNERS,
    "road_map_action.reopen": _PARTNERS,
    "road_map_action.drop": _PARTNERS,
    "dissemination.record": _PARTNERS,
    "follow_up.see_list": _MEMBERS,
    "follow_up.answer_by_link": Rule("Whoever holds the link of the follow-up.", (anyone,)),
    "follow_up.make_link": _STAFF,
    "follow_up.see": _INSIDERS,
    "follow_up.ask": _SYSTEM,
    "follow_up.answer": Rule("The partner that is asked; staff for it.", (owner, staff)),
    "follow_up.count_unanswered": _STAFF,
    "recorded_change.see": _MEMBERS,
    "recorded_change.record": _PARTNERS,
    # Messages and reminders
    "message.see": _STAFF,
    "message.see_own": _MEMBERS,
    "message.read": Rule("Its reader.", (oneself,)),
    "message.claim": _SYSTEM,
    "message.deliver": _SYSTEM,
    "message.retry": _SYSTEM,
    "message.fail": _SYSTEM,
    "message.skip": _STAFF,
    "message.send_again": _STAFF,
    "reminder.see": _STAFF,
    "reminder.send": _SYSTEM,
    "reminder.skip": _STAFF,
    "reminder.answer": _SYSTEM,
    # Forums, dashboard, spreadsheets
    "forum.see": _MEMBERS,
    "forum.edit": _STAFF,
    "dashboard.see": Rule("Staff and section officers.", (staff, section_officer)),
    "export.see": Rule("Whoever has signed in; each list asks its own permission.", (signed_in,)),
    "person.export": _STAFF,
    "match.export": _STAFF,
    "import.create": Rule("Coordinators and staff.", (speaks_for_somebody, staff)),
    "import.see": Rule("Whoever uploaded it, and staff.", (oneself, staff)),
}
