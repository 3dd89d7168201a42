"""The words of a practice as searches compare them: folded, and the plural is the singular.

Four short tables of endings, in the way of the light stemmers that Savoy measured: enough that
"marchés" finds "marché", and the same on both databases, of which SQLite knows the endings of
English alone and PostgreSQL those of words with their accents.
"""

import re
from collections.abc import Iterable

from exchange.listing import folded

SHORTEST = 4
# language → (ending of a folded plural, ending of its singular); the first that fits is taken
PLURALS: dict[str, tuple[tuple[str, str], ...]] = {
    "en": (("sses", "ss"), ("ies", "y"), ("ches", "ch"), ("shes", "sh"), ("xes", "x"), ("s", "")),
    "fr": (("eaux", "eau"), ("aux", "al"), ("eux", "eu"), ("s", "")),
    "es": (("ces", "z"), ("s", "")),
    "pt": (("oes", "ao"), ("aes", "ao"), ("ais", "al"), ("eis", "el"), ("ois", "ol"), ("ns", "m"),
           ("s", "")),
}  # fmt: skip
# They look like a plural and are none.
SINGULAR = {"en": re.compile(r".*(ss|us|is)"), "es": re.compile(r"..is"), "pt": re.compile(r"..is")}
# Here a plural adds "es" to a consonant and "s" to an e: without the e both are one.
FINAL_E = ("es", "pt")


def singular(word: str, language: str) -> str:
    """The singular of a folded word, as far as its ending tells."""
    known = SINGULAR.get(language)
    if len(word) < SHORTEST or (known and known.fullmatch(word)):
        return word
    for plural, single in PLURALS.get(language, ()):
        if word.endswith(plural) and len(word) > len(plural) + 1:
            word = word[: -len(plural)] + single
            break
    short = language in FINAL_E and len(word) >= SHORTEST and word.endswith("e")
    return word[:-1] if short else word


def compared(text: str, language: str) -> list[str]:
    """The words of ``text``, folded and in the singular of ``language``."""
    return [singular(word, language) for word in re.findall(r"[^\W_]+", folded(text))]


def joined(texts: Iterable[str], language: str) -> str:
    """What the index keeps of ``texts``."""
    return " ".join(word for text in texts for word in compared(text, language))
