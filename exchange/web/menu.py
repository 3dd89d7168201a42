"""The main menu: an entry a line, in the order of the work, for those who may.

Nobody reads a row of twenty words. Each kind of person has at most six entries in front of them,
those of ``FIRST``; the others wait in their group.
"""

from collections.abc import Callable
from dataclasses import dataclass

from flask import url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from exchange import policy
from exchange.dashboards.first_hour import kind_of
from exchange.directory.models import Person

Entry = tuple[str, LazyString, str]  # the endpoint, its words, the permission it asks for

GROUPS: tuple[tuple[LazyString, tuple[Entry, ...]], ...] = (
    (
        _l("Work"),
        (
            ("my.show", _l("My exchanges"), "desk.see"),
            ("city.show", _l("City desk"), "desk.see"),
            ("browse.index", _l("Browse"), "need.see"),
            ("needs.index", _l("Needs"), "need.see"),
            ("offers.index", _l("Offers"), "offer.see"),
            ("matches.index", _l("Matches"), "match.see"),
            ("exchanges.index", _l("Exchanges"), "exchange.see"),
            ("board.show", _l("Board"), "exchange.see_board"),
            ("visits.index", _l("Visits"), "visit.see"),
            ("notes.library", _l("Lessons"), "note.see"),
            ("practices.index", _l("Practices"), "practice.see"),
            ("follow_ups.index", _l("Follow-ups"), "follow_up.see_list"),
            ("imports.index", _l("Imports"), "import.create"),
        ),
    ),
    (
        _l("Network"),
        (
            ("forums.index", _l("Forum"), "forum.see"),
            ("congresses.index", _l("Congresses"), "congress.see"),
            ("learning.index", _l("State of learning"), "learning.see"),
            ("work_done.index", _l("Year by year"), "learning.see"),
            ("modules.index", _l("Learning modules"), "module.see"),
            ("partnerships.index", _l("Partnerships"), "partnership.see"),
            ("strategies.index", _l("Learning strategies"), "strategy.see"),
            ("recommendations.index", _l("Recommendations"), "recommendation.see"),
            ("challenges.index", _l("Challenges"), "challenge.see"),
            ("labs.index", _l("Local laboratories"), "lab.see"),
            ("methods.index", _l("Methods"), "method.see"),
            ("pictures.world_map", _l("Map of exchanges"), "exchange.see"),
            ("pictures.network", _l("Who learns from whom"), "exchange.see"),
            ("ledger.index", _l("Given and received"), "ledger.see"),
            ("organisations.index", _l("Organisations"), "organisation.see"),
            ("mechanisms.index", _l("Mechanisms"), "mechanism.see"),
            ("observatories.index", _l("Observatories"), "observatory.see"),
            ("people.index", _l("People"), "person.see"),
            ("expertise.index", _l("Who knows what"), "expertise.see"),
        ),
    ),
    (
        _l("Secretariat"),
        (
            ("dashboard.index", _l("Dashboard"), "dashboard.see"),
            ("reports.index", _l("Reports"), "dashboard.see"),
            ("inbox.show", _l("Inbox"), "inbox.see"),
            ("matching.index", _l("Matching desk"), "matching_run.see"),
            ("messages.index", _l("Messages"), "message.see"),
            ("reminders.index", _l("Reminders"), "reminder.see"),
            ("log.index", _l("Log"), "log.see"),
            ("history.everything", _l("Audit trail"), "audit.see"),
            ("vocabularies.index", _l("Vocabularies"), "vocabulary.edit"),
            ("operations.show", _l("Operations"), "operations.see"),
        ),
    ),
)
YOURS: tuple[Entry, ...] = (
    ("messages.mine", _l("Your messages"), "message.see_own"),
    ("views.index", _l("Saved views"), "view.save"),
    ("account.show", _l("Your account"), "account.manage"),
    ("messages.preferences", _l("Which mails you get"), "account.manage"),
)
VISITORS: tuple[Entry, ...] = (
    ("notes.library", _l("Lessons"), "note.see"),
    ("practices.index", _l("Practices"), "practice.see"),
    ("public_partnerships.index", _l("Partnerships"), "partnership.read"),
)
# What each kind of person does most, six at most; whatever is missing here is in its group.
FIRST: dict[str, tuple[str, ...]] = {
    "office": (
        "dashboard.index",
        "inbox.show",
        "board.show",
        "exchanges.index",
        "matching.index",
    ),
    "city": (
        "city.show",
        "needs.index",
        "offers.index",
        "browse.index",
        "matches.index",
        "exchanges.index",
    ),
    "association": (
        "my.show",
        "needs.index",
        "offers.index",
        "browse.index",
        "exchanges.index",
        "notes.library",
    ),
    "member": (
        "my.show",
        "browse.index",
        "needs.index",
        "offers.index",
        "exchanges.index",
        "notes.library",
    ),
}
MENU: tuple[Entry, ...] = (*(entry for _words, group in GROUPS for entry in group), *YOURS)


@dataclass(frozen=True)
class Menu:
    """What one person finds in the head of each page."""

    first: list[Entry]
    groups: list[tuple[LazyString, list[Entry]]]
    yours: list[Entry]


def kind_for(person: Person) -> str:
    """Whose menu and whose desk ``person`` has: a key of ``FIRST``."""
    office = policy.allowed(person, "dashboard.see")
    return "office" if office else kind_of(person) or "member"


def desk_of(person: Person) -> str:
    """Where the work of ``person`` begins: the first entry of the menu that they may open."""
    may = {endpoint for endpoint, _words, permission in MENU if policy.allowed(person, permission)}
    first = FIRST[kind_for(person)][0]
    return url_for(first if first in may else "home.index")


def menu_for(kind: str, may: Callable[[str], bool]) -> Menu:
    """The menu of a kind of person, from what they may; of a visitor when there is no kind."""
    if not kind:
        return Menu([entry for entry in VISITORS if may(entry[2])], [], [])
    first = FIRST[kind]
    allowed = {entry[0]: entry for entry in MENU if may(entry[2])}
    groups = [
        (words, [entry for entry in group if entry[0] in allowed and entry[0] not in first])
        for words, group in GROUPS
    ]
    return Menu(
        first=[allowed[endpoint] for endpoint in first if endpoint in allowed],
        groups=[(words, group) for words, group in groups if group],
        yours=[entry for entry in YOURS if entry[0] in allowed],
    )
