"""A note in several languages. The caller commits."""

from collections.abc import Mapping
from typing import Any

from exchange.config import LANGUAGES
from exchange.directory.models import Person
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.lessons.actions import require_open
from exchange.lessons.models import Note

WORDS = ("title", "summary")


def as_form(note: Note) -> dict[str, str]:
    """What is written in each language, by the fields of the form."""
    values = {}
    for code in LANGUAGES:
        own = code == note.language
        written = note.translations.get(code, {})
        for name in WORDS:
            values[f"{name}_{code}"] = getattr(note, name) if own else written.get(name, "")
    return values


def translate(note: Note, data: Mapping[str, Any], *, actor: Person) -> Note:
    """Keep title and summary in each language that is given; what is empty is left out.

    Those of the note's own language are the note's.

    :raises NotAllowed: ``note_closed``, it is not this person's turn to write.
    :raises Invalid: ``needed``, the note would lose its own title.
    """
    require_open(note, actor)
    found = dict(note.translations)
    for code in LANGUAGES:
        given = {name: str(data.get(f"{name}_{code}") or "").strip() for name in WORDS}
        if code != note.language:
            found[code] = {name: text for name, text in given.items() if text}
            continue
        if not given["title"]:
            raise Invalid(f"title_{code}", "title_needed")
        note.title, note.summary = given["title"], given["summary"]
    note.translations = {code: words for code, words in found.items() if words}
    db.session.flush()
    return note
