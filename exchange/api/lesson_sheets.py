"""/api/v1/lesson-sheets: what each city writes after the visit, and its signature."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.versions import Versioned, require_seen
from exchange.directory.models import Organisation
from exchange.edge import access
from exchange.errors import Invalid
from exchange.exchanges.models import Exchange
from exchange.lessons import sheets
from exchange.lessons.schemas import LessonSheetSchema
from exchange.lessons.sheets import LessonSheet
from exchange.schemas import RowId
from exchange.schemas import Schema as SchemaIn
from exchange.transaction import transaction

resources = Blueprint(
    "api_lesson_sheets", __name__, url_prefix="/api/v1", description="Lessons of each city"
)


class LessonSheetOut(Schema):
    """What one partner says; ``missing`` names the answers that a signature still needs."""

    id = fields.Integer()
    exchange_id = fields.Integer()
    organisation_id = fields.Integer()
    language = fields.String()
    answers = fields.Dict(keys=fields.String(), values=fields.String())
    missing = fields.List(fields.String())
    signed_on = fields.Date(allow_none=True)
    signed_by_id = fields.Integer(allow_none=True)
    version_id = fields.Integer()


class SheetSchema(SchemaIn):
    """Whose sheet is begun."""

    organisation_id = RowId("my_organisations", required=True)


class SheetChange(Versioned, LessonSheetSchema):
    """Answers of a sheet, and the version of it that was seen."""


@resources.route("/exchanges/<int:id>/lesson-sheets")
class ExchangeSheets(MethodView):
    """The sheets of an exchange."""

    @access("lesson_sheet.see", Exchange)
    @resources.response(200, LessonSheetOut(many=True))
    def get(self, exchange: Exchange) -> Any:
        """List the sheets that were begun."""
        return list(sheets.sheets_of(exchange).values())

    @access("lesson_sheet.see", Exchange)
    @resources.arguments(SheetSchema)
    @resources.response(201, LessonSheetOut)
    def post(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Begin the sheet of a partner with what the visits hold; the one there is when begun."""
        partner = _writer(exchange, data["organisation_id"])
        policy.require(edge.actor(), "lesson_sheet.write", partner)
        with transaction():
            return sheets.sheet_for(exchange, partner, language=edge.signed_in().language)


def _writer(exchange: Exchange, organisation_id: int) -> Organisation:
    found = next((one for one in sheets.writers(exchange) if one.id == organisation_id), None)
    if found is None:
        raise Invalid("organisation_id", "not_a_side")
    return found


@resources.route("/lesson-sheets/<int:id>")
class OneSheet(MethodView):
    """One sheet."""

    @access("lesson_sheet.see", LessonSheet)
    @resources.response(200, LessonSheetOut)
    def get(self, sheet: LessonSheet) -> Any:
        """Show a sheet."""
        return sheet

    @access("lesson_sheet.write", LessonSheet)
    @resources.arguments(SheetChange(partial=True))
    @resources.response(200, LessonSheetOut)
    def patch(self, sheet: LessonSheet, data: dict[str, Any]) -> Any:
        """Write those answers that are given; a signed sheet is reopened first."""
        seen = data.pop("version_id", None)
        with transaction():
            require_seen(sheet, seen)
            return sheets.write(sheet, data)


@resources.route("/lesson-sheets/<int:id>/signature")
class Signature(MethodView):
    """The signature of a partner."""

    @access("lesson_sheet.write", LessonSheet)
    @resources.response(200, LessonSheetOut)
    def put(self, sheet: LessonSheet) -> Any:
        """Sign for the partner: this is what it says. Signed twice is signed once."""
        with transaction():
            return sheets.sign(sheet, actor=edge.signed_in())

    @access("lesson_sheet.write", LessonSheet)
    @resources.response(200, LessonSheetOut)
    def delete(self, sheet: LessonSheet) -> Any:
        """Take the signature back, to write on."""
        with transaction():
            return sheets.reopen(sheet)
