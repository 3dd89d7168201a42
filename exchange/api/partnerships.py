"""/api/v1/partnerships: phases, pairs, work plans, agreements, benefits, reviews."""

from functools import partial
from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.api.schemas import OrganisationBrief
from exchange.edge import access
from exchange.errors import NotFound
from exchange.listing import page_of
from exchange.partnerships import actions, queries
from exchange.partnerships.models import Pair, Partnership, ReviewWorkshop
from exchange.partnerships.schemas import (
    ActivitySchema,
    AgreementSchema,
    BenefitSchema,
    BodySchema,
    PairExchangeSchema,
    PairSchema,
    PartnershipFilter,
    PartnershipSchema,
    PhaseSchema,
    ReviewSchema,
    ReviewSheetSchema,
)
from exchange.schemas import StepSchema
from exchange.transaction import transaction

resources = Blueprint(
    "api_partnerships",
    __name__,
    url_prefix="/api/v1/partnerships",
    description="Partnerships of cities over years",
)


def _texts() -> fields.Dict:
    """Words by language."""
    return fields.Dict(keys=fields.String(), values=fields.String())


class PartnershipPhaseOut(Schema):
    """A phase."""

    id = fields.Integer()
    titles = _texts()
    texts = _texts()
    starts_on = fields.Date()
    ends_on = fields.Date()


class _PartOut(Schema):
    id = fields.Integer()
    text = fields.String()
    language = fields.String()


class ActivityOut(_PartOut):
    """A line of a work plan."""

    organisation_id = fields.Integer()
    due_on = fields.Date()
    done_on = fields.Date(allow_none=True)
    overdue = fields.Boolean()


class AgreementOut(_PartOut):
    """What was signed."""

    kind = fields.String()
    signed_on = fields.Date()
    ends_on = fields.Date(allow_none=True)
    evidence_url = fields.String()


class BenefitOut(_PartOut):
    """What a side has from it."""

    organisation_id = fields.Integer()
    kind = fields.String()
    evidence_url = fields.String()


class PairExchangeOut(Schema):
    """An exchange of a pair."""

    id = fields.Integer()
    reference = fields.String()
    title = fields.String()
    state = fields.String()


class PartnershipPairOut(Schema):
    """A pair with everything that belongs to it."""

    id = fields.Integer()
    name = fields.String(attribute="called")
    cities = fields.Nested(OrganisationBrief, many=True)
    activities = fields.Nested(ActivityOut, many=True)
    agreements = fields.Nested(AgreementOut, many=True)
    benefits = fields.Nested(BenefitOut, many=True)
    exchanges = fields.Nested(PairExchangeOut, many=True)


class ReviewSheetOut(Schema):
    """The sheet of a pair."""

    pair_id = fields.Integer()
    language = fields.String()
    context = fields.String()
    objectives = fields.String()
    results = fields.String()
    challenges = fields.String()
    lessons = fields.String()
    next_steps = fields.String()


class ReviewOut(Schema):
    """A review workshop with the sheets that were written."""

    id = fields.Integer()
    titles = _texts()
    place = fields.String()
    held_on = fields.Date()
    due_on = fields.Date()
    sheets = fields.Nested(ReviewSheetOut, many=True)


class PartnershipBriefOut(Schema):
    """A partnership in the list."""

    id = fields.Integer()
    code = fields.String()
    titles = _texts()
    starts_on = fields.Date()
    ends_on = fields.Date()
    lead = fields.Nested(OrganisationBrief)
    state = fields.String()


class PartnershipOut(PartnershipBriefOut):
    """A partnership with its parts."""

    texts = _texts()
    funders = fields.Nested(OrganisationBrief, many=True)
    phases = fields.Nested(PartnershipPhaseOut, many=True)
    pairs = fields.Nested(PartnershipPairOut, many=True)
    reviews = fields.Nested(ReviewOut, many=True, exclude=("sheets",))


