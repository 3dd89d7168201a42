"""The desk of a translation: every passage beside its original."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.edge import access
from exchange.errors import NotFound
from exchange.labels.passages import passage as passage_name
from exchange.lessons import translating
from exchange.lessons.models import Note
from exchange.lessons.schemas import PassageSchema, TranslationSchema, TranslatorsSchema, offering
from exchange.lessons.translations import (
    PASSAGES,
    NoteTranslation,
    mark_of,
    original_text,
)
from exchange.steps import steps_of
from exchange.transaction import transaction
from exchange.web.forms import Form
from exchange.web.moves import move

pages = Blueprint("note_translations", __name__)


@pages.route("/notes/<int:id>/translations/new", methods=["GET", "POST"])
@access("note_translation.begin", Note)
def create(note: Note) -> Any:
    """Begin the translation of a note into one more language."""
    people = f"insiders_of:{note.exchange_id}"
    lists = {
        "translator_id": people,
        "reviewer_id": people,
        "language": f"languages_left:{note.id}",
    }
    actor = edge.signed_in()
    form = Form(offering(TranslationSchema(), **lists), initial={"translator_id": actor.id})
    row = form.submit(lambda data: translating.begin(note, data, actor=actor))
    if row is None:
        return _people(form, note, _("Translate this note"), url_for("notes.show", id=note.id))
    flash(_("The translation is begun. Each passage stands beside its original."))
    return redirect(url_for("note_translations.show", id=row.id))


@pages.get("/notes/translations/<int:id>")
@access("note_translation.see", NoteTranslation)
def show(row: NoteTranslation) -> Any:
    """All passages side by side: how far it is, and what has changed since."""
    return render_template(
        "notes/translation.html",
        row=row,
        note=row.note,
        original=original_text,
        called=passage_name,
        writes=_writes(row),
        steps=steps_of("note_translation", row.id),
    )


@pages.route("/notes/translations/<int:id>/people", methods=["GET", "POST"])
@access("note_translation.name", NoteTranslation)
def people(row: NoteTranslation) -> Any:
    """Say who translates, and who reads it afterwards."""
    inside = f"insiders_of:{row.note.exchange_id}"
    schema = offering(TranslatorsSchema(), translator_id=inside, reviewer_id=inside)
    form = Form(schema, row)
    back = url_for("note_translations.show", id=row.id)
    if form.submit(lambda data: translating.name_people(row, data)) is None:
        return _people(form, row.note, _("Translator and second reader"), back)
    flash(_("Saved."))
    return redirect(back)


@pages.route("/notes/translations/<int:id>/passages/<passage>", methods=["GET", "POST"])
@access("note_translation.write", NoteTranslation)
def write(row: NoteTranslation, passage: str) -> Any:
    """Write one passage beside its original."""
    _known(row, passage)
    if not _writes(row):
        return redirect(url_for("note_translations.show", id=row.id))
    initial = {"text": row.said(passage), "seen": mark_of(row.said(passage))}
    form = Form(PassageSchema(), initial=initial)
    done = form.submit(
        lambda data: translating.write(
            row, passage, data["text"], actor=edge.signed_in(), seen=data.get("seen")
        )
    )
    if done is None:
        facts = {"form": form, "row": row, "note": row.note, "passage": passage}
        told = {"original": original_text(row.note, passage), "title": passage_name(passage)}
        return render_template("notes/passage.html", **facts, **told), form.status
    flash(_("Saved."))
    return redirect(_next(row, passage))


@pages.post("/notes/translations/<int:id>/passages/<passage>/still-right")
@access("note_translation.write", NoteTranslation)
def still_right(row: NoteTranslation, passage: str) -> Any:
    """Say that a passage still says what the original says."""
    _known(row, passage)
    with transaction():
        translating.still_right(row, passage, actor=edge.signed_in())
    flash(_("Noted."))
    return redirect(url_for("note_translations.show", id=row.id, _anchor=passage))


@pages.post("/notes/translations/<int:id>/move")
@access("note_translation.see", NoteTranslation)
def step(row: NoteTranslation) -> Any:
    """Move a translation one step."""
    move("note_translation", row, translating.advance_translation, request.form)
    return redirect(url_for("note_translations.show", id=row.id))


def _next(row: NoteTranslation, passage: str) -> str:
    """The next passage that waits, for whoever asked for it; else the desk."""
    after = PASSAGES[PASSAGES.index(passage) + 1 :]
    waiting = [name for name in after if name in (*row.missing, *row.changed)]
    if "next" in request.form and waiting:
        return url_for("note_translations.write", id=row.id, passage=waiting[0])
    return url_for("note_translations.show", id=row.id, _anchor=passage)


def _writes(row: NoteTranslation) -> bool:
    actor = edge.actor()
    may = policy.allowed(actor, "note_translation.write", row)
    return may and translating.is_open(row, actor)


def _known(row: NoteTranslation, passage: str) -> None:
    """:raises NotFound: the original has no such passage."""
    if passage not in row.asked:
        raise NotFound("not_found", noun="note_translation", id=passage)


def _people(form: Form, note: Note, title: str, back: str) -> Any:
    facts = {"form": form, "note": note, "title": title, "back": back}
    return render_template("notes/translators.html", **facts), form.status
