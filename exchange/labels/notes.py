"""Words for what a note is assembled from, in the language of the note."""

from collections.abc import Callable
from enum import StrEnum

from flask_babel import force_locale

from exchange.config import LANGUAGES
from exchange.labels.choices import choice
from exchange.labels.fields import FIELDS


def words_in(language: str) -> Callable[[str], str]:
    """What gives the words for a code in ``language``; in English when we have no others."""
    spoken = language if language in LANGUAGES else "en"

    def words(code: str) -> str:
        with force_locale(spoken):
            return str(choice(code) if isinstance(code, StrEnum) else FIELDS[code])

    return words
