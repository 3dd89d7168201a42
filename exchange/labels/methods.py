"""Words for the method library, its pilots and the laboratories that try methods."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from exchange.labels.labs import LAB_FIELDS, LAB_HELP
from exchange.methods.models import Decision

METHOD_CHOICES: dict[type[StrEnum], dict[str, LazyString]] = {
    Decision: {"keep": _l("Keep it"), "adapt": _l("Adapt it"), "drop": _l("Drop it")},
}
METHOD_FIELDS: dict[str, LazyString] = {
    **LAB_FIELDS,
    "decision": _l("What was decided"),
    "hypothesis": _l("What you expect, and how you will know"),
    "max_days": _l("Days at most"),
    "max_people": _l("People at most"),
    "method_format": _l("Format it describes"),
    "method_from": _l("Who proposes it"),
    "method_links": _l("Templates and pages to read"),
    "method_source": _l("Where the numbers come from"),
    "method_templates": _l("Templates"),
    "min_days": _l("Days at least"),
    "min_people": _l("People at least"),
    "months_long": _l("Months, when it lasts long"),
    "pilot_by": _l("Who tries it"),
    "pilot_exchange": _l("Exchange in which it is tried"),
    "pilot_title": _l("What is tried, in a few words"),
    "steps_en": _l("Steps in English"),
    "steps_es": _l("Steps in Spanish"),
    "steps_fr": _l("Steps in French"),
    "steps_pt": _l("Steps in Portuguese"),
}
METHOD_HELP: dict[str, LazyString] = {
    **LAB_HELP,
    "hypothesis": _l("For example: with a day of preparation online, hosts get better questions."),
    "method_links": _l("One a line: language, address, title. For example: fr https://… Guide"),
    "steps_en": _l("One step a line. One language is enough."),
}
