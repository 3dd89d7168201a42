"""/api/v1/practices/…/sheet and /api/v1/adoptions"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.moves import post_step
from exchange.edge import access
from exchange.practices import reusing
from exchange.practices.models import Practice
from exchange.practices.reuse import Adoption
from exchange.practices.schemas import AdoptionEditSchema, AdoptionSchema, SheetSchema
from exchange.practices.scoring import score
from exchange.schemas import StepSchema
from exchange.transaction import transaction
from workflows.adoption import AdoptionState

resources = Blueprint("api_reuse", __name__, url_prefix="/api/v1", description="Re-use")


class ReasonOut(Schema):
    """One line of the score."""

    part = fields.String()
    points = fields.Integer()
    most = fields.Integer()


class AdoptionOut(Schema):
    """A city that took the practice up."""

    id = fields.Integer()
    practice_id = fields.Integer()
    organisation_id = fields.Integer()
    state = fields.String()
    language = fields.String()
    adapted = fields.String()
    changed = fields.String()


class SheetOut(Schema):
    """What another city must know, how ready the practice is and why, who took it up."""

    sheet = fields.Nested(SheetSchema, allow_none=True)
    points = fields.Integer()
    reasons = fields.List(fields.Nested(ReasonOut))
    adoptions = fields.List(fields.Nested(AdoptionOut))


def _sheet(practice: Practice) -> dict[str, Any]:
    adoptions = reusing.adoptions_of(practice)
    sheet = reusing.sheet_of(practice)
    found = score(sheet, sum(one.state == AdoptionState.in_use for one in adoptions))
    told = {"points": found.points, "reasons": found.reasons, "adoptions": adoptions}
    return {"sheet": sheet, **told}


@resources.route("/practices/<int:id>/sheet")
class PracticeSheets(MethodView):
    """What it takes to re-use a practice."""

    @access("practice.see", Practice)
    @resources.response(200, SheetOut)
    def get(self, practice: Practice) -> Any:
        """Show the sheet, the score with its reasons, and the adoptions."""
        return _sheet(practice)

    @access("practice.edit", Practice)
    @resources.arguments(SheetSchema(partial=True))
    @resources.response(200, SheetOut)
    def put(self, practice: Practice, data: dict[str, Any]) -> Any:
        """Write the sheet."""
        with transaction():
            reusing.save_sheet(practice, data)
        return _sheet(practice)


@resources.route("/practices/<int:id>/adoptions")
class PracticeAdoptions(MethodView):
    """The cities that took it up."""

    @access("adoption.create")
    @resources.arguments(AdoptionSchema)
    @resources.response(201, AdoptionOut)
    def post(self, data: dict[str, Any], id: int) -> Any:  # noqa: A002 - the name in the address
        """Say that a city takes the practice up."""
        practice = policy.find(Practice, id, edge.actor())
        with transaction():
            return reusing.adopt(practice, data, actor=edge.signed_in())


@resources.route("/adoptions/<int:id>")
class OneAdoption(MethodView):
    """One adoption."""

    @access("adoption.see", Adoption)
    @resources.response(200, AdoptionOut)
    def get(self, row: Adoption) -> Any:
        """Show an adoption."""
        return row

    @access("adoption.edit", Adoption)
    @resources.arguments(AdoptionEditSchema(partial=True))
    @resources.response(200, AdoptionOut)
    def patch(self, row: Adoption, data: dict[str, Any]) -> Any:
        """Say what was made different, and what changed."""
        with transaction():
            return reusing.edit_adoption(row, data)


@resources.route("/adoptions/<int:id>/steps")
class AdoptionSteps(MethodView):
    """The moves of an adoption."""

    @access("adoption.see", Adoption)
    @resources.arguments(StepSchema)
    def post(self, row: Adoption, asked: dict[str, Any]) -> Any:
        """Move an adoption one step."""
        return post_step("adoption", row, reusing.advance_adoption, asked), 201
