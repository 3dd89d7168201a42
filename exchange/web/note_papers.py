"""What goes out with a note: its PDF in each language, its citation, its credits and its cover."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.config import LANGUAGES
from exchange.edge import access
from exchange.errors import NotFound
from exchange.labels.papers import frame_in, line_in
from exchange.lessons import citing, crediting, printing, queries
from exchange.lessons.models import Note
from exchange.lessons.photos import published_with
from exchange.lessons.schemas import CoverSchema, CreditSchema
from exchange.pdf import render
from exchange.transaction import transaction
from exchange.web.forms import Form

pages = Blueprint("note_papers", __name__)
# How long a proxy may give the same paper without asking: a correction is to be seen soon.
FRESH = "public, max-age=300"
CITED_AS = {
    "bib": (citing.as_bibtex, "application/x-bibtex"),
    "ris": (citing.as_ris, "application/x-research-info-systems"),
    "txt": (lambda cited: line_in(edge.current_language(), cited), "text/plain"),
}


def address(note: Note, version: printing.Version) -> str:
    """The address that stays: the number of the note, whatever its title becomes, and the language
    of a translation."""
    slug = f"pln-{note.number}"
    if not version.is_translation:
        return url_for("public.old_lesson", slug=slug, _external=True)
    return url_for("note_papers.in_language", slug=slug, language=version.language, _external=True)


def facts(note: Note, language: str) -> dict[str, Any]:
    """What the public page of a note shows of its papers, for a reader of ``language``."""
    names, versions = crediting.credits_of(note), printing.versions(note)
    version = versions.get(language) or versions[note.language]
    stable = address(note, version)
    return {
        "cover": crediting.cover_of(note),
        "credits": names,
        "version": version,
        "citation": line_in(language, printing.cited(note, version, names, stable)),
        "stable": stable,
        "paper": f"pln-{note.number}",
        "languages": list(versions),
    }


@pages.get(f"/lessons/<slug>/<any({', '.join(LANGUAGES)}):language>")
@access("note.see")
def in_language(slug: str, language: str) -> Any:
    """The page of a note in a language that it is out in: an address that stays."""
    note = _published(slug)
    _version(note, language)
    return redirect(url_for("notes.read", slug=note.slug, lang=language))


@pages.get("/lessons/<slug>/<language>.pdf")
@access("note.see")
def pdf(slug: str, language: str) -> Any:
    """A published note to print and to keep, tagged for screen readers."""
    note = _published(slug)
    whole = _document(note, _version(note, language))
    answer = Response(mimetype="application/pdf")
    tag = printing.mark(whole)
    answer.set_etag(tag)
    answer.headers["Cache-Control"] = FRESH
    name = f"pln-{note.number}-{language}.pdf"
    answer.headers["Content-Disposition"] = f'inline; filename="{name}"'
    if tag not in request.if_none_match:
        answer.data = render(whole)
    return answer.make_conditional(request)


@pages.get("/lessons/<slug>/citation.<kind>", defaults={"language": ""})
@pages.get("/lessons/<slug>/<language>/citation.<kind>")
@access("note.see")
def citation(slug: str, kind: str, language: str) -> Any:
    """The citation of a note, or of its translation, for programs that keep references."""
    if kind not in CITED_AS:
        raise NotFound("not_found", noun="note", id=kind)
    note = _published(slug)
    version = _version(note, language or note.language)
    names = crediting.credits_of(note)
    cited = printing.cited(note, version, names, address(note, version))
    write, mimetype = CITED_AS[kind]
    answer = Response(write(cited), mimetype=mimetype)
    name = f"{cited.key.replace('pln', 'pln-')}.{kind}"
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@pages.route("/notes/<int:id>/credits", methods=["GET", "POST"])
@access("note.edit", Note)
def edit(note: Note) -> Any:
    """Name who made the note, and choose the photo on its cover."""
    form = Form(CreditSchema())
    row = form.submit(lambda data: crediting.credit(note, data, actor=edge.signed_in()))
    if row is None:
        page = render_template(
            "notes/credits.html",
            form=form,
            note=note,
            credits=crediting.credits_of(note),
            cover=crediting.cover_of(note),
            photos=published_with(note),
        )
        return page, form.status
    flash(_("Saved."))
    return redirect(url_for("note_papers.edit", id=note.id))


@pages.post("/notes/<int:id>/credits/<int:credit_id>/delete")
@access("note.edit", Note)
def remove(note: Note, credit_id: int) -> Any:
    """Take a name out."""
    with transaction():
        crediting.remove(crediting.one_of(note, credit_id))
    flash(_("Removed."))
    return redirect(url_for("note_papers.edit", id=note.id))


@pages.post("/notes/<int:id>/cover")
@access("note.edit", Note)
def cover(note: Note) -> Any:
    """Put a photo on the cover, or none."""
    chosen = CoverSchema().load({"photo_id": request.form.get("photo_id") or None})
    with transaction():
        crediting.choose_cover(note, chosen["photo_id"], actor=edge.signed_in())
    flash(_("Saved."))
    return redirect(url_for("note_papers.edit", id=note.id, _anchor="cover"))


def _document(note: Note, version: printing.Version) -> Any:
    names = crediting.credits_of(note)
    front = crediting.cover_of(note)
    others = [one for one in published_with(note) if front is None or one.id != front.id]
    return printing.document(
        version,
        frame_in(version.language, note.number),
        printing.cited(note, version, names, address(note, version)),
        printing.Beside(names, printing.partners(note), front, others),
    )


def _version(note: Note, language: str) -> printing.Version:
    """:raises NotFound: the note is not out in this language."""
    found = printing.versions(note).get(language)
    if found is None:
        raise NotFound("not_found", noun="note", id=language)
    return found


def _published(slug: str) -> Note:
    """:raises NotFound: no note is published there, or the reader may not know of it."""
    note = queries.published_as(slug)
    if note is None or not policy.allowed(edge.actor(), "note.see", note):
        raise NotFound("not_found", noun="note", id=slug)
    return note
