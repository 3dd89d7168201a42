"""/api/v1/notes/…/translations: a note in further languages, passage by passage."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge
from exchange.api.moves import post_step
from exchange.edge import access
from exchange.errors import NotFound
from exchange.lessons import translating
from exchange.lessons.models import Note
from exchange.lessons.schemas import PassageSchema, TranslationSchema, TranslatorsSchema
from exchange.lessons.translations import (
    NoteTranslation,
    mark_of,
    original_text,
    translations_of,
)
from exchange.schemas import StepSchema
from exchange.transaction import transaction

resources = Blueprint(
    "api_note_translations", __name__, url_prefix="/api/v1/notes", description="Translations"
)


class PassageOut(Schema):
    """A passage beside its original. ``seen`` marks the translation as it is now."""

    passage = fields.String()
    original = fields.String()
    text = fields.String()
    changed = fields.Boolean()
    seen = fields.String()


class TranslationBriefOut(Schema):
    """A translation, and how far it is: passages translated of all, and changed since."""

    id = fields.Integer()
    note_id = fields.Integer()
    language = fields.String()
    state = fields.String()
    translator_id = fields.Integer(allow_none=True)
    reviewer_id = fields.Integer(allow_none=True)
    published_on = fields.Date(allow_none=True)
    passages_total = fields.Function(lambda row: len(row.asked))
    passages_translated = fields.Function(lambda row: len(row.asked) - len(row.missing))
    changed = fields.List(fields.String())


class TranslationOut(TranslationBriefOut):
    """A translation with its passages."""

    passages = fields.Function(lambda row: [_passage(row, name) for name in row.asked])


def _passage(row: NoteTranslation, name: str) -> Any:
    return PassageOut().dump(
        {
            "passage": name,
            "original": original_text(row.note, name),
            "text": row.said(name),
            "changed": name in row.changed,
            "seen": mark_of(row.said(name)),
        }
    )


@resources.route("/<int:id>/translations")
class Translations(MethodView):
    """The translations of a note."""

    @access("note.see_inside", Note)
    @resources.response(200, TranslationBriefOut(many=True))
    def get(self, note: Note) -> Any:
        """List them, and how far each is."""
        return translations_of(note)

    @access("note_translation.begin", Note)
    @resources.arguments(TranslationSchema)
    @resources.response(201, TranslationOut)
    def post(self, note: Note, data: dict[str, Any]) -> Any:
        """Begin one; whoever asks translates, unless somebody else is named."""
        with transaction():
            return translating.begin(note, data, actor=edge.signed_in())


@resources.route("/translations/<int:id>")
class OneTranslation(MethodView):
    """One translation."""

    @access("note_translation.see", NoteTranslation)
    @resources.response(200, TranslationOut)
    def get(self, row: NoteTranslation) -> Any:
        """Show every passage beside its original."""
        return row

    @access("note_translation.name", NoteTranslation)
    @resources.arguments(TranslatorsSchema(partial=True))
    @resources.response(200, TranslationOut)
    def patch(self, row: NoteTranslation, data: dict[str, Any]) -> Any:
        """Name who translates and who reads it afterwards."""
        with transaction():
            return translating.name_people(row, data)


@resources.route("/translations/<int:id>/passages/<passage>")
class OnePassage(MethodView):
    """One passage of a translation."""

    @access("note_translation.write", NoteTranslation)
    @resources.arguments(PassageSchema)
    @resources.response(200, TranslationOut)
    def put(self, row: NoteTranslation, data: dict[str, Any], passage: str) -> Any:
        """Write it; sent again as it is, it says that it still fits a changed original."""
        if passage not in row.asked:
            raise NotFound("not_found", noun="note_translation", id=passage)
        actor = edge.signed_in()
        with transaction():
            return translating.write(row, passage, data["text"], actor=actor, seen=data.get("seen"))


@resources.route("/translations/<int:id>/steps")
class TranslationSteps(MethodView):
    """The moves of a translation."""

    @access("note_translation.see", NoteTranslation)
    @resources.arguments(StepSchema)
    def post(self, row: NoteTranslation, asked: dict[str, Any]) -> Any:
        """Move a translation one step."""
        return post_step("note_translation", row, translating.advance_translation, asked), 201
