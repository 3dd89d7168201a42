"""/api/v1/notes/…/credits, …/cover and …/citation"""

from typing import Any

from flask import url_for
from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields
from marshmallow.validate import Length

from exchange import edge
from exchange.edge import access
from exchange.errors import NotFound
from exchange.labels.papers import line_in
from exchange.lessons import citing, crediting, printing
from exchange.lessons.models import Note
from exchange.lessons.schemas import CoverSchema, CreditSchema
from exchange.transaction import transaction

resources = Blueprint("api_note_papers", __name__, url_prefix="/api/v1", description="Papers")


class CreditOut(Schema):
    """One who made a note."""

    id = fields.Integer()
    name = fields.String()
    role = fields.String()
    organisation = fields.String()


class CoverOut(Schema):
    """The photo on the cover, and what is to be seen on it."""

    photo_id = fields.Integer(allow_none=True)
    description = fields.String()


class CitationOut(Schema):
    """A citation as a line, as BibTeX and as RIS; the address that stays; the PDF by language."""

    text = fields.String()
    bibtex = fields.String()
    ris = fields.String()
    address = fields.String()
    pdf = fields.Dict(keys=fields.String(), values=fields.String())


class CitationFilter(Schema):
    """Which of the languages that a note is out in."""

    language = fields.String(validate=Length(max=5))


@resources.route("/notes/<int:id>/credits")
class Credits(MethodView):
    """Who made a note."""

    @access("note.see", Note)
    @resources.response(200, CreditOut(many=True))
    def get(self, note: Note) -> Any:
        """List the credits by role."""
        return crediting.credits_of(note)

    @access("note.edit", Note)
    @resources.arguments(CreditSchema)
    @resources.response(201, CreditOut)
    def post(self, note: Note, data: dict[str, Any]) -> Any:
        """Name one who made the note and agreed to be named."""
        with transaction():
            return crediting.credit(note, data, actor=edge.signed_in())


@resources.route("/notes/<int:id>/credits/<int:credit_id>")
class OneCredit(MethodView):
    """One credit."""

    @access("note.edit", Note)
    @resources.response(204)
    def delete(self, note: Note, credit_id: int) -> None:
        """Take a name out."""
        with transaction():
            crediting.remove(crediting.one_of(note, credit_id))


@resources.route("/notes/<int:id>/cover")
class Cover(MethodView):
    """The photo on the cover."""

    @access("note.edit", Note)
    @resources.arguments(CoverSchema)
    @resources.response(200, CoverOut)
    def put(self, note: Note, data: dict[str, Any]) -> Any:
        """Put a photo of the exchange on the cover, or none."""
        with transaction():
            row = crediting.choose_cover(note, data["photo_id"], actor=edge.signed_in())
        words = row.photo.description if row else ""
        return {"photo_id": row.photo_id if row else None, "description": words}


@resources.route("/notes/<int:id>/citation")
class Citation(MethodView):
    """How a note is cited."""

    @access("note.see", Note)
    @resources.arguments(CitationFilter, location="query")
    @resources.response(200, CitationOut)
    def get(self, note: Note, asked: dict[str, Any]) -> Any:
        """Cite a published note, or its translation into a ``language``."""
        versions = printing.versions(note) if note.number is not None else {}
        version = versions.get(asked.get("language") or note.language)
        if version is None:
            raise NotFound("not_found", noun="note", id=note.id)
        slug, names = f"pln-{note.number}", crediting.credits_of(note)
        url = _address(slug, version)
        one = printing.cited(note, version, names, url)
        papers = {
            code: url_for("note_papers.pdf", slug=slug, language=code, _external=True)
            for code in versions
        }
        words = (line_in(edge.current_language(), one), citing.as_bibtex(one), citing.as_ris(one))
        return {
            **dict(zip(("text", "bibtex", "ris"), words, strict=True)),
            "address": url,
            "pdf": papers,
        }


def _address(slug: str, version: printing.Version) -> str:
    """The address that stays: of the note, or of a translation."""
    if not version.is_translation:
        return url_for("public.old_lesson", slug=slug, _external=True)
    return url_for("note_papers.in_language", slug=slug, language=version.language, _external=True)
