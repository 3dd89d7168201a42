"""A note in several languages. The caller commits."""

from collections.abc import Mapping
from typing import Any

from exchange import events, steps
from exchange.clock import today
from exchange.config import LANGUAGES
from exchange.directory.models import Person
from exchange.errors import Conflict, Invalid, NotAllowed
from exchange.extensions import db
from exchange.lessons.actions import require_insider, require_open
from exchange.lessons.models import Note
from exchange.lessons.translations import (
    NoteTranslation,
    mark_of,
    note_behind,
    original_text,
    translations_of,
)
from exchange.predicates import second_reader
from exchange.steps import Step
from workflows.note_translation import NOTE_TRANSLATION, NoteTranslationState

WORDS = ("title", "summary")


def languages_left(note: Note) -> list[str]:
    """The languages of the pages into which nobody translates the note yet."""
    taken = {note.language, *(row.language for row in translations_of(note))}
    return [code for code in LANGUAGES if code not in taken]


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

    Those of the note's own language are the note's; where the whole note is translated, title and
    summary come with the translation.

    :raises NotAllowed: ``note_closed``, it is not this person's turn to write.
    :raises Invalid: ``needed``, the note would lose its own title.
    """
    require_open(note, actor)
    found = dict(note.translations)
    for code in (note.language, *languages_left(note)):
        given = {name: str(data.get(f"{name}_{code}") or "").strip() for name in WORDS}
        if code != note.language:
            found[code] = {name: text for name, text in given.items() if text}
            continue
        if not given["title"]:
            raise Invalid(f"title_{code}", "title_needed")
        note.title, note.summary = given["title"], given["summary"]
    note.translations = {code: words for code, words in found.items() if words}
    note_behind(note)
    db.session.flush()
    return note


def begin(note: Note, data: Mapping[str, Any], *, actor: Person) -> NoteTranslation:
    """Begin a translation with the title and the summary that are there already.

    :param data: ``language``, and if they are known ``translator_id`` and ``reviewer_id``.
    :raises Invalid: ``language_taken``, it is the note's own or is begun; ``second_person``, who
        translates and who reads it are the same; ``not_an_insider``.
    """
    steps.lock(note)
    if data["language"] not in languages_left(note):
        raise Invalid("language", "language_taken")
    row = NoteTranslation(note=note, language=data["language"], translator_id=actor.id)
    known = note.translations.get(row.language, {})
    row.texts = {name: _passage(note, name, text) for name, text in known.items()}
    db.session.add(row)
    name_people(row, {"translator_id": actor.id, **data})
    events.publish("note_translation.begin", id=row.id)
    return row


def name_people(row: NoteTranslation, data: Mapping[str, Any]) -> NoteTranslation:
    """Say who translates and who reads it afterwards.

    :raises Invalid: ``second_person``, both are the same; ``not_an_insider``.
    """
    for name in ("translator_id", "reviewer_id"):
        if data.get(name) is not None and data[name] != getattr(row, name):
            require_insider(row.note.exchange, data[name], field=name)
        if name in data:
            setattr(row, name, data[name])
    if row.reviewer_id is not None and row.reviewer_id == row.translator_id:
        raise Invalid("reviewer_id", "second_person")
    db.session.flush()
    return row


def is_open(row: NoteTranslation, actor: Person | None) -> bool:
    """Whether it is this person's turn: the second reader corrects what is in review, and nothing
    before, so that two people have seen every word."""
    if row.state == NoteTranslationState.in_review:
        return second_reader(actor, row)
    return row.state == NoteTranslationState.drafting and not second_reader(actor, row)


def write(
    row: NoteTranslation, passage: str, text: str, *, actor: Person, seen: str | None = None
) -> NoteTranslation:
    """Write one passage; an empty text takes it out. It translates the original of this moment.

    :param seen: the mark of the translation that the writer started from.
    :raises Conflict: ``moved_on``, somebody else has changed this passage meanwhile.
    :raises NotAllowed: ``translation_closed``, it is not this person's turn to write.
    """
    steps.lock(row)
    _require_open(row, actor)
    if seen is not None and seen != mark_of(row.said(passage)):
        raise Conflict("moved_on", part=passage)
    kept = {name: one for name, one in row.texts.items() if name != passage}
    said = text.strip()
    row.texts = {**kept, passage: _passage(row.note, passage, said)} if said else kept
    db.session.flush()
    return row


def still_right(row: NoteTranslation, passage: str, *, actor: Person) -> NoteTranslation:
    """Say that a passage needs no other words although its original has changed.

    :raises NotAllowed: ``translation_closed``.
    """
    return write(row, passage, row.said(passage), actor=actor)


def advance_translation(
    row: NoteTranslation,
    trigger: str,
    *,
    actor: Person | None,
    note: str = "",
    expected_state: str | None = None,
) -> Step:
    """Move a translation one step. Publishing gives readers the text of this moment.

    :raises TransitionRefused: it cannot go there now, with the facts missing.
    """
    step = steps.advance(
        NOTE_TRANSLATION, row, trigger, actor=actor, note=note, expected_state=expected_state
    )
    if trigger == "publish":
        _release(row)
    return step


def _release(row: NoteTranslation) -> None:
    row.released = {name: row.texts[name] for name in row.asked}
    row.published_on, row.behind_since = row.published_on or today(), None
    # Lists and cards show the title and the summary in the reader's language.
    steps.lock(row.note)
    words = {name: row.said(name) for name in WORDS if row.said(name)}
    row.note.translations = {**row.note.translations, row.language: words}
    db.session.flush()


def _require_open(row: NoteTranslation, actor: Person) -> None:
    if not is_open(row, actor):
        raise NotAllowed("translation_closed")


def _passage(note: Note, name: str, text: str) -> dict[str, str]:
    return {"text": text, "of": mark_of(original_text(note, name))}
