"""What a rule of the table of permissions is, and the rules that many lines share."""

from dataclasses import dataclass

from exchange.predicates import (
    Predicate,
    administrator,
    anyone,
    host,
    member,
    need_side,
    offer_side,
    owner,
    partner,
    regional_officer,
    section_officer,
    signed_in,
    staff,
)


@dataclass(frozen=True)
class Rule:
    """A permission: who has it, in words and as predicates of which one must hold."""

    sentence: str
    any_of: tuple[Predicate, ...] = ()


PUBLIC = Rule("Everybody.", (anyone,))
MEMBERS = Rule("Whoever has signed in.", (signed_in,))
STAFF = Rule("Staff.", (staff,))
ADMINISTRATORS = Rule("Administrators.", (administrator,))
SYSTEM = Rule("Nobody: the program does it by itself.")
OWNERS = Rule("Those it belongs to, their association, and staff.", (owner, staff))
OFFICERS = Rule("Staff, and the officer of the section concerned.", (staff, regional_officer))
CONCERNED = Rule(
    "Those it belongs to, their association, staff and the officer of its section.",
    (owner, staff, regional_officer),
)
PARTNERS = Rule("Coordinators of any partner, and staff.", (partner, staff))
INSIDERS = Rule("People of the partners, and staff.", (member, partner, staff, regional_officer))
OFFICE = Rule("Staff and section officers.", (staff, section_officer))
SIDES = Rule("Coordinators of either side, and staff.", (need_side, offer_side, staff))
HOSTS = Rule("The host, the proposer, and staff.", (host, owner, staff))
