"""The main menu: an entry a line, in the order of the work, for those who may."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MENU: tuple[tuple[str, LazyString, str], ...] = (
    ("needs.index", _l("Needs"), "need.see"),
    ("offers.index", _l("Offers"), "offer.see"),
    ("matches.index", _l("Matches"), "match.see"),
    ("matching.index", _l("Matching desk"), "matching_run.see"),
    ("exchanges.index", _l("Exchanges"), "exchange.see"),
    ("visits.index", _l("Visits"), "visit.see"),
    ("notes.library", _l("Lessons"), "note.see"),
    ("follow_ups.index", _l("Follow-ups"), "follow_up.see_list"),
    ("forums.index", _l("Forum"), "forum.see"),
    ("organisations.index", _l("Organisations"), "organisation.see"),
    ("people.index", _l("People"), "person.see"),
    ("dashboard.index", _l("Dashboard"), "dashboard.see"),
    ("messages.mine", _l("Your messages"), "message.see_own"),
    ("messages.index", _l("Messages"), "message.see"),
    ("reminders.index", _l("Reminders"), "reminder.see"),
    ("imports.index", _l("Imports"), "import.create"),
    ("vocabularies.index", _l("Vocabularies"), "vocabulary.edit"),
)
