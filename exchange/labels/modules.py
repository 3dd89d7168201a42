"""Words for learning modules, and for the topics that they should take up."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from exchange.dashboards.agendas import Side
from exchange.modules.models import DeliveryKind, Depth, Part

MODULE_CHOICES: dict[type[StrEnum], dict[str, LazyString]] = {
    Side: {
        "challenges": _l("Challenges"),
        "needs": _l("Needs"),
        "offers": _l("Offers"),
        "topics": _l("Topics for modules"),
        "modules": _l("Learning modules"),
        "recommendations": _l("Recommendations"),
    },
    Depth: {
        "introduction": _l("Introduction"),
        "application": _l("From fundamentals to action"),
        "trainers": _l("For those who train others"),
    },
    Part: {
        "lead": _l("Lead"),
        "content": _l("Content"),
        "training": _l("Training"),
        "funding": _l("Funding"),
        "pilot": _l("Pilot"),
        "example": _l("Example it learns from"),
    },
    DeliveryKind: {
        "training_of_trainers": _l("Training of trainers"),
        "training": _l("Training"),
    },
}
MODULE_FIELDS: dict[str, LazyString] = {
    "delivery_kind": _l("Training of trainers, or training"),
    "depth": _l("How far it goes"),
    "evaluation_mean": _l("Evaluation, mean from 1 to 5"),
    "given_in": _l("Language it was given in"),
    "men": _l("Men"),
    "module_id": _l("Module that takes it up"),
    "module_organisation": _l("Organisation"),
    "module_part": _l("What it does for the module"),
    "participants": _l("Participants"),
    "released_on": _l("Day of this version"),
    "topic_text": _l("Why, and what it should teach"),
    "topic_title": _l("What should a module be about?"),
    "version_changes": _l("What is different in it"),
    "version_languages": _l("Languages it exists in"),
    "version_number": _l("Number of the version"),
    "women": _l("Women"),
}
MODULE_HELP: dict[str, LazyString] = {
    "module_id": _l("Leave it empty to make a new one."),
    "participants": _l("Leave it empty if nobody counted."),
    "version_number": _l("For example 1.0."),
}
