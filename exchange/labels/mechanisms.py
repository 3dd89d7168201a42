"""Words for mechanisms of learning, what they need and give, and events of other associations."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from exchange.mechanisms.models import Gives, MechanismKind

MECHANISM_CHOICES: dict[type[StrEnum], dict[str, LazyString]] = {
    MechanismKind: {
        "observatory": _l("Observatory"),
        "hub": _l("Hub"),
        "committee": _l("Committee"),
        "section": _l("Section"),
        "module": _l("Programme of learning modules"),
        "community": _l("Community of practice"),
    },
    Gives: {"needs": _l("Needs"), "offers": _l("Offers")},
}
MECHANISM_FIELDS: dict[str, LazyString] = {
    "event_partner": _l("Which organisation of ours takes part"),
    "event_place": _l("Place"),
    "event_title": _l("Title of the event"),
    "event_url": _l("Where more can be read"),
    "home_id": _l("Where it is at home"),
    "mechanism_active": _l("It is at work"),
    "mechanism_id": _l("Mechanism"),
    "mechanism_kind": _l("Kind"),
    "mechanism_need_text": _l("What exactly, and for whom"),
    "mechanism_need_title": _l("In one line"),
    "mechanism_side": _l("Does it need this, or offer it?"),
    "observatory_id": _l("In the register of observatories"),
    "offers": _l("Offers"),
    "organiser": _l("Who holds it"),
    "past": _l("Those that are over, too"),
    "practice_id": _l("Practice"),
    "review_on": _l("To be reviewed by"),
    "sleeping": _l("Those that are not at work, too"),
}
MECHANISM_HELP: dict[str, LazyString] = {
    "event_partner": _l("A clash is seen when a visit of the same organisation lies near."),
    "home_id": _l("Its coordinators answer for the mechanism."),
    "review_on": _l("After this day it expires, unless somebody renews it."),
}
