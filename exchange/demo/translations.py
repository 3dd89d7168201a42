"""A note of the demonstration in four languages: one out, one in review, one being written."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import select

from exchange.demo.closing import EXAMPLE
from exchange.demo.history import known_exchanges
from exchange.demo.network import Network
from exchange.demo.read import read
from exchange.extensions import db
from exchange.labels.notes import words_in
from exchange.lessons import actions, crediting, translating
from exchange.lessons.assemble import Assembly
from exchange.lessons.models import Note, NotePart
from exchange.lessons.photos import published_with
from exchange.lessons.translations import NoteTranslation
from workflows.note_translation import NoteTranslationState

# Facts of the exchange: in another language they are assembled anew, not translated.
FACTS = (NotePart.heading, NotePart.credits, NotePart.tags)
# The moves that bring a translation to the state that the file says.
WAY = {
    NoteTranslationState.drafting: (),
    NoteTranslationState.in_review: ("submit",),
    NoteTranslationState.published: ("submit", "publish"),
}


def load_translations(network: Network) -> None:
    """Write texts, credits, cover and translations of the note, unless it is translated already."""
    data = read("translations")
    note = known_exchanges()[data["exchange"]].note
    if note is None or _is_there(note):
        return
    _write_original(note, data, network)
    for row in data["credit"]:
        _credit(note, row, network)
    for photo in published_with(note)[:1]:
        crediting.choose_cover(note, photo.id, actor=network.officer)
    # What is being drafted translates the original as it was; the others what it says later.
    rows = sorted(data["translation"], key=lambda row: row["state"] != "drafting")
    for row in rows:
        if row["state"] != "drafting":
            actions.edit_note(note, {"parts": data["later"]}, actor=network.officer)
        _translation(note, row, network)


def _is_there(note: Note) -> bool:
    query = select(NoteTranslation.id).where(NoteTranslation.note_id == note.id)
    return db.session.scalars(query).first() is not None


def _write_original(note: Note, data: Mapping[str, Any], network: Network) -> None:
    texts = {**data["original"], NotePart.introduction: EXAMPLE[data["language"]]}
    summary = texts.pop("summary")
    parts = {part: texts.get(part, "") for part in NotePart if part not in FACTS}
    actions.edit_note(note, {"summary": summary, "parts": parts}, actor=network.officer)


def _credit(note: Note, row: Mapping[str, Any], network: Network) -> None:
    """The name of an account is a role: nobody is named who was not asked."""
    person = network.people[row["account"]]
    named = {"name": person.name, "role": crediting.CreditRole(row["role"]), "consent": True}
    crediting.credit(note, named, actor=network.officer)


def _translation(note: Note, row: Mapping[str, Any], network: Network) -> None:
    translator, reader = network.officer, network.people["administrator"]
    people = {"translator_id": translator.id, "reviewer_id": reader.id}
    made = translating.begin(note, {"language": row["language"], **people}, actor=translator)
    facts = Assembly(note.exchange, row["language"], words_in(row["language"]))
    texts = {NotePart.introduction: EXAMPLE[row["language"]], **row["text"]}
    for passage in row.get("only", made.asked):
        text = facts.part(NotePart(passage)) if passage in FACTS else texts[passage]
        translating.write(made, passage, text, actor=translator)
    for trigger in WAY[NoteTranslationState(row["state"])]:
        actor = translator if trigger == "submit" else reader
        translating.advance_translation(made, trigger, actor=actor)
