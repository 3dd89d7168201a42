"""/api/v1/visits/<id>/dates: proposing, answering and agreeing on the dates of a visit."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.visit_schemas import VisitInsideOut
from exchange.edge import access
from exchange.transaction import transaction
from exchange.visits import dates
from exchange.visits.models import DateAnswer, Visit, VisitDates
from exchange.visits.schemas import DatesAnswerSchema, VisitDatesSchema

resources = Blueprint(
    "api_visit_dates", __name__, url_prefix="/api/v1", description="Dates of visits"
)


class DatesAnswerOut(Schema):
    """What one side says to proposed dates."""

    organisation_id = fields.Integer()
    answer = fields.String()


class VisitDatesOut(Schema):
    """Dates that a side proposes, and what the sides say."""

    id = fields.Integer()
    visit_id = fields.Integer()
    organisation_id = fields.Integer()
    starts_on = fields.Date()
    ends_on = fields.Date()
    remark = fields.String()
    answers = fields.List(fields.Nested(DatesAnswerOut))


@resources.route("/visits/<int:id>/dates")
class ProposedDates(MethodView):
    """The dates that are proposed for a visit."""

    @access("visit.see_inside", Visit)
    @resources.response(200, VisitDatesOut(many=True))
    def get(self, visit: Visit) -> Any:
        """List the proposals with their answers, the earliest first."""
        return dates.dates_of(visit)

    @access("visit.propose_dates", Visit)
    @resources.arguments(VisitDatesSchema)
    @resources.response(201, VisitDatesOut)
    def post(self, visit: Visit, data: dict[str, Any]) -> Any:
        """Propose dates for one of the sides; they fit whoever proposes them."""
        policy.require_one_of(data["organisation_id"], dates.spoken_for(visit, edge.actor()))
        with transaction():
            return dates.propose(
                visit,
                data["organisation_id"],
                data["starts_on"],
                data["ends_on"],
                remark=data["remark"],
            )


@resources.route("/visits/dates/<int:id>/answer")
class AnsweredDates(MethodView):
    """What a side says to proposed dates."""

    @access("visit.answer_dates", VisitDates)
    @resources.arguments(DatesAnswerSchema)
    @resources.response(200, VisitDatesOut)
    def put(self, proposal: VisitDates, data: dict[str, Any]) -> Any:
        """Say for a side whether the dates fit; a later answer replaces the one before."""
        speakers = dates.spoken_for(proposal.visit, edge.actor())
        policy.require_one_of(data["organisation_id"], speakers)
        with transaction():
            dates.answer(proposal, data["organisation_id"], DateAnswer(data["answer"]))
        return proposal


@resources.route("/visits/dates/<int:id>/agree")
class AgreedDates(MethodView):
    """Dates that suit every side."""

    @access("visit.agree_dates", VisitDates)
    @resources.response(200, VisitInsideOut)
    def post(self, proposal: VisitDates) -> Any:
        """Make these the dates of the visit."""
        with transaction():
            return dates.agree(proposal, actor=edge.actor())
