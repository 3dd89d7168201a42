"""/api/v1/visits, and what hangs on a visit."""

from typing import Any

from flask import Response
from flask.views import MethodView
from flask_smorest import Blueprint

from exchange import edge, policy
from exchange.api.listing import described, page_body
from exchange.api.moves import post_step
from exchange.api.visit_schemas import (
    BalanceOut,
    ChecklistOut,
    DelegationOut,
    EvaluationOut,
    EvaluationResultOut,
    ParticipantOut,
    VisitInsideOut,
    VisitOut,
    VisitSessionOut,
)
from exchange.edge import access
from exchange.edge_seen import shown
from exchange.exchanges.models import Exchange
from exchange.listing import page_of
from exchange.messages.actions import forget
from exchange.schemas import StepSchema
from exchange.transaction import transaction
from exchange.visits import actions, evaluation, queries
from exchange.visits.calendar import calendar
from exchange.visits.models import ChecklistItem, Participant, Visit, VisitSession
from exchange.visits.schemas import (
    ChecklistSchema,
    EvaluationSchema,
    ParticipantSchema,
    TickSchema,
    VisitAttendanceSchema,
    VisitFilter,
    VisitSchema,
    VisitSessionSchema,
)

resources = Blueprint("api_visits", __name__, url_prefix="/api/v1", description="Visits")


