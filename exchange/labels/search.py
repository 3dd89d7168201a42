"""Words for what is found: the nouns of search, in the order in which they are shown."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

SEARCHED: dict[str, LazyString] = {
    "exchange": _l("Exchanges"),
    "need": _l("Needs"),
    "offer": _l("Offers"),
    "note": _l("Lessons"),
    "practice": _l("Practices"),
    "visit": _l("Visits"),
    "organisation": _l("Organisations"),
    "person": _l("People"),
    "forum": _l("Forum"),
    "congress": _l("Congresses"),
    "forum_item": _l("Notes of forums"),
    "recommendation": _l("Recommendations"),
    "strategy": _l("Learning strategies"),
    "challenge": _l("Challenges"),
    "module_topic": _l("Topics for modules"),
    "module": _l("Learning modules"),
    "method": _l("Methods"),
    "lab": _l("Local laboratories"),
    "mechanism": _l("Mechanisms"),
    "partnership": _l("Partnerships"),
}
