"""What a page says for each answer of a web server that is no page: a title and what to do."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

STATUSES: dict[int, tuple[LazyString, LazyString]] = {
    400: (
        _l("This could not be read"),
        _l("Your browser sent something that we could not read. Go back, reload, send again."),
    ),
    401: (_l("Please sign in"), _l("This page is for people who have signed in.")),
    403: (
        _l("Not allowed"),
        _l(
            "Your account does not allow this. "
            "A coordinator of your organisation or the CGLU-UCLG team can help."
        ),
    ),
    404: (_l("Not found"), _l("There is nothing here, or nothing that you may see.")),
    405: (
        _l("Not possible here"),
        _l("This address cannot be used in this way. Start again from the page before."),
    ),
    409: (
        _l("This has moved on"),
        _l("This has moved on while you were looking. Here is how it stands now."),
    ),
    410: (
        _l("This is no longer here"),
        _l("It was here and has been removed, or the link has been used or is too old."),
    ),
    413: (
        _l("This is too large"),
        _l("What you sent is larger than we take. Send a smaller file, or send it in parts."),
    ),
    422: (_l("Please correct"), _l("Some fields need your attention.")),
    429: (_l("Too many tries"), _l("Please wait a few minutes, then try again.")),
    500: (
        _l("Something went wrong"),
        _l("Something went wrong on our side. Nothing was half-saved."),
    ),
    503: (
        _l("Not available for a moment"),
        _l("We cannot serve this at this moment. Please try again in a minute."),
    ),
}


def of_status(code: int | None) -> tuple[LazyString, LazyString]:
    """The title and the text for a status; for a rare one, those of its kind."""
    if code in STATUSES:
        return STATUSES[code]
    return STATUSES[400 if code and 400 <= code < 500 else 500]
