"""Words for the translation of a note: its passages, and what its forms ask."""

from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from exchange.labels.choices import choice
from exchange.lessons.models import NotePart

PASSAGE_FIELDS: dict[str, LazyString] = {
    "into_language": _l("Into which language"),
    "second_reader": _l("Second reader"),
    "translated_text": _l("Translation"),
    "translator_id": _l("Translator"),
}
PASSAGE_HELP: dict[str, LazyString] = {
    "second_reader": _l("Reads it before it comes out: never whoever translates."),
}
_AROUND: dict[str, LazyString] = {"title": _l("Title"), "summary": _l("Summary")}


def passage(name: str) -> LazyString | str:
    """The words for a passage: the title, the summary, or a part of the note."""
    return _AROUND[name] if name in _AROUND else choice(NotePart(name))
