"""Words for what people write about practices and what comes of them."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from exchange.practices.models import CitySize, HarvestProblem

PRACTICE_FIELDS: dict[str, LazyString] = {
    "innovative": _l("Innovation"),
    "practice_innovative": _l("Innovation"),
    "adapted": _l("What you made different"),
    "changed": _l("What changed in your city"),
    "agenda": _l("Global agenda"),
    "city_size": _l("Size of the city"),
    "expertise_languages": _l("Languages in which you share it"),
    "expertise_text": _l("What you know and would share"),
    "harvest_url": _l("Address of its records"),
    "nightly": _l("Look at its address every night"),
    "observatory": _l("Observatory"),
    "practice_summary": _l("What was done, in short"),
    "practice_text": _l("The whole story"),
    "records": _l("Records"),
    "rights": _l("Rights, shown with each practice"),
    "sdg_goals": _l("Sustainable Development Goals"),
    "practice_url": _l("Where more can be read"),
    "trusted": _l("Publish its records as they come"),
}
PRACTICE_HELP: dict[str, LazyString] = {
    "innovative": _l("It is about a way that is new, or that a city is first to try."),
    "practice_innovative": _l("It was a way that was new, or that the city was first to try."),
    "expertise_text": _l(
        "What you have done yourself, where, and how you could help: a talk, a visit, advice."
    ),
    "harvest_url": _l("An OAI-PMH address or a file of Dublin Core records, with https."),
    "practice_summary": _l("The problem, what the city did, and what came of it."),
    "practice_text": _l("Who took part, what it cost, what failed on the way."),
    "records": _l("Paste them here; leave it empty to fetch them from the address."),
}
PRACTICE_CHOICES: dict[type[StrEnum], dict[str, LazyString]] = {
    CitySize: {
        "small": _l("Small city"),
        "intermediary": _l("Intermediary city"),
        "metropolitan": _l("Metropolitan city"),
        "unknown": _l("Not known"),
    },
    HarvestProblem: {
        "not_https": _l("the address does not begin with https"),
        "not_public": _l("the address is not one of the public network"),
        "no_answer": _l("there was no answer"),
        "too_big": _l("the answer is too big"),
        "no_xml": _l("what came is not XML"),
        "no_records": _l("there are no records in what came"),
        "declares_a_type": _l("what came declares a document type, which is not read"),
    },
}
