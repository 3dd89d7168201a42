"""/api/v1/needs/…/matching and /why: what the matcher says of a need, and of one pair."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, edge_why, labels, policy
from exchange.api.match_schemas import ConditionOut, ReasonOut
from exchange.catalogue.models import Need, Offer
from exchange.edge import access
from exchange.matching import explaining

resources = Blueprint(
    "api_why", __name__, url_prefix="/api/v1/needs", description="Why a pair fits or not"
)


class ChangeOut(Schema):
    """A change of the need, and how many more offers would fit then."""

    kind = fields.String()
    value = fields.Raw()
    gains = fields.Integer()
    sentence = fields.String()


class WhyNoneOut(Schema):
    """What kept offers away from a need, each rule counting what those before it left."""

    looked_at = fields.Integer()
    fits = fields.Integer()
    removed = fields.Dict(keys=fields.String(), values=fields.Integer())
    changes = fields.List(fields.Nested(ChangeOut))


class BrokenOut(Schema):
    """A rule that a pair breaks."""

    code = fields.Function(str)
    sentence = fields.Function(lambda code: str(labels.BROKEN[code]))


class WhyOut(Schema):
    """What the rules say of one pair; the points of the reasons sum to the score."""

    need_id = fields.Integer()
    offer_id = fields.Integer()
    fits = fields.Boolean()
    score = fields.Integer()
    broken = fields.List(fields.Nested(BrokenOut))
    reasons = fields.List(fields.Nested(ReasonOut))
    conditions = fields.List(fields.Nested(ConditionOut))
    changes = fields.List(fields.Nested(ChangeOut))
    summary = fields.List(fields.String())


@resources.route("/<int:id>/matching")
class NeedMatching(MethodView):
    """What the matcher says of a need."""

    @access("need.explain", Need)
    @resources.response(200, WhyNoneOut)
    def get(self, need: Need) -> Any:
        """What kept offers away, and which changes would bring most of them back."""
        found = explaining.why_none(need)
        return {**vars(found), "changes": _told(found.changes)}


@resources.route("/<int:id>/why/<int:offer_id>")
class NeedWhy(MethodView):
    """What the matcher says of one pair."""

    @access("need.explain", Need)
    @resources.response(200, WhyOut)
    def get(self, need: Need, offer_id: int) -> Any:
        """Why this offer fits the need, or why not: every rule that it breaks."""
        offer = policy.find(Offer, offer_id, edge.actor())
        found = explaining.why_not(need, offer)
        verdict = found.verdict
        told = edge_why.of_verdict(need, offer, verdict)
        shown = {"reasons": told.reasons, "conditions": told.met, "summary": told.lines}
        facts: dict[str, Any] = {"need_id": need.id, "offer_id": offer.id, "broken": verdict.broken}
        facts |= {"fits": verdict.fits, "score": verdict.score, "changes": _told(found.changes)}
        return {**facts, **shown}


def _told(changes: Any) -> list[dict[str, Any]]:
    """Changes with their words."""
    told = zip(changes, edge_why.helps(changes), strict=True)
    return [{**vars(one), "sentence": said.words} for one, said in told]
