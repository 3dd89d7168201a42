"""/api/v1/methods: the method library and its pilots."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import described, page_body
from exchange.api.moves import post_step
from exchange.api.schemas import OrganisationBrief
from exchange.edge import access
from exchange.listing import page_of
from exchange.methods import actions, queries
from exchange.methods.feedback import NOTHING, feedback_of
from exchange.methods.models import Method, Pilot
from exchange.methods.schemas import MethodFilter, MethodSchema, PilotEditSchema, PilotSchema
from exchange.schemas import StepSchema
from exchange.transaction import transaction

resources = Blueprint(
    "api_methods",
    __name__,
    url_prefix="/api/v1/methods",
    description="The method library and its pilots",
)


def _texts() -> fields.Dict:
    """Words by language."""
    return fields.Dict(keys=fields.String(), values=fields.String())


class TemplateOut(Schema):
    """A template or a page to read."""

    language = fields.String()
    url = fields.String()
    title = fields.String()


class PilotOut(Schema):
    """A pilot of a method."""

    id = fields.Integer()
    method_id = fields.Integer()
    title = fields.String()
    organisation = fields.Nested(OrganisationBrief)
    exchange_id = fields.Integer(allow_none=True)
    hypothesis = fields.String()
    language = fields.String()
    starts_on = fields.Date()
    ends_on = fields.Date()
    result = fields.String()
    decision = fields.String(allow_none=True)
    state = fields.String()
    state_since = fields.AwareDateTime()


class MethodBriefOut(Schema):
    """A card in the list."""

    id = fields.Integer()
    number = fields.Integer()
    titles = _texts()
    format = fields.String()
    organisation = fields.Nested(OrganisationBrief, allow_none=True)
    min_days = fields.Integer(allow_none=True)
    max_days = fields.Integer(allow_none=True)
    months = fields.Integer(allow_none=True)
    min_people = fields.Integer(allow_none=True)
    max_people = fields.Integer(allow_none=True)
    state = fields.String()
    state_since = fields.AwareDateTime()


class MethodOut(MethodBriefOut):
    """A card with its steps, templates and pilots."""

    follows_id = fields.Integer(allow_none=True)
    texts = _texts()
    steps = fields.List(_texts())
    templates = fields.Nested(TemplateOut, many=True)
    source = fields.String()
    source_url = fields.String()
    pilots = fields.Nested(PilotOut, many=True)


@resources.route("")
class Methods(MethodView):
    """The library."""

    @access("method.see")
    @resources.arguments(MethodFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List methods, the newest first; without a state those that can be used now."""
        query = queries.listed(policy.scoped(Method, edge.actor()), filters)
        page = page_of(query, {"sort": queries.NEWEST_FIRST, **filters}, queries.SORTS)
        return page_body(page, MethodBriefOut())

    @access("method.propose")
    @resources.arguments(MethodSchema)
    @resources.response(201, MethodOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Propose one."""
        with transaction():
            return actions.propose(data, actor=edge.signed_in())


@resources.route("/<int:id>")
class OneMethod(MethodView):
    """One version of a method."""

    @access("method.see", Method, load=queries.whole)
    @resources.response(200, MethodOut)
    def get(self, method: Method) -> Any:
        """Show it."""
        return method

    @access("method.edit", Method)
    @resources.arguments(MethodSchema(partial=True))
    @resources.response(200, MethodOut)
    def patch(self, method: Method, data: dict[str, Any]) -> Any:
        """Change it as long as it is proposed."""
        with transaction():
            return actions.edit(method, data, actor=edge.signed_in())


@resources.route("/<int:id>/versions")
class Versions(MethodView):
    """The versions of a method."""

    @access("method.propose", Method)
    @resources.arguments(MethodSchema)
    @resources.response(201, MethodOut)
    def post(self, method: Method, data: dict[str, Any]) -> Any:
        """Propose the next one."""
        with transaction():
            return actions.propose(data, actor=edge.signed_in(), follows=method)


class FeedbackOut(Schema):
    """Numbers, and means where enough people answered; ``questions`` by their code."""

    people = fields.Integer()
    exchanges = fields.Integer()
    mean = fields.Float(allow_none=True)
    questions = fields.Dict(keys=fields.String(), values=fields.Float(allow_none=True))


@resources.route("/<int:id>/feedback")
class MethodFeedback(MethodView):
    """What participants say of the format."""

    @access("method.see", Method)
    @resources.doc(**described(FeedbackOut, "What participants say."))
    def get(self, method: Method) -> Any:
        """Number of answers and exchanges; means from 1 to 5 where enough people answered."""
        told = feedback_of([method.format_id]).get(method.format_id or 0, NOTHING)
        means = {term.code: mean for term, mean in told.questions}
        counted = {"people": told.people, "exchanges": told.exchanges}
        return {**counted, "mean": told.mean, "questions": means}


@resources.route("/<int:id>/steps")
class MethodSteps(MethodView):
    """The moves of a method."""

    @access("method.see", Method)
    @resources.arguments(StepSchema)
    def post(self, method: Method, asked: dict[str, Any]) -> Any:
        """Move it one step."""
        return post_step("method", method, actions.advance_method, asked), 201


@resources.route("/<int:id>/pilots")
class Pilots(MethodView):
    """The pilots of a method."""

    @access("method.see", Method)
    @resources.response(200, PilotOut(many=True))
    def get(self, method: Method) -> Any:
        """List them."""
        return method.pilots

    @access("method_pilot.plan", Method)
    @resources.arguments(PilotSchema)
    @resources.response(201, PilotOut)
    def post(self, method: Method, data: dict[str, Any]) -> Any:
        """Plan one."""
        with transaction():
            actor = edge.signed_in()
            return actions.plan_pilot(method, data, actor=actor, known=edge.known)


@resources.route("/pilots/<int:id>")
class OnePilot(MethodView):
    """One pilot."""

    @access("method.see", Pilot)
    @resources.response(200, PilotOut)
    def get(self, row: Pilot) -> Any:
        """Show it."""
        return row

    @access("method_pilot.edit", Pilot)
    @resources.arguments(PilotEditSchema(partial=True))
    @resources.response(200, PilotOut)
    def patch(self, row: Pilot, data: dict[str, Any]) -> Any:
        """Change it, or write what came of it."""
        with transaction():
            return actions.edit_pilot(row, data, actor=edge.signed_in(), known=edge.known)


@resources.route("/pilots/<int:id>/steps")
class PilotSteps(MethodView):
    """The moves of a pilot."""

    @access("method.see", Pilot)
    @resources.arguments(StepSchema)
    def post(self, row: Pilot, asked: dict[str, Any]) -> Any:
        """Move it one step."""
        return post_step("method_pilot", row, actions.advance_pilot, asked), 201
