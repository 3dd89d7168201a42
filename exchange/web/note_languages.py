"""A note in several languages side by side: its title and its summary."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.config import LANGUAGES
from exchange.edge import access
from exchange.lessons import actions, translating
from exchange.lessons.models import Note
from exchange.lessons.schemas import NoteLanguagesSchema
from exchange.web.forms import Form

pages = Blueprint("note_languages", __name__)


@pages.route("/notes/<int:id>/languages", methods=["GET", "POST"])
@access("note.edit", Note)
def edit(note: Note) -> Any:
    """Write title and summary in further languages."""
    actions.require_open(note, edge.actor())
    form = Form(NoteLanguagesSchema(), note, initial=translating.as_form(note))
    done = form.submit(lambda data: translating.translate(note, data, actor=edge.signed_in()))
    if done is None:
        sides = [note.language, *translating.languages_left(note)]
        facts = {"sides": [code for code in LANGUAGES if code in sides], "note": note}
        return render_template("notes/languages.html", form=form, **facts), form.status
    flash(_("Saved."))
    return redirect(url_for("notes.show", id=note.id))
