"""/api/v1/imports"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.edge import access
from exchange.edge_sheets import problem_words, take_upload
from exchange.listing import page_of
from exchange.spreadsheets import actions, queries
from exchange.spreadsheets.models import Import
from exchange.spreadsheets.schemas import ImportFilter, UploadSchema
from exchange.transaction import transaction

resources = Blueprint(
    "api_imports", __name__, url_prefix="/api/v1/imports", description="Imports of spreadsheets"
)


class ImportBrief(Schema):
    """An import in a list."""

    id = fields.Integer()
    noun = fields.String()
    file_name = fields.String()
    organisation_id = fields.Integer(allow_none=True)
    stage = fields.String()
    load_wanted = fields.Boolean()
    rows_total = fields.Integer()
    rows_done = fields.Integer()
    created_count = fields.Integer()
    updated_count = fields.Integer()
    created_at = fields.DateTime()


class ProblemOut(Schema):
    """What is wrong with a cell: codes, and the words in the caller's language."""

    row = fields.Integer()
    column = fields.String()
    heading = fields.String()
    code = fields.String()
    facts = fields.Dict()
    message = fields.String()


class ImportOut(ImportBrief):
    """An import with its problems."""

    problems = fields.Function(
        lambda row: [problem_words(one) for one in row.problems],
        metadata={"type": "array", "items": {"type": "object"}},
    )


class UploadForm(UploadSchema):
    """An upload as a form of several parts; the file is one of them."""

    file = fields.Raw(metadata={"type": "string", "format": "binary"})


@resources.route("")
class Imports(MethodView):
    """The list of imports."""

    @access("import.create")
    @resources.arguments(ImportFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List one's own imports; staff see all."""
        query = queries.listed(policy.scoped(Import, edge.actor()), filters)
        page = page_of(query, {"sort": "-newest", **filters}, queries.SORTS)
        return page_body(page, ImportBrief())

    @access("import.create")
    @resources.arguments(UploadForm, location="form", content_type="multipart/form-data")
    @resources.response(201, ImportOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Send a CSV or XLSX file; it is checked in the background."""
        return take_upload(data)


@resources.route("/<int:id>")
class OneImport(MethodView):
    """One import."""

    @access("import.see", Import)
    @resources.response(200, ImportOut)
    def get(self, row: Import) -> Any:
        """Show how far an import is and what is wrong."""
        return row


@resources.route("/<int:id>/load")
class ImportLoad(MethodView):
    """The load of an import."""

    @access("import.see", Import)
    @resources.response(200, ImportOut)
    def post(self, row: Import) -> Any:
        """Load a sheet that was checked and is in order."""
        with transaction():
            actions.want_load(row)
        return row
