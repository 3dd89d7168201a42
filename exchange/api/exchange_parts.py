"""/api/v1/exchanges/<id>/…: concept note, partners, budget lines, phases."""

from collections.abc import Sequence
from typing import Any, TypeVar

from flask.views import MethodView
from flask_smorest import Blueprint

from exchange import edge, policy
from exchange.api.exchange_schemas import (
    BudgetLineOut,
    ConceptNoteOut,
    ExchangeOut,
    PartnerOut,
    PhaseOut,
)
from exchange.edge import access
from exchange.errors import NotFound
from exchange.exchanges import actions
from exchange.exchanges.models import Exchange
from exchange.exchanges.schemas import (
    BudgetLineSchema,
    CommitmentSchema,
    ConceptNoteSchema,
    ContactOfSchema,
    PartnerSchema,
    PhaseSchema,
)
from exchange.extensions import Record
from exchange.transaction import transaction

resources = Blueprint(
    "api_exchange_parts",
    __name__,
    url_prefix="/api/v1/exchanges/<int:id>",
    description="What exchanges are made of",
)
Part = TypeVar("Part", bound=Record)


def _part(parts: Sequence[Part], part_id: int) -> Part:
    found = next((part for part in parts if part.id == part_id), None)
    if found is None:
        raise NotFound("not_found", id=part_id)
    return found


@resources.route("/concept-note")
class ConceptNote(MethodView):
    """The concept note."""

    @access("exchange.see_inside", Exchange)
    @resources.response(200, ConceptNoteOut)
    def get(self, exchange: Exchange) -> Any:
        """Show the concept note."""
        return exchange

    @access("exchange.edit_plan", Exchange)
    @resources.arguments(ConceptNoteSchema(partial=True))
    @resources.response(200, ConceptNoteOut)
    def patch(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Write the concept note, and the day the partners agreed."""
        with transaction():
            actions.write_concept_note(exchange, data, actor=edge.signed_in())
        return exchange


@resources.route("/partners")
class Partners(MethodView):
    """The partners."""

    @access("exchange.see", Exchange)
    @resources.response(200, PartnerOut(many=True))
    def get(self, exchange: Exchange) -> Any:
        """List the partners."""
        return exchange.partners

    @access("exchange.edit_partners", Exchange)
    @resources.arguments(PartnerSchema)
    @resources.response(201, PartnerOut)
    def post(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Name a partner."""
        with transaction():
            return actions.add_partner(
                exchange,
                data["organisation_id"],
                data["role"],
                actor=edge.signed_in(),
                contact_id=data.get("contact_id"),
            )


@resources.route("/partners/<int:part_id>")
class OnePartner(MethodView):
    """One partner."""

    @access("exchange.edit_partners", Exchange)
    @resources.response(204)
    def delete(self, exchange: Exchange, part_id: int) -> None:
        """Take a partner out."""
        with transaction():
            actions.remove_partner(_part(exchange.partners, part_id), actor=edge.signed_in())


@resources.route("/partners/<int:part_id>/contact")
class PartnerContact(MethodView):
    """Who answers for a partner."""

    @access("exchange.see", Exchange)
    @resources.arguments(ContactOfSchema)
    @resources.response(200, PartnerOut)
    def put(self, exchange: Exchange, data: dict[str, Any], part_id: int) -> Any:
        """Name the point of contact of a partner, or nobody."""
        partner = _part(exchange.partners, part_id)
        policy.require(edge.actor(), "exchange.name_contact", partner)
        with transaction():
            actions.name_partner_contact(partner, data["contact_id"], actor=edge.signed_in())
        return partner


@resources.route("/contact")
class Contact(MethodView):
    """Who answers for the proposer."""

    @access("exchange.edit", Exchange)
    @resources.arguments(ContactOfSchema)
    @resources.response(200, ExchangeOut)
    def put(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Name the point of contact of the proposer, or nobody."""
        with transaction():
            actions.name_contact(exchange, data["contact_id"], actor=edge.signed_in())
        return exchange


@resources.route("/partners/<int:part_id>/commitment")
class Commitment(MethodView):
    """The word of a partner."""

    @access("exchange.see", Exchange)
    @resources.arguments(CommitmentSchema)
    @resources.response(201, PartnerOut)
    def post(self, exchange: Exchange, data: dict[str, Any], part_id: int) -> Any:
        """The partner says yes, or staff write down that it did."""
        partner = _part(exchange.partners, part_id)
        policy.require(edge.actor(), "exchange.commit", partner)
        with transaction():
            actions.commit_partner(partner, actor=edge.signed_in(), on=data.get("committed_on"))
        return partner


@resources.route("/budget-lines")
class BudgetLines(MethodView):
    """The budget."""

    @access("exchange.see_inside", Exchange)
    @resources.response(200, BudgetLineOut(many=True))
    def get(self, exchange: Exchange) -> Any:
        """List the lines of the budget."""
        return exchange.budget_lines

    @access("exchange.edit_plan", Exchange)
    @resources.arguments(BudgetLineSchema)
    @resources.response(201, BudgetLineOut)
    def post(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Add a line."""
        with transaction():
            return actions.save_budget_line(exchange, data)


@resources.route("/budget-lines/<int:part_id>")
class OneBudgetLine(MethodView):
    """One line of the budget."""

    @access("exchange.edit_plan", Exchange)
    @resources.arguments(BudgetLineSchema(partial=True))
    @resources.response(200, BudgetLineOut)
    def patch(self, exchange: Exchange, data: dict[str, Any], part_id: int) -> Any:
        """Change a line."""
        with transaction():
            line = _part(exchange.budget_lines, part_id)
            return actions.save_budget_line(exchange, data, line)

    @access("exchange.edit_plan", Exchange)
    @resources.response(204)
    def delete(self, exchange: Exchange, part_id: int) -> None:
        """Take a line out."""
        with transaction():
            actions.remove_part(_part(exchange.budget_lines, part_id))


@resources.route("/phases")
class Phases(MethodView):
    """The phases of a partnership over years."""

    @access("exchange.see", Exchange)
    @resources.response(200, PhaseOut(many=True))
    def get(self, exchange: Exchange) -> Any:
        """List the phases."""
        return exchange.phases

    @access("exchange.edit_plan", Exchange)
    @resources.arguments(PhaseSchema)
    @resources.response(201, PhaseOut)
    def post(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Add a phase."""
        with transaction():
            return actions.save_phase(exchange, data)


@resources.route("/phases/<int:part_id>")
class OnePhase(MethodView):
    """One phase."""

    @access("exchange.edit_plan", Exchange)
    @resources.arguments(PhaseSchema(partial=True))
    @resources.response(200, PhaseOut)
    def patch(self, exchange: Exchange, data: dict[str, Any], part_id: int) -> Any:
        """Change a phase."""
        with transaction():
            return actions.save_phase(exchange, data, _part(exchange.phases, part_id))

    @access("exchange.edit_plan", Exchange)
    @resources.response(204)
    def delete(self, exchange: Exchange, part_id: int) -> None:
        """Take a phase away."""
        with transaction():
            actions.remove_part(_part(exchange.phases, part_id))
