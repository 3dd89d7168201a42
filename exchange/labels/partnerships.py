"""Words for partnerships: what is signed, what each side has from it, what a pair writes."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from exchange.partnerships.models import AgreementKind, BenefitKind

PARTNERSHIP_CHOICES: dict[type[StrEnum], dict[str, LazyString]] = {
    AgreementKind: {
        "memorandum": _l("Memorandum of understanding"),
        "convention": _l("Convention"),
        "technical": _l("Technical agreement"),
        "coordination": _l("Coordination agreement"),
        "other": _l("Other"),
    },
    BenefitKind: {
        "policy": _l("Policy"),
        "service": _l("Service"),
        "skills": _l("Skills"),
        "visibility": _l("Visibility"),
        "staff": _l("Staff"),
        "other": _l("Other"),
    },
}
PARTNERSHIP_FIELDS: dict[str, LazyString] = {
    "agreement_kind": _l("Kind of agreement"),
    "benefit_kind": _l("Kind of benefit"),
    "done_on": _l("Done on"),
    "first_city_id": _l("First city"),
    "held_on": _l("Held on"),
    "pair_name": _l("Name, if it is not that of its cities"),
    "partnership_lead": _l("Who leads it"),
    "second_city_id": _l("Second city"),
    "sheet_challenges": _l("Challenges"),
    "sheet_context": _l("Context"),
    "sheet_lessons": _l("Lessons"),
    "sheet_next_steps": _l("Next steps"),
    "sheet_objectives": _l("Objectives"),
    "sheet_results": _l("Results"),
    "sheets_until": _l("Sheets until"),
    "nobody_named": _l("What is shown names no person, or those named have agreed"),
    "show_agreements": _l("What was signed"),
    "show_benefits": _l("What each side has from it"),
    "show_cities": _l("The names of the cities"),
    "show_funders": _l("The names of the funders"),
    "show_it": _l("Everybody may read this partnership"),
    "show_phases": _l("The phases"),
    "signed_on": _l("Signed on"),
    "who_benefits": _l("Which side has it"),
    "who_does_it": _l("Who does it"),
}
