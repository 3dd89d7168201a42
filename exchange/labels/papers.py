"""The words around the texts of a note, on paper and where it is cited."""

from enum import StrEnum

from flask_babel import force_locale
from flask_babel import gettext as _

from exchange.config import LANGUAGES
from exchange.labels.choices import choice
from exchange.lessons.citing import Cited, as_line
from exchange.lessons.printing import Frame


def frame_in(language: str, number: int | None) -> Frame:
    """The words of the frame in ``language``; in English when we have no others."""
    spoken = language if language in LANGUAGES else "en"

    def say(code: StrEnum) -> str:
        with force_locale(spoken):
            return str(choice(code))

    with force_locale(spoken):
        return Frame(
            say=say,
            number=_("Peer-Learning Note %(number)s", number=number),
            partners=_("Partners of this exchange"),
            photos=_("Photos"),
            cite=_("How to cite this note"),
            publisher=_("United Cities and Local Governments"),
        )


def line_in(language: str, source: Cited) -> str:
    """The citation as a line for readers of ``language``."""
    frame = frame_in(language, source.number)
    return as_line(source, frame.number, frame.publisher)
