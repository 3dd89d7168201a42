"""/api/v1/practices and /api/v1/observatories"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.config import LANGUAGES
from exchange.edge import access
from exchange.errors import NotFound
from exchange.lessons.models import Note
from exchange.listing import page_of
from exchange.practices import actions, harvesting, observatories, queries
from exchange.practices.models import Observatory, Practice
from exchange.practices.schemas import (
    HarvestSchema,
    ObservatoryFilter,
    ObservatorySchema,
    PracticeEditSchema,
    PracticeFilter,
    PracticeSchema,
    PracticeTextSchema,
)
from exchange.schemas import StepSchema
from exchange.transaction import transaction
from workflows.practice import PracticeState

resources = Blueprint("api_practices", __name__, url_prefix="/api/v1", description="Practices")


class PracticeTextOut(Schema):
    """A practice in one language."""

    language = fields.String()
    title = fields.String()
    summary = fields.String()
    text = fields.String()


class ObservatoryOut(Schema):
    """Who collects practices."""

    id = fields.Integer()
    code = fields.String()
    name = fields.String()
    website = fields.String()
    harvest_url = fields.String()
    rights = fields.String()
    trusted = fields.Boolean()
    nightly = fields.Boolean()
    harvested_at = fields.DateTime(allow_none=True)
    harvested = fields.Dict(keys=fields.String(), values=fields.Integer())
    tried_at = fields.DateTime(allow_none=True)
    problem = fields.String(allow_none=True)


class PracticeOut(Schema):
    """A practice in all its languages, its tags, and where it comes from."""

    id = fields.Integer()
    state = fields.String()
    language = fields.String()
    texts = fields.List(fields.Nested(PracticeTextOut))
    organisation_id = fields.Integer(allow_none=True)
    country_code = fields.String(allow_none=True)
    size = fields.String()
    themes = fields.Function(lambda row: [t.code for t in row.tagged("theme")])
    sdg_goals = fields.Function(lambda row: [t.code for t in row.tagged("sdg_goal")])
    agendas = fields.Function(lambda row: [t.code for t in row.tagged("agenda")])
    innovative = fields.Boolean()
    source_url = fields.String()
    credit = fields.String()
    observatory = fields.Function(lambda row: row.observatory.code if row.observatory else None)
    external_id = fields.String(allow_none=True)
    note_id = fields.Integer(attribute="origin_id", allow_none=True)
    published_at = fields.DateTime(allow_none=True)


class HarvestOut(Schema):
    """What became of the records."""

    new = fields.Integer()
    changed = fields.Integer()
    same = fields.Integer()
    withdrawn = fields.Integer()
    left_out = fields.Integer()


@resources.route("/practices")
class Practices(MethodView):
    """The observatory."""

    @access("practice.see")
    @resources.arguments(PracticeFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """Find practices by words and facets; ``facets`` count what each option would leave."""
        query = policy.scoped(Practice, edge.actor())
        chosen = {"state": PracticeState.published, **filters}
        found = queries.find(query, chosen, edge.current_language())
        return {**page_body(found.page, PracticeOut()), "facets": found.counts}

    @access("practice.create")
    @resources.arguments(PracticeSchema)
    @resources.response(201, PracticeOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Write a practice as a draft."""
        with transaction():
            return actions.create(data, actor=edge.signed_in())


@resources.route("/practices/<int:id>")
class OnePractice(MethodView):
    """One practice."""

    @access("practice.see", Practice, load=queries.whole)
    @resources.response(200, PracticeOut)
    def get(self, practice: Practice) -> Any:
        """Show a practice."""
        return practice

    @access("practice.edit", Practice)
    @resources.arguments(PracticeEditSchema(partial=True))
    @resources.response(200, PracticeOut)
    def patch(self, practice: Practice, data: dict[str, Any]) -> Any:
        """Change a practice, and its text in the language it was first written in."""
        with transaction():
            return actions.edit(practice, data, actor=edge.signed_in())


@resources.route("/practices/<int:id>/texts/<language>")
class PracticeTexts(MethodView):
    """A practice in one language."""

    @access("practice.edit", Practice)
    @resources.arguments(PracticeTextSchema)
    @resources.response(200, PracticeOut)
    def put(self, practice: Practice, data: dict[str, Any], language: str) -> Any:
        """Write it in this language, beside the others."""
        if language not in LANGUAGES:
            raise NotFound("not_found", noun="language", id=language)
        with transaction():
            actions.translate(practice, language, data)
        return practice


@resources.route("/practices/<int:id>/steps")
class PracticeSteps(MethodView):
    """The moves of a practice."""

    @access("practice.see", Practice)
    @resources.arguments(StepSchema)
    def post(self, practice: Practice, asked: dict[str, Any]) -> Any:
        """Move a practice one step."""
        return post_step("practice", practice, actions.advance_practice, asked), 201


@resources.route("/notes/<int:id>/practice")
class NotePractice(MethodView):
    """The practice of a note."""

    @access("practice.take_from_note", Note)
    @resources.response(201, PracticeOut)
    def post(self, note: Note) -> Any:
        """Make a practice of a published note, once."""
        with transaction():
            return actions.from_note(note, actor=edge.signed_in())


@resources.route("/observatories")
class Observatories(MethodView):
    """Who collects practices."""

    @access("observatory.see")
    @resources.arguments(ObservatoryFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List observatories."""
        query = queries.observatories(policy.scoped(Observatory, edge.actor()), filters)
        return page_body(page_of(query, filters, queries.OBSERVATORY_SORTS), ObservatoryOut())

    @access("observatory.edit")
    @resources.arguments(ObservatorySchema)
    @resources.response(201, ObservatoryOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Add an observatory."""
        with transaction():
            return observatories.create(data)


@resources.route("/observatories/<int:id>/harvest")
class ObservatoryHarvest(MethodView):
    """Harvesting."""

    @access("observatory.harvest", Observatory)
    @resources.arguments(HarvestSchema)
    @resources.response(200, HarvestOut)
    def post(self, row: Observatory, data: dict[str, Any]) -> Any:
        """Take in ``records`` (OAI-PMH or Dublin Core); without them, those at its address."""
        typed = data["records"]
        found = harvesting.records_of(typed) if typed else harvesting.download(row.harvest_url)
        with transaction():
            return harvesting.take_in(row, found, actor=edge.signed_in())
