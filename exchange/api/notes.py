"""/api/v1/notes, and the channels by which they travel."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from exchange import edge, policy
from exchange.api.lesson_schemas import DisseminationOut, NoteInsideOut, NoteOut
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.edge import access
from exchange.errors import NotFound
from exchange.exchanges.models import Exchange
from exchange.labels.notes import words_in
from exchange.lessons import actions, queries
from exchange.lessons.models import Note, NotePart
from exchange.lessons.schemas import (
    AssembleSchema,
    DisseminationSchema,
    NoteFilter,
    NotePartsSchema,
)
from exchange.listing import page_of
from exchange.schemas import StepSchema
from exchange.transaction import transaction

resources = Blueprint("api_notes", __name__, url_prefix="/api/v1", description="Notes")


@resources.route("/notes")
class Notes(MethodView):
    """The list of notes."""

    @access("note.see")
    @resources.arguments(NoteFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List published notes, for everybody; and the drafts of one's own exchanges."""
        query = queries.listed(policy.scoped(Note, edge.actor()), filters)
        page = page_of(query, {"sort": "-published", **filters}, queries.NOTE_SORTS)
        return page_body(page, NoteOut())


@resources.route("/exchanges/<int:id>/note")
class ExchangeNote(MethodView):
    """The note of an exchange."""

    @access("exchange.draft_note", Exchange)
    @resources.response(201, NoteInsideOut)
    def post(self, exchange: Exchange) -> Any:
        """Begin the note with what the exchange holds."""
        words = words_in(exchange.language)
        with transaction():
            return actions.begin_note(exchange, actor=edge.signed_in(), words=words)


@resources.route("/notes/<int:id>")
class OneNote(MethodView):
    """One note."""

    @access("note.see", Note)
    def get(self, note: Note) -> Any:
        """Show a note; who writes and reviews it only to those of its exchange."""
        inside = policy.allowed(edge.actor(), "note.see_inside", note)
        return (NoteInsideOut() if inside else NoteOut()).dump(note)

    @access("note.edit", Note)
    @resources.arguments(NotePartsSchema(partial=True))
    @resources.response(200, NoteInsideOut)
    def patch(self, note: Note, data: dict[str, Any]) -> Any:
        """Change a note: its frame, and those parts that are given."""
        with transaction():
            return actions.edit_note(note, data, actor=edge.signed_in())


@resources.route("/notes/<int:id>/parts/<part>/assemble")
class AssembledPart(MethodView):
    """A part, made from what the exchange holds."""

    @access("note.edit", Note)
    @resources.arguments(AssembleSchema)
    @resources.response(200, NoteInsideOut)
    def post(self, note: Note, asked: dict[str, Any], part: str) -> Any:
        """Bring into a part what the exchange holds; what was typed stays unless replaced."""
        if part not in NotePart.__members__:
            raise NotFound("not_found", noun="note", id=part)
        which, words = NotePart(part), words_in(note.language)
        with transaction():
            return actions.assemble_part(
                note, which, actor=edge.signed_in(), words=words, replace=asked["replace"]
            )


@resources.route("/notes/<int:id>/steps")
class NoteSteps(MethodView):
    """The moves of a note."""

    @access("note.see_inside", Note)
    @resources.arguments(StepSchema)
    def post(self, note: Note, asked: dict[str, Any]) -> Any:
        """Move a note one step, and its exchange with it."""
        return post_step("note", note, actions.advance_note, asked), 201


@resources.route("/notes/<int:id>/disseminations")
class Disseminations(MethodView):
    """The channels by which a note travelled."""

    @access("note.see", Note)
    @resources.response(200, DisseminationOut(many=True))
    def get(self, note: Note) -> Any:
        """List the channels."""
        return note.disseminations

    @access("dissemination.record", Note)
    @resources.arguments(DisseminationSchema)
    @resources.response(201, DisseminationOut)
    def post(self, note: Note, data: dict[str, Any]) -> Any:
        """Record a channel; the first one opens the follow-up."""
        with transaction():
            return actions.record_dissemination(note, data, actor=edge.signed_in())