@resources.route("/visits")
class Visits(MethodView):
    """The list of visits."""

    @access("visit.see")
    @resources.arguments(VisitFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List visits: those to come, unless ``when`` says otherwise."""
        query = queries.listed(policy.scoped(Visit, edge.actor()), filters, edge.actor())
        return page_body(page_of(query, filters, queries.SORTS), VisitOut())


@resources.route("/exchanges/<int:id>/visits")
class ExchangeVisits(MethodView):
    """The visits of an exchange."""

    @access("exchange.see", Exchange)
    @resources.response(200, VisitOut(many=True))
    def get(self, exchange: Exchange) -> Any:
        """List the visits of an exchange in their order."""
        return exchange.visits

    @access("visit.edit", Exchange)
    @resources.arguments(VisitSchema)
    @resources.response(201, VisitInsideOut)
    def post(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Plan the next visit of an exchange."""
        with transaction():
            return actions.plan_visit(exchange, data, actor=edge.signed_in())


@resources.route("/visits/<int:id>")
class OneVisit(MethodView):
    """One visit."""

    @access("visit.see", Visit)
    def get(self, visit: Visit) -> Any:
        """Show a visit; the address of an online meeting only to those who take part."""
        inside = policy.allowed(edge.actor(), "visit.see_inside", visit)
        return (VisitInsideOut() if inside else VisitOut()).dump(visit)

    @access("visit.edit", Visit)
    @resources.arguments(VisitSchema(partial=True))
    @resources.response(200, VisitInsideOut)
    def patch(self, visit: Visit, data: dict[str, Any]) -> Any:
        """Change a visit."""
        with transaction():
            return actions.edit_visit(visit, data, actor=edge.signed_in())


@resources.route("/visits/<int:id>/calendar.ics")
class VisitCalendar(MethodView):
    """A visit for a calendar."""

    @access("visit.see_inside", Visit)
    @resources.doc(**described({"type": "string"}, "A calendar file.", "text/calendar"))
    def get(self, visit: Visit) -> Any:
        """The visit as an iCalendar file."""
        return Response(calendar(visit), mimetype="text/calendar")


@resources.route("/visits/<int:id>/sessions")
class VisitSessions(MethodView):
    """The programme of a visit."""

    @access("visit.see", Visit)
    @resources.response(200, VisitSessionOut(many=True))
    def get(self, visit: Visit) -> Any:
        """List the sessions of a visit."""
        return queries.programme(visit)

    @access("visit.edit", Visit)
    @resources.arguments(VisitSessionSchema)
    @resources.response(201, VisitSessionOut)
    def post(self, visit: Visit, data: dict[str, Any]) -> Any:
        """Add a session to the programme."""
        with transaction():
            return actions.add_session(visit, data, actor=edge.signed_in())


@resources.route("/visits/sessions/<int:id>")
class OneSession(MethodView):
    """One session."""

    @access("visit.edit", VisitSession)
    @resources.arguments(VisitSessionSchema(partial=True))
    @resources.response(200, VisitSessionOut)
    def patch(self, session: VisitSession, data: dict[str, Any]) -> Any:
        """Change a session."""
        with transaction():
            return actions.edit_session(session, data, actor=edge.signed_in())

    @access("visit.edit", VisitSession)
    @resources.response(204)
    def delete(self, session: VisitSession) -> None:
        """Take a session out of the programme."""
        with transaction():
            actions.remove_session(session, actor=edge.signed_in())


@resources.route("/visits/<int:id>/participants")
class VisitParticipants(MethodView):
    """The people of a visit."""

    @access("visit.see_inside", Visit)
    @resources.doc(**described(DelegationOut, "The participants, and how balanced they are."))
    def get(self, visit: Visit) -> Any:
        """List the participants and how balanced they are."""
        people = queries.delegation(visit)
        shown(*people)
        items = ParticipantOut(many=True, exclude=_private(visit)).dump(people)
        return {"items": items, "balance": BalanceOut().dump(queries.balance(people))}

    @access("participant.nominate", Visit)
    @resources.arguments(ParticipantSchema)
    @resources.response(201, ParticipantOut)
    def post(self, visit: Visit, data: dict[str, Any]) -> Any:
        """Nominate somebody."""
        with transaction():
            return actions.nominate(visit, data, actor=edge.signed_in())


def _private(visit: Visit) -> tuple[str, ...]:
    """What only coordinators of the partners and staff read."""
    return () if policy.allowed(edge.actor(), "visit.edit", visit) else ("email", "needs")


@resources.route("/visits/participants/<int:id>")
class OneParticipant(MethodView):
    """One participant."""

    @access("visit.see_inside", Participant)
    def get(self, participant: Participant) -> Any:
        """Show a participant with the preparation sheet."""
        return ParticipantOut(exclude=_private(participant.visit)).dump(participant)

    @access("participant.nominate", Participant)
    @resources.arguments(ParticipantSchema(partial=True))
    @resources.response(200, ParticipantOut)
    def patch(self, participant: Participant, data: dict[str, Any]) -> Any:
        """Correct what is known of a participant."""
        with transaction():
            return actions.edit_participant(participant, data, actor=edge.signed_in())


@resources.route("/visits/participants/<int:id>/personal-data")
class ParticipantPersonalData(MethodView):
    """What tells who a participant is."""

    @access("participant.erase", Participant)
    @resources.response(204)
    def delete(self, participant: Participant) -> None:
        """Take it out at the person's request; the delegation keeps its numbers."""
        with transaction():
            forget(actions.erase_participant(participant, actor=edge.signed_in()))


@resources.route("/visits/participants/<int:id>/steps")
class ParticipantSteps(MethodView):
    """The moves of a participant."""

    @access("visit.see_inside", Participant)
    @resources.arguments(StepSchema)
    def post(self, participant: Participant, asked: dict[str, Any]) -> Any:
        """Confirm or decline for a participant, or nominate them again."""
        return post_step("participant", participant, actions.advance_participant, asked), 201


@resources.route("/visits/participants/<int:id>/evaluation")
class ParticipantEvaluation(MethodView):
    """The evaluation of one participant."""

    @access("evaluation.submit", Participant)
    @resources.arguments(EvaluationSchema)
    @resources.response(200, EvaluationOut)
    def put(self, participant: Participant, data: dict[str, Any]) -> Any:
        """Answer the questions of one's role, or correct one's answers."""
        with transaction():
            return actions.submit_evaluation(participant, data["answers"], data["language"])


@resources.route("/visits/<int:id>/checklist")
class VisitChecklist(MethodView):
    """The checklist of a visit."""

    @access("visit.see_inside", Visit)
    @resources.response(200, ChecklistOut(many=True))
    def get(self, visit: Visit) -> Any:
        """List what is to be settled before the visit."""
        return queries.checklist(visit)

    @access("visit.edit", Visit)
    @resources.arguments(ChecklistSchema)
    @resources.response(201, ChecklistOut)
    def post(self, visit: Visit, data: dict[str, Any]) -> Any:
        """Add a point to the checklist."""
        with transaction():
            return actions.add_item(visit, data, actor=edge.signed_in())


@resources.route("/visits/checklist/<int:id>")
class OneChecklistItem(MethodView):
    """One point of a checklist."""

    @access("visit.edit", ChecklistItem)
    @resources.arguments(TickSchema)
    @resources.response(200, ChecklistOut)
    def patch(self, item: ChecklistItem, data: dict[str, Any]) -> Any:
        """Mark a point as done, or open it again."""
        with transaction():
            change = actions.tick if data["done"] else actions.untick
            return change(item, actor=edge.signed_in())

    @access("visit.edit", ChecklistItem)
    @resources.response(204)
    def delete(self, item: ChecklistItem) -> None:
        """Take a point off the checklist."""
        with transaction():
            actions.remove_item(item, actor=edge.signed_in())


@resources.route("/visits/<int:id>/attendance")
class Attendance(MethodView):
    """Who came to a visit."""

    @access("visit.record_attendance", Visit)
    @resources.arguments(VisitAttendanceSchema)
    @resources.response(200, VisitInsideOut)
    def put(self, visit: Visit, data: dict[str, Any]) -> Any:
        """Write down who came; from the last day on this completes the visit of the exchange."""
        with transaction():
            return actions.record_attendance(visit, data["attended_ids"], actor=edge.signed_in())


RESULTS = {
    "type": "object",
    "additionalProperties": {"type": "array", "items": {"type": "object"}},
}


@resources.route("/visits/<int:id>/evaluation")
class VisitEvaluation(MethodView):
    """The evaluation of a visit."""

    @access("evaluation.see", Visit)
    @resources.doc(**described(RESULTS, "Results by role."))
    def get(self, visit: Visit) -> Any:
        """Counts, averages and texts of each question, by role, without names."""
        found = evaluation.results(visit)
        return {role: EvaluationResultOut(many=True).dump(one) for role, one in found.items()}

    @access("visit.open_evaluation", Visit)
    @resources.response(200, VisitInsideOut)
    def post(self, visit: Visit) -> Any:
        """Open the evaluation."""
        with transaction():
            return actions.open_evaluation(visit, actor=edge.signed_in())
