"""Words for the fields of every form, keyed by the name of the field; help where it is needed."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

FIELDS: dict[str, LazyString] = {
    "agendas": _l("Global agendas"),
    "available_from": _l("Possible from"),
    "available_until": _l("Possible until"),
    "budget_note": _l("Budget"),
    "contact_id": _l("Point of contact"),
    "country_code": _l("Country"),
    "email": _l("E-mail"),
    "expected_state": _l("State you saw"),
    "formats": _l("Formats"),
    "guests": _l("How many people"),
    "hosts_wanted": _l("How many hosts"),
    "interpretation": _l("Can work through an interpreter"),
    "kind": _l("Kind"),
    "language": _l("Language of the text"),
    "languages": _l("Working languages"),
    "level": _l("Level"),
    "mine": _l("Whose"),
    "name": _l("Name"),
    "note": _l("Note"),
    "organisation_id": _l("Organisation"),
    "page": _l("Page"),
    "password": _l("Password"),
    "places": _l("How many exchanges at once"),
    "population": _l("Inhabitants"),
    "q": _l("Search"),
    "sdg_targets": _l("SDG targets"),
    "sections": _l("Sections"),
    "short_name": _l("Short name"),
    "size": _l("Rows a page"),
    "sort": _l("Order"),
    "state": _l("State"),
    "text": _l("Text"),
    "themes": _l("Themes"),
    "title": _l("Title"),
    "trigger": _l("Step"),
    "visa_note": _l("Visa"),
    "website": _l("Website"),
}

HELP: dict[str, LazyString] = {
    "hosts_wanted": _l("With how many cities would you like to learn?"),
    "title": _l("One line that tells another city what this is about."),
}
