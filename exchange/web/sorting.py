"""The order of words in the reader's language."""

import re
import unicodedata

from exchange import edge
from exchange.listing import folded

# Letters of their own, that stand after the letter they look like: Spanish has ñ after n.
OWN_LETTERS = {"es": {"ñ": "n\uffff"}}


def place_of(text: str, language: str | None = None) -> tuple[str, str]:
    """What to sort ``text`` by: accents, case, hyphens and apostrophes count only among words that
    are otherwise alike, as dictionaries of English, French, Spanish and Portuguese have it."""
    own = OWN_LETTERS.get(language or edge.current_language(), {})
    lower = unicodedata.normalize("NFC", text).lower()
    written = "".join(own.get(letter, letter) for letter in lower)
    return re.sub(r"['’\-‑ ]", "", folded(written)), lower
