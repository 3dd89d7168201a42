"""/api/v1/exchanges/<id>/proposal: what it answers, what is missing, and the sending of it."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.schemas import step_body
from exchange.edge import access
from exchange.exchanges import proposals
from exchange.exchanges.models import Exchange
from exchange.exchanges.proposal_schemas import ConsentSchema
from exchange.transaction import transaction
from workflows.exchange import EXCHANGE

resources = Blueprint(
    "api_proposals",
    __name__,
    url_prefix="/api/v1/exchanges/<int:id>/proposal",
    description="What a proposal answers",
)


class ToAnswerOut(Schema):
    """Something that a proposal still lacks, or that has become wrong."""

    step = fields.String()
    field = fields.String()
    code = fields.String()


class ProposalOut(Schema):
    """What a proposal answers beside what everybody may read of an exchange."""

    learning_question = fields.String()
    host_search = fields.String(allow_none=True)
    mode = fields.String(allow_none=True)
    guests = fields.Integer(allow_none=True)
    access_needs = fields.String()
    budget_note = fields.String()
    consented_on = fields.Date(allow_none=True)
    missing = fields.Function(lambda row: [_lack(at, name) for at, name in proposals.missing(row)])
    problems = fields.Function(
        lambda row: [_wrong(at, code) for at, code in proposals.problems(row)]
    )


def _lack(at: str, name: str) -> dict[str, str]:
    return {"step": str(at), "field": name, "code": "required"}


def _wrong(at: str, code: str) -> dict[str, str]:
    return {"step": str(at), "field": "", "code": code}


@resources.route("")
class Proposal(MethodView):
    """The answers of a proposal."""

    @access("exchange.see_inside", Exchange)
    @resources.response(200, ProposalOut)
    def get(self, exchange: Exchange) -> Any:
        """Show what it answers, and what is missing before it can be sent."""
        return exchange

    @access("exchange.edit", Exchange)
    @resources.arguments(ConsentSchema)
    def post(self, exchange: Exchange, data: dict[str, Any]) -> Any:
        """Send it: everything that is needed is there, and its people agree that others read it."""
        policy.require(edge.actor(), f"exchange.{proposals.sending(exchange)}", exchange)
        with transaction():
            step = proposals.send(exchange, consent=data["consent"], actor=edge.signed_in())
        return step_body(step, policy.open_triggers(EXCHANGE, exchange, edge.actor())), 201
