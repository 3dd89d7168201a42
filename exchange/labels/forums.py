"""Words for what people write about the editions of the Learning Forum, and what follows them."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

FORUM_FIELDS: dict[str, LazyString] = {
    "forum_is_public": _l("Everybody may read the programme and what became of it"),
    "guest_name": _l("Your name"),
    "guest_organisation": _l("Your city or organisation"),
    "guests_waiting": _l("Only those who are not here yet"),
    "room_code": _l("Code of the room"),
    "rules_en": _l("Ground rules in English"),
    "rules_es": _l("Ground rules in Spanish"),
    "rules_fr": _l("Ground rules in French"),
    "rules_pt": _l("Ground rules in Portuguese"),
    "shift_minutes": _l("Minutes later (with a minus: earlier)"),
}
FORUM_HELP: dict[str, LazyString] = {
    "room_code": _l("Eight letters and digits; they stand on the screen of the room."),
}
