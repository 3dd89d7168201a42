"""Permissions over accounts, organisations, people and vocabularies."""

from exchange.predicates import manages, member, oneself, owner, regional_officer, staff
from exchange.rules import ADMINISTRATORS, MEMBERS, OFFICERS, PUBLIC, STAFF, Rule

PERMISSIONS: dict[str, Rule] = {
    # Public faces
    "home.see": PUBLIC,
    "account.sign_in": PUBLIC,
    "privacy.see": PUBLIC,
    "search.see": PUBLIC,
    "api.read": PUBLIC,
    # The program itself
    "operations.see": ADMINISTRATORS,
    "operations.ring": ADMINISTRATORS,
    # One's own account
    "account.manage": MEMBERS,
    "sign_in.end": Rule("The person who signed in.", (oneself,)),
    "desk.see": MEMBERS,
    "kept_form.see": Rule("Whoever sent it.", (oneself,)),
    "view.save": MEMBERS,
    "view.edit": Rule("Whoever saved it.", (oneself,)),
    "token.revoke": Rule("The owner of the token.", (oneself,)),
    # Directory
    "organisation.see": MEMBERS,
    "organisation.create": STAFF,
    "organisation.edit": Rule(
        "Its coordinators, its association, staff and the officer of its section.",
        (owner, staff, regional_officer),
    ),
    "organisation.classify": OFFICERS,
    "organisation.delete": ADMINISTRATORS,
    # An association speaks for its members: only the member's side can say that it is one.
    "membership.add": Rule(
        "The member's coordinators, its association, staff and the officer of its section.",
        (owner, staff, regional_officer),
    ),
    "membership.end": Rule("Coordinators of either side, and staff.", (owner, staff)),
    "person.see": MEMBERS,
    "expertise.see": MEMBERS,
    "person.see_address": Rule("Staff, and people of the same organisation.", (member, staff)),
    "person.invite": Rule("Coordinators, for their organisation; staff.", (owner, staff)),
    "person.edit": Rule("Administrators; staff, for people who are not staff.", (manages,)),
    "person.make_staff": ADMINISTRATORS,
    "audit.see": ADMINISTRATORS,
    "history.see": Rule(
        "Staff, and coordinators of the organisation it belongs to.", (staff, owner)
    ),
    "person.reset_factor": ADMINISTRATORS,
    "person.erase": ADMINISTRATORS,
    "erasure.withdraw": Rule("Whoever asked.", (oneself,)),
    "erasure.carry_out": ADMINISTRATORS,
    # Vocabularies
    "vocabulary.see": PUBLIC,
    "vocabulary.edit": ADMINISTRATORS,
    "place.see": MEMBERS,
    "tag.suggest": MEMBERS,
}
