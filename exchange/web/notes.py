"""The pages of peer-learning notes: the public library, and the desk where they are written."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.edge import access
from exchange.errors import NotFound
from exchange.exchanges.models import Exchange
from exchange.labels.notes import words_in
from exchange.labels.passages import passage as passage_name
from exchange.lessons import actions, queries, translating
from exchange.lessons.models import Note, NotePart
from exchange.lessons.photos import published_with
from exchange.lessons.schemas import (
    AssembleSchema,
    DisseminationSchema,
    LibraryFilter,
    NoteFilter,
    NoteSchema,
    PartSchema,
    offering,
)
from exchange.lessons.translations import translations_of
from exchange.listing import page_of
from exchange.steps import steps_of
from exchange.transaction import transaction
from exchange.web import note_papers
from exchange.web.forms import Form, filters
from exchange.web.moves import move
from exchange.web.prefixes import PREFIX

pages = Blueprint("notes", __name__)
NEWEST = {"sort": "-published"}


@pages.get(f"{PREFIX}/lessons")
@access("note.see")
def library() -> Any:
    """The published notes, for everybody."""
    chosen = filters(LibraryFilter())
    query = queries.listed(queries.published(), chosen)
    page = page_of(query, {**NEWEST, **chosen}, queries.NOTE_SORTS)
    return render_template("notes/library.html", page=page, chosen=chosen)


@pages.get(f"{PREFIX}/lessons/<slug>")
@access("note.see")
def read(slug: str) -> Any:
    """One published note, for everybody."""
    note = queries.published_as(slug)
    if note is None:
        raise NotFound("not_found", noun="note", id=slug)
    if note.slug != slug:  # the number is the same, the words were others once
        return redirect(url_for("notes.read", slug=note.slug), 301)
    return render_template(
        "notes/read.html",
        note=note,
        parts=NotePart,
        countries=queries.countries_of(note),
        called=passage_name,
        photos=published_with(note),
        **note_papers.facts(note, edge.current_language()),
    )


@pages.get("/notes")
@access("note.see_drafts")
def index() -> Any:
    """The notes that the reader may see, those in the making too."""
    chosen = filters(NoteFilter())
    query = queries.listed(policy.scoped(Note, edge.actor()), chosen)
    page = page_of(query, {"sort": "-since", **chosen}, queries.NOTE_SORTS)
    return render_template("notes/list.html", page=page, chosen=chosen)


@pages.get("/notes/<int:id>")
@access("note.see_inside", Note)
def show(note: Note) -> Any:
    """The desk of a note: its parts, who writes, what is missing."""
    return render_template(
        "notes/show.html",
        note=note,
        parts=NotePart,
        writes=policy.allowed(edge.actor(), "note.edit", note)
        and actions.is_open(note, edge.actor()),
        steps=steps_of("note", note.id),
        translations=translations_of(note),
        languages_left=translating.languages_left(note),
    )


@pages.post("/exchanges/<int:id>/note")
@access("exchange.draft_note", Exchange)
def begin(exchange: Exchange) -> Any:
    """Begin the note of an exchange with what it holds."""
    with transaction():
        words = words_in(exchange.language)
        note_id = actions.begin_note(exchange, actor=edge.signed_in(), words=words).id
    flash(_("The note is begun with what the exchange holds. Complete it part by part."))
    return redirect(url_for("notes.show", id=note_id))


@pages.route("/notes/<int:id>/edit", methods=["GET", "POST"])
@access("note.edit", Note)
def edit(note: Note) -> Any:
    """Change title, language, author and reviewer."""
    actions.require_open(note, edge.actor())
    people = f"insiders_of:{note.exchange_id}"
    form = Form(offering(NoteSchema(), author_id=people, reviewer_id=people), note)
    done = form.submit(lambda data: actions.edit_note(note, data, actor=edge.signed_in()))
    if done is None:
        return render_template("notes/edit.html", form=form, note=note), form.status
    flash(_("Saved."))
    return redirect(url_for("notes.show", id=note.id))


@pages.route("/notes/<int:id>/parts/<part>", methods=["GET", "POST"])
@access("note.edit", Note)
def part(note: Note, part: str) -> Any:
    """Write one part."""
    actions.require_open(note, edge.actor())
    which = _part(part)
    initial = {"text": note.parts.get(which, ""), "seen": actions.seen_mark(note, which)}
    form = Form(PartSchema(), initial=initial)
    done = form.submit(
        lambda data: actions.edit_part(
            note, which, data["text"], actor=edge.signed_in(), seen=data.get("seen")
        )
    )
    if done is None:
        return render_template("notes/part.html", form=form, note=note, part=which), form.status
    flash(_("Saved."))
    return redirect(url_for("notes.show", id=note.id, _anchor=which))


@pages.post("/notes/<int:id>/parts/<part>/assemble")
@access("note.edit", Note)
def assemble(note: Note, part: str) -> Any:
    """Bring into one part what the exchange holds now."""
    which = _part(part)
    asked = AssembleSchema().load({"replace": "replace" in request.form})
    with transaction():
        words = words_in(note.language)
        actions.assemble_part(note, which, actor=edge.signed_in(), words=words, **asked)
    flash(_("This part now holds what the exchange holds. Read it before you go on."))
    return redirect(url_for("notes.part", id=note.id, part=which))


@pages.post("/notes/<int:id>/move")
@access("note.see_inside", Note)
def step(note: Note) -> Any:
    """Move a note one step."""
    move("note", note, actions.advance_note, request.form)
    return redirect(url_for("notes.show", id=note.id))


@pages.route("/notes/<int:id>/dissemination", methods=["GET", "POST"])
@access("dissemination.record", Note)
def disseminate(note: Note) -> Any:
    """Record a channel by which the note travelled."""
    form = Form(DisseminationSchema())
    row = form.submit(lambda data: actions.record_dissemination(note, data, actor=edge.signed_in()))
    if row is None:
        return render_template("notes/dissemination.html", form=form, note=note), form.status
    flash(_("Recorded."))
    return redirect(url_for("notes.show", id=note.id, _anchor="dissemination"))


def _part(name: str) -> NotePart:
    """:raises NotFound: a note has no such part."""
    if name not in NotePart.__members__:
        raise NotFound("not_found", noun="note", id=name)
    return NotePart(name)
