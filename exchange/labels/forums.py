"""Words for what people write about the editions of the Learning Forum, and what follows them."""

from enum import StrEnum

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from exchange.forums.items import ItemKind, Met

FORUM_CHOICES: dict[type[StrEnum], dict[str, LazyString]] = {
    ItemKind: {
        "expectation": _l("Expectation"),
        "need": _l("Need"),
        "offer": _l("Offer"),
        "challenge": _l("Challenge"),
        "recommendation": _l("Recommendation"),
    },
    Met: {"met": _l("Met"), "partly": _l("Partly"), "not_met": _l("Not met")},
}

FORUM_FIELDS: dict[str, LazyString] = {
    "expectation_text": _l("What do you want from this forum?"),
    "expected_result": _l("By which result will you know that it was worth it?"),
    "forum_is_public": _l("Everybody may read the programme and what became of it"),
    "guest_name": _l("Your name"),
    "guest_organisation": _l("Your city or organisation"),
    "guests_waiting": _l("Only those who are not here yet"),
    "item_key": _l("Key of this note"),
    "item_kind": _l("What is it?"),
    "item_text": _l("In your words"),
    "room_code": _l("Code of the room"),
    "rules_en": _l("Ground rules in English"),
    "rules_es": _l("Ground rules in Spanish"),
    "rules_fr": _l("Ground rules in French"),
    "rules_pt": _l("Ground rules in Portuguese"),
    "session_id": _l("Session"),
    "verdict": _l("Was it met?"),
    "verdict_note": _l("What came of it, or what was missing"),
    "shift_minutes": _l("Minutes later (with a minus: earlier)"),
}
FORUM_HELP: dict[str, LazyString] = {
    "room_code": _l("Eight letters and digits; they stand on the screen of the room."),
}
