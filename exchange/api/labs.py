"""/api/v1/labs: local laboratories and their cycles."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.api.schemas import OrganisationBrief
from exchange.edge import access
from exchange.labs import actions, queries
from exchange.labs.models import Lab, LabCycle
from exchange.labs.schemas import (
    LabCycleEditSchema,
    LabCycleSchema,
    LabEditSchema,
    LabFilter,
    LabMechanismSchema,
    LabPartnerSchema,
    LabSchema,
)
from exchange.listing import page_of
from exchange.schemas import Codes, StepSchema
from exchange.transaction import transaction

resources = Blueprint(
    "api_labs",
    __name__,
    url_prefix="/api/v1/labs",
    description="Local laboratories and their cycles",
)


class LabBriefOut(Schema):
    """A laboratory in the list."""

    id = fields.Integer()
    title = fields.String()
    language = fields.String()
    organisation = fields.Nested(OrganisationBrief)
    starts_on = fields.Date()
    ends_on = fields.Date()
    state = fields.String()
    state_since = fields.AwareDateTime()


class LabPartnerOut(Schema):
    """Who takes part, and what they bring."""

    organisation = fields.Nested(OrganisationBrief)
    brings = fields.String()


class LabCycleOut(Schema):
    """A cycle: question, prototype, test, result."""

    id = fields.Integer()
    lab_id = fields.Integer()
    number = fields.Integer()
    question = fields.String()
    prototype = fields.String()
    test = fields.String()
    result = fields.String()
    due_on = fields.Date()
    state = fields.String()
    state_since = fields.AwareDateTime()


class LabOut(LabBriefOut):
    """A laboratory with its cycles, its partners and what remains."""

    text = fields.String()
    themes = Codes("theme")
    sdg_goals = Codes("sdg_goal")
    exchange_id = fields.Integer(allow_none=True)
    pilot_id = fields.Integer(allow_none=True)
    partners = fields.Nested(LabPartnerOut, many=True)
    mechanism_ids = fields.Function(
        lambda lab: [one.id for one in lab.mechanisms],
        metadata={"type": "array", "items": {"type": "integer"}},
    )
    cycles = fields.Nested(LabCycleOut, many=True)
    kept = fields.String()
    adapted = fields.String()
    dropped = fields.String()


@resources.route("")
class Labs(MethodView):
    """The laboratories."""

    @access("lab.see")
    @resources.arguments(LabFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List laboratories, the newest first."""
        query = queries.listed(policy.scoped(Lab, edge.actor()), filters)
        page = page_of(query, {"sort": queries.NEWEST_FIRST, **filters}, queries.SORTS)
        return page_body(page, LabBriefOut())

    @access("lab.open")
    @resources.arguments(LabSchema)
    @resources.response(201, LabOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Open one."""
        with transaction():
            return actions.open_lab(data, actor=edge.signed_in(), known=edge.known)


@resources.route("/<int:id>")
class OneLab(MethodView):
    """One laboratory."""

    @access("lab.see", Lab, load=queries.whole)
    @resources.response(200, LabOut)
    def get(self, row: Lab) -> Any:
        """Show it."""
        return row

    @access("lab.edit", Lab)
    @resources.arguments(LabEditSchema(partial=True))
    @resources.response(200, LabOut)
    def patch(self, row: Lab, data: dict[str, Any]) -> Any:
        """Change it, or write what was kept, adapted or dropped."""
        with transaction():
            return actions.edit(row, data, actor=edge.signed_in(), known=edge.known)


@resources.route("/<int:id>/partners")
class LabPartners(MethodView):
    """Who takes part."""

    @access("lab.edit", Lab)
    @resources.arguments(LabPartnerSchema)
    @resources.response(201, LabPartnerOut)
    def post(self, row: Lab, data: dict[str, Any]) -> Any:
        """Name an organisation; again corrects what it brings."""
        with transaction():
            return actions.add_partner(row, data)


@resources.route("/<int:id>/mechanisms")
class LabMechanisms(MethodView):
    """The mechanisms of learning that a laboratory belongs to."""

    @access("lab.edit", Lab)
    @resources.arguments(LabMechanismSchema)
    @resources.response(201, LabOut)
    def post(self, row: Lab, data: dict[str, Any]) -> Any:
        """Link one."""
        with transaction():
            actions.link_mechanism(row, data)
            return row


@resources.route("/<int:id>/steps")
class LabSteps(MethodView):
    """The moves of a laboratory."""

    @access("lab.see", Lab)
    @resources.arguments(StepSchema)
    def post(self, row: Lab, asked: dict[str, Any]) -> Any:
        """Move it one step."""
        return post_step("lab", row, actions.advance_lab, asked), 201


@resources.route("/<int:id>/cycles")
class LabCycles(MethodView):
    """The cycles of a laboratory."""

    @access("lab.see", Lab)
    @resources.response(200, LabCycleOut(many=True))
    def get(self, row: Lab) -> Any:
        """List them, the first first."""
        return row.cycles

    @access("lab_cycle.write", Lab)
    @resources.arguments(LabCycleSchema)
    @resources.response(201, LabCycleOut)
    def post(self, row: Lab, data: dict[str, Any]) -> Any:
        """Ask the next question."""
        with transaction():
            return actions.add_cycle(row, data)


@resources.route("/cycles/<int:id>")
class OneLabCycle(MethodView):
    """One cycle."""

    @access("lab.see", LabCycle)
    @resources.response(200, LabCycleOut)
    def get(self, row: LabCycle) -> Any:
        """Show it."""
        return row

    @access("lab_cycle.write", LabCycle)
    @resources.arguments(LabCycleEditSchema(partial=True))
    @resources.response(200, LabCycleOut)
    def patch(self, row: LabCycle, data: dict[str, Any]) -> Any:
        """Write what is built, how it is tested, what came of it."""
        with transaction():
            return actions.edit_cycle(row, data)


@resources.route("/cycles/<int:id>/steps")
class LabCycleSteps(MethodView):
    """The moves of a cycle."""

    @access("lab.see", LabCycle)
    @resources.arguments(StepSchema)
    def post(self, row: LabCycle, asked: dict[str, Any]) -> Any:
        """Move it one step."""
        return post_step("lab_cycle", row, actions.advance_cycle, asked), 201
