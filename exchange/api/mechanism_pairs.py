"""/api/v1/mechanism-pairs: who could work together, who asked whom, what was agreed."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.edge import access
from exchange.listing import page_of
from exchange.mechanisms import pairs, queries
from exchange.mechanisms.models import MechanismPair
from exchange.mechanisms.schemas import MeetingFilter, PairFilter, PairSchema
from exchange.schemas import StepSchema
from exchange.transaction import transaction

resources = Blueprint(
    "api_mechanism_pairs",
    __name__,
    url_prefix="/api/v1/mechanism-pairs",
    description="Pairs of mechanisms",
)


class MeetingOut(Schema):
    """A need that an offer meets: points of 10000, and why."""

    need_id = fields.Integer()
    offer_id = fields.Integer()
    score = fields.Integer()
    reasons = fields.List(fields.Dict())


class PairOut(MeetingOut):
    """A need and an offer that somebody brought together."""

    id = fields.Integer()
    asked_by = fields.String(allow_none=True)
    exchange_id = fields.Integer(allow_none=True)
    state = fields.String()
    state_since = fields.AwareDateTime()


class ProposalOut(Schema):
    """The draft that came of a pair."""

    id = fields.Integer()
    reference = fields.String()


@resources.route("")
class Pairs(MethodView):
    """The pairs."""

    @access("mechanism_pair.see")
    @resources.arguments(PairFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List them, the latest first."""
        query = queries.pairs(policy.scoped(MechanismPair, edge.actor()), filters)
        page = page_of(query, {"sort": queries.LATEST, **filters}, queries.PAIR_SORTS)
        return page_body(page, PairOut())

    @access("mechanism_pair.suggest")
    @resources.arguments(PairSchema)
    @resources.response(201, PairOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Bring two together; twice is once."""
        with transaction():
            return pairs.suggest(data, actor=edge.actor())


@resources.route("/meetings")
class Meetings(MethodView):
    """Who could work together."""

    @access("mechanism.see")
    @resources.arguments(MeetingFilter, location="query")
    @resources.response(200, MeetingOut(many=True))
    def get(self, filters: dict[str, Any]) -> Any:
        """The best first."""
        found = queries.met(filters.get("needs"), filters.get("offers"))
        return [one.meeting for one in found]


@resources.route("/<int:id>")
class OnePair(MethodView):
    """One pair."""

    @access("mechanism_pair.see", MechanismPair)
    @resources.response(200, PairOut)
    def get(self, row: MechanismPair) -> Any:
        """Show it."""
        return row


@resources.route("/<int:id>/steps")
class PairSteps(MethodView):
    """The moves of a pair."""

    @access("mechanism_pair.see", MechanismPair)
    @resources.arguments(StepSchema)
    def post(self, row: MechanismPair, asked: dict[str, Any]) -> Any:
        """Ask, agree or decline."""
        return post_step("mechanism_pair", row, pairs.advance_pair, asked), 201


@resources.route("/<int:id>/exchange")
class PairExchange(MethodView):
    """The exchange that comes of a pair."""

    @access("mechanism_pair.propose_exchange", MechanismPair)
    @resources.response(201, ProposalOut)
    def post(self, row: MechanismPair) -> Any:
        """Make a draft proposal; twice is once."""
        with transaction():
            return pairs.propose_exchange(row, actor=edge.actor())