@resources.route("")
class Partnerships(MethodView):
    """The partnerships."""

    @access("partnership.see")
    @resources.arguments(PartnershipFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List partnerships, the newest first."""
        query = queries.listed(policy.scoped(Partnership, edge.actor()), filters)
        page = page_of(query, {"sort": queries.NEWEST_FIRST, **filters}, queries.SORTS)
        return page_body(page, PartnershipBriefOut())

    @access("partnership.create")
    @resources.arguments(PartnershipSchema)
    @resources.response(201, PartnershipOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Write one."""
        with transaction():
            return actions.create(data)


@resources.route("/<int:id>")
class OnePartnership(MethodView):
    """One partnership."""

    @access("partnership.see", Partnership, load=queries.whole)
    @resources.response(200, PartnershipOut)
    def get(self, row: Partnership) -> Any:
        """Show it with its parts."""
        return row

    @access("partnership.edit", Partnership)
    @resources.arguments(PartnershipSchema(partial=True))
    @resources.response(200, PartnershipOut)
    def patch(self, row: Partnership, data: dict[str, Any]) -> Any:
        """Change it."""
        with transaction():
            return actions.edit(row, data)


@resources.route("/<int:id>/steps")
class PartnershipSteps(MethodView):
    """The moves of a partnership."""

    @access("partnership.see", Partnership)
    @resources.arguments(StepSchema)
    def post(self, row: Partnership, asked: dict[str, Any]) -> Any:
        """Move it one step."""
        return post_step("partnership", row, actions.advance_partnership, asked), 201


@resources.route("/reviews/<int:id>")
class OneReview(MethodView):
    """A review workshop."""

    @access("partnership.see", ReviewWorkshop)
    @resources.response(200, ReviewOut)
    def get(self, row: ReviewWorkshop) -> Any:
        """Show its sheets."""
        return row


@resources.route("/reviews/<int:id>/pairs/<int:pair_id>")
class ReviewSheets(MethodView):
    """The sheet of a pair."""

    @access("partnership.see", ReviewWorkshop)
    @resources.arguments(ReviewSheetSchema)
    @resources.response(200, ReviewSheetOut)
    def put(self, row: ReviewWorkshop, data: dict[str, Any], pair_id: int) -> Any:
        """Write it, or write it again."""
        pair = next((one for one in row.partnership.pairs if one.id == pair_id), None)
        if pair is None:
            raise NotFound("not_found", noun="pair", id=pair_id)
        policy.require(edge.actor(), "partnership.write", pair)
        with transaction():
            return actions.write_sheet(row, pair, data)


@resources.route("/pairs/<int:id>")
class OnePair(MethodView):
    """One pair."""

    @access("partnership.see", Pair)
    @resources.response(200, PartnershipPairOut)
    def get(self, row: Pair) -> Any:
        """Show its work plan, agreements, exchanges and benefits."""
        return row


def _add_part(kind: str, pair: Pair, data: dict[str, Any]) -> Any:
    return actions.add_part(pair, kind, data)


def _adds(path: str, model: type[Any], schema: Any, out: Any, act: Any) -> None:
    """A resource that adds one part to a partnership or to a pair."""
    permission = "partnership.write" if model is Pair else "partnership.edit"

    class Adding(MethodView):
        @access(permission, model)
        @resources.arguments(schema)
        @resources.response(201, out)
        def post(self, row: Any, data: dict[str, Any]) -> Any:
            """Add one."""
            with transaction():
                return act(row, data)

    Adding.__name__ = Adding.__qualname__ = f"Partnership{path.rpartition('/')[2].title()}"
    Adding.__doc__ = "What can be added here."
    resources.route(path)(Adding)


# What is added to which: path, model, schema, what comes back, action.
_ADDED: tuple[tuple[str, type[Any], Any, Any, Any], ...] = (
    ("/<int:id>/phases", Partnership, PhaseSchema, PartnershipPhaseOut, actions.add_phase),
    ("/<int:id>/pairs", Partnership, PairSchema, PartnershipPairOut, actions.add_pair),
    ("/<int:id>/funders", Partnership, BodySchema, PartnershipOut, actions.add_funder),
    ("/<int:id>/reviews", Partnership, ReviewSchema, ReviewOut, actions.add_review),
    ("/pairs/<int:id>/cities", Pair, BodySchema, PartnershipPairOut, actions.add_city),
    (
        "/pairs/<int:id>/exchanges",
        Pair,
        PairExchangeSchema,
        PairExchangeOut,
        actions.add_exchange,
    ),
    *(
        (f"/pairs/<int:id>/{kind}", Pair, schema, out, partial(_add_part, kind))
        for kind, schema, out in (
            ("activities", ActivitySchema, ActivityOut),
            ("agreements", AgreementSchema, AgreementOut),
            ("benefits", BenefitSchema, BenefitOut),
        )
    ),
)
for _added in _ADDED:
    _adds(*_added)
