"""The pages of the observatory: practices for everybody, and the desk where they are written."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.config import LANGUAGES
from exchange.edge import access
from exchange.errors import NotFound
from exchange.lessons.models import Note
from exchange.practices import actions, queries
from exchange.practices.models import CitySize, Practice
from exchange.practices.schemas import (
    PracticeEditSchema,
    PracticeFilter,
    PracticeSchema,
    PracticeTextSchema,
)
from exchange.steps import steps_of
from exchange.transaction import transaction
from exchange.web import reuse
from exchange.web.forms import Form, filters
from exchange.web.moves import move
from exchange.web.options import of_enum
from exchange.web.prefixes import PREFIX
from workflows.practice import PracticeState

pages = Blueprint("practices", __name__)
pages.add_app_template_global(lambda: of_enum(CitySize), "city_sizes")
# Staff find here what waits for them: visitors see what is published.
USUAL = {"state": PracticeState.published}


@pages.get(f"{PREFIX}/practices")
@access("practice.see")
def index() -> Any:
    """The observatory: found by words, narrowed by facets."""
    chosen = filters(PracticeFilter())
    query = policy.scoped(Practice, edge.actor())
    found = queries.find(query, {**USUAL, **chosen}, edge.current_language())
    return render_template(
        "practices/list.html", page=found.page, counts=found.counts, chosen=chosen
    )


@pages.get(f"{PREFIX}/practices/<int:id>")
@access("practice.see", Practice, load=queries.whole)
def show(practice: Practice) -> Any:
    """One practice; ``beside`` is a second language, read side by side."""
    second = practice.text_in(request.args.get("beside", ""))
    inside = policy.allowed(edge.actor(), "practice.edit", practice)
    return render_template(
        "practices/show.html",
        practice=practice,
        text=practice.said(edge.current_language()),
        second=second,
        steps=steps_of("practice", practice.id) if inside else [],
        **reuse.facts(practice),
    )


@pages.get("/practices/<int:id>")
@access("practice.see", Practice)
def follow(practice: Practice) -> Any:
    """A practice, in the reader's language: mails lead here."""
    return redirect(url_for("practices.show", id=practice.id))


@pages.route("/practices/new", methods=["GET", "POST"])
@access("practice.create")
def create() -> Any:
    """Write a practice."""
    form = Form(PracticeSchema(), initial={"language": edge.current_language()})
    practice = form.submit(lambda data: actions.create(data, actor=edge.signed_in()))
    if practice is None:
        return render_template("practices/edit.html", form=form, practice=None), form.status
    flash(_("Saved as a draft. Propose it when it is ready."))
    return redirect(url_for("practices.show", id=practice.id))


@pages.route("/practices/<int:id>/edit", methods=["GET", "POST"])
@access("practice.edit", Practice, load=queries.whole)
def edit(practice: Practice) -> Any:
    """Change a practice."""
    form = Form(PracticeEditSchema(), practice, initial=actions.as_form(practice))
    done = form.submit(lambda data: actions.edit(practice, data, actor=edge.signed_in()))
    if done is None:
        return render_template("practices/edit.html", form=form, practice=practice), form.status
    flash(_("Saved."))
    return redirect(url_for("practices.show", id=practice.id))


@pages.route("/practices/<int:id>/texts/<language>", methods=["GET", "POST"])
@access("practice.edit", Practice, load=queries.whole)
def translate(practice: Practice, language: str) -> Any:
    """Write a practice in one more language, the first one beside it."""
    if language not in LANGUAGES:
        raise NotFound("not_found", noun="language", id=language)
    form = Form(PracticeTextSchema(), practice.text_in(language))
    done = form.submit(lambda data: actions.translate(practice, language, data))
    if done is None:
        facts = {"form": form, "practice": practice, "written_in": language}
        return render_template("practices/text.html", **facts), form.status
    flash(_("Saved."))
    return redirect(url_for("practices.show", id=practice.id, lang=language))


@pages.post("/practices/<int:id>/move")
@access("practice.see", Practice)
def step(practice: Practice) -> Any:
    """Move a practice one step."""
    move("practice", practice, actions.advance_practice, request.form)
    return redirect(url_for("practices.show", id=practice.id))


@pages.post("/notes/<int:id>/practice")
@access("practice.take_from_note", Note)
def from_note(note: Note) -> Any:
    """Make a practice of a published note; the one it was made before, if any."""
    with transaction():
        row_id = actions.from_note(note, actor=edge.signed_in()).id
    return redirect(url_for("practices.show", id=row_id))
