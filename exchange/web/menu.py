"""The main menu: an entry a line, shown to those who have its permission."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

MENU: tuple[tuple[str, LazyString, str], ...] = (
    ("organisations.index", _l("Organisations"), "organisation.see"),
    ("people.index", _l("People"), "person.see"),
    ("needs.index", _l("Needs"), "need.see"),
    ("offers.index", _l("Offers"), "offer.see"),
    ("matches.index", _l("Matches"), "match.see"),
    ("visits.index", _l("Visits"), "visit.see"),
    ("exchanges.index", _l("Exchanges"), "exchange.see"),
    ("notes.library", _l("Lessons"), "note.see"),
    ("follow_ups.index", _l("Follow-ups"), "follow_up.see_list"),
    ("vocabularies.index", _l("Vocabularies"), "vocabulary.edit"),
    ("forums.index", _l("Forum"), "forum.see"),
    ("messages.mine", _l("Your messages"), "message.see_own"),
    ("messages.index", _l("Messages"), "message.see"),
    ("reminders.index", _l("Reminders"), "reminder.see"),
    ("imports.index", _l("Imports"), "import.create"),
    ("dashboard.index", _l("Dashboard"), "dashboard.see"),
)
