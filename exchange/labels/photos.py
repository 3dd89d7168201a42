"""Words of photos: what is said of them, and who is shown."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

PHOTO_FIELDS: dict[str, LazyString] = {
    "photo": _l("Photo"),
    "photo_description": _l("What is to be seen"),
    "photo_credit": _l("Who took it"),
    "photo_people": _l("Which participants can be recognised?"),
    "photo_consent": _l("Others can be recognised, and they agree that it is published"),
    "photo_agrees": _l("It may be shown"),
    "photo_nobody": _l("Nobody can be recognised"),
}
PHOTO_HELP: dict[str, LazyString] = {
    "photo": _l(
        "A JPEG, PNG or WebP picture. It is made smaller, and the place it was taken at is left "
        "out."
    ),
    "photo_people": _l("Each is asked by mail. The photo is shown only while all of them agree."),
    "photo_description": _l("For readers who cannot see it, or whose line is slow."),
}
