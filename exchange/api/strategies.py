"""/api/v1/strategies: axes, indicators, tagged exchanges, consultations."""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint
from marshmallow import Schema, fields

from exchange import edge, policy
from exchange.api.listing import page_body
from exchange.api.moves import post_step
from exchange.api.schemas import OrganisationBrief
from exchange.edge import access
from exchange.listing import page_of
from exchange.schemas import StepSchema
from exchange.strategies import actions, queries
from exchange.strategies.models import Axis, Consultation, Strategy
from exchange.strategies.schemas import (
    AnswerPostSchema,
    AxisSchema,
    ConsultationSchema,
    IndicatorSchema,
    StrategyFilter,
    StrategySchema,
    TagSchema,
)
from exchange.transaction import transaction

resources = Blueprint(
    "api_strategies",
    __name__,
    url_prefix="/api/v1/strategies",
    description="Learning strategies and consultations",
)


def _texts() -> fields.Dict:
    """Words by language."""
    return fields.Dict(keys=fields.String(), values=fields.String())


class IndicatorOut(Schema):
    """An indicator. ``value`` is what somebody wrote down; what is counted is in ``measured``."""

    id = fields.Integer()
    titles = _texts()
    measure = fields.String()
    baseline = fields.Integer()
    target = fields.Integer()
    value = fields.Integer(allow_none=True)


class TaggedOut(Schema):
    """An exchange that is tagged to an axis."""

    id = fields.Integer()
    reference = fields.String()
    title = fields.String()
    state = fields.String()


class AxisOut(Schema):
    """An axis, with what the program counts for it."""

    id = fields.Integer()
    position = fields.Integer()
    titles = _texts()
    texts = _texts()
    indicators = fields.Nested(IndicatorOut, many=True)
    measured = fields.Function(
        lambda axis: {str(k): n for k, n in queries.measured([axis])[axis.id].items()}
    )


class StrategyBriefOut(Schema):
    """A strategy in the list."""

    id = fields.Integer()
    code = fields.String()
    titles = _texts()
    starts_on = fields.Date()
    ends_on = fields.Date()
    follows_id = fields.Integer(allow_none=True)


class AnswerOut(Schema):
    """What an organisation answered to a question."""

    number = fields.Integer()
    organisation = fields.Nested(OrganisationBrief)
    text = fields.String()
    language = fields.String()


class ConsultationOut(Schema):
    """A round of questions with its answers."""

    id = fields.Integer()
    titles = _texts()
    questions = fields.List(_texts())
    due_on = fields.Date()
    synthesis = _texts()
    state = fields.String()
    answers = fields.Nested(AnswerOut, many=True)


class StrategyOut(StrategyBriefOut):
    """A strategy with its axes and consultations."""

    texts = _texts()
    axes = fields.Nested(AxisOut, many=True)
    consultations = fields.Nested(ConsultationOut, many=True, exclude=("answers",))


@resources.route("")
class Strategies(MethodView):
    """The strategies."""

    @access("strategy.see")
    @resources.arguments(StrategyFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List strategies, the newest first."""
        query = queries.listed(policy.scoped(Strategy, edge.actor()), filters)
        page = page_of(query, {"sort": queries.NEWEST_FIRST, **filters}, queries.SORTS)
        return page_body(page, StrategyBriefOut())

    @access("strategy.edit")
    @resources.arguments(StrategySchema)
    @resources.response(201, StrategyOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Write one."""
        with transaction():
            return actions.create(data)


@resources.route("/<int:id>")
class OneStrategy(MethodView):
    """One strategy."""

    @access("strategy.see", Strategy, load=queries.whole)
    @resources.response(200, StrategyOut)
    def get(self, strategy: Strategy) -> Any:
        """Show a strategy with its axes and what is counted for each."""
        return strategy

    @access("strategy.edit", Strategy)
    @resources.arguments(StrategySchema(partial=True))
    @resources.response(200, StrategyOut)
    def patch(self, strategy: Strategy, data: dict[str, Any]) -> Any:
        """Change a strategy."""
        with transaction():
            return actions.edit(strategy, data)


@resources.route("/<int:id>/axes")
class Axes(MethodView):
    """The axes of a strategy."""

    @access("strategy.edit", Strategy)
    @resources.arguments(AxisSchema)
    @resources.response(201, AxisOut)
    def post(self, strategy: Strategy, data: dict[str, Any]) -> Any:
        """Add an axis."""
        with transaction():
            return actions.add_axis(strategy, data)


@resources.route("/axes/<int:id>/indicators")
class Indicators(MethodView):
    """The indicators of an axis."""

    @access("strategy.edit", Axis)
    @resources.arguments(IndicatorSchema)
    @resources.response(201, IndicatorOut)
    def post(self, row: Axis, data: dict[str, Any]) -> Any:
        """Add an indicator."""
        with transaction():
            return actions.add_indicator(row, data)


@resources.route("/axes/<int:id>/exchanges")
class AxisExchanges(MethodView):
    """The exchanges that are tagged to an axis."""

    @access("strategy.see", Axis)
    @resources.response(200, TaggedOut(many=True))
    def get(self, row: Axis) -> Any:
        """List them."""
        return row.exchanges

    @access("strategy.edit", Axis)
    @resources.arguments(TagSchema)
    @resources.response(201, TaggedOut)
    def post(self, row: Axis, data: dict[str, Any]) -> Any:
        """Tag one by its reference; twice is once."""
        with transaction():
            return actions.tag(row, data["reference"])


@resources.route("/<int:id>/rounds")
class Consultations(MethodView):
    """The consultations of a strategy."""

    @access("consultation.edit", Strategy)
    @resources.arguments(ConsultationSchema)
    @resources.response(201, ConsultationOut)
    def post(self, strategy: Strategy, data: dict[str, Any]) -> Any:
        """Prepare a round of questions."""
        with transaction():
            return actions.add_consultation(strategy, data)


@resources.route("/rounds/<int:id>")
class OneConsultation(MethodView):
    """A round of questions."""

    @access("consultation.see", Consultation)
    @resources.response(200, ConsultationOut)
    def get(self, row: Consultation) -> Any:
        """Show its questions, answers and synthesis."""
        return row

    @access("consultation.edit", Consultation)
    @resources.arguments(ConsultationSchema(partial=True))
    @resources.response(200, ConsultationOut)
    def patch(self, row: Consultation, data: dict[str, Any]) -> Any:
        """Change it; write its synthesis."""
        with transaction():
            return actions.edit_consultation(row, data)


@resources.route("/rounds/<int:id>/answers")
class Answers(MethodView):
    """The answers to a round."""

    @access("consultation.answer", Consultation)
    @resources.arguments(AnswerPostSchema)
    @resources.response(201, AnswerOut)
    def post(self, row: Consultation, data: dict[str, Any]) -> Any:
        """Answer one question; again writes over it."""
        language, actor = edge.current_language(), edge.signed_in()
        with transaction():
            return actions.answer(row, data["number"], data, language=language, actor=actor)


@resources.route("/rounds/<int:id>/steps")
class ConsultationSteps(MethodView):
    """The moves of a round."""

    @access("consultation.see", Consultation)
    @resources.arguments(StepSchema)
    def post(self, row: Consultation, asked: dict[str, Any]) -> Any:
        """Move it one step."""
        return post_step("consultation", row, actions.advance_consultation, asked), 201
