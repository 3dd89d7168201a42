"""/api/v1/matches"""

from typing import Any

from flask.views import MethodView
from flask_smorest import Blueprint

from exchange import edge, policy
from exchange.api.listing import named, page_body
from exchange.api.match_schemas import MatchFullOut, MatchOut, QuestionOut
from exchange.api.moves import post_step
from exchange.catalogue.models import Need, Offer
from exchange.edge import access
from exchange.errors import NotAllowed, NotFound
from exchange.extensions import db
from exchange.listing import page_of
from exchange.matching import actions, by_hand, queries
from exchange.matching.models import Answer, Match, MatchQuestion
from exchange.matching.schemas import (
    AnswerSchema,
    MatchFilter,
    MatchSchema,
    QuestionAnswerSchema,
    QuestionSchema,
    ReopenSchema,
    SuggestSchema,
)
from exchange.matching.sides import other_side, side_for
from exchange.schemas import StepSchema
from exchange.transaction import transaction

resources = Blueprint("api_matches", __name__, url_prefix="/api/v1/matches", description="Matches")


@resources.route("")
class Matches(MethodView):
    """The list of matches."""

    @access("match.see")
    @resources.arguments(MatchFilter, location="query")
    def get(self, filters: dict[str, Any]) -> Any:
        """List matches: those of one's organisations; staff see all."""
        query = queries.listed(policy.scoped(Match, edge.actor()), filters, edge.actor())
        return page_body(page_of(query, filters, queries.SORTS), MatchOut())

    @access("match.create")
    @resources.arguments(MatchSchema)
    @resources.response(201, MatchOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Suggest a pair by hand."""
        need = named("need_id", Need, data)
        offer = named("offer_id", Offer, data)
        with transaction():
            return actions.create_by_officer(need, offer, actor=edge.signed_in(), note=data["note"])


@resources.route("/suggestions")
class MatchSuggestions(MethodView):
    """Pairs that one of the two cities suggests."""

    @access("match.suggest")
    @resources.arguments(SuggestSchema)
    @resources.response(201, MatchOut)
    def post(self, data: dict[str, Any]) -> Any:
        """Suggest one's own need or offer together with that of another."""
        need = named("need_id", Need, data)
        offer = named("offer_id", Offer, data)
        with transaction():
            return by_hand.suggest_ourselves(need, offer, actor=edge.signed_in(), note=data["note"])


@resources.route("/<int:id>/reopening")
class MatchReopening(MethodView):
    """Asking both sides once more after a match has ended."""

    @access("match.ask_to_reopen", Match)
    @resources.arguments(ReopenSchema)
    @resources.response(201, MatchOut)
    def post(self, match: Match, data: dict[str, Any]) -> Any:
        """Ask the secretariat to ask both sides once more."""
        with transaction():
            return by_hand.ask_to_reopen(match, data["note"], actor=edge.actor())


@resources.route("/<int:id>")
class OneMatch(MethodView):
    """One match."""

    @access("match.see", Match)
    @resources.response(200, MatchFullOut)
    def get(self, match: Match) -> Any:
        """Show a match with its reasons, answers and questions."""
        return match


@resources.route("/<int:id>/answers")
class MatchAnswers(MethodView):
    """What the sides say."""

    @access("match.see", Match)
    @resources.arguments(AnswerSchema)
    @resources.response(201, MatchOut)
    def post(self, match: Match, data: dict[str, Any]) -> Any:
        """Accept or decline for one side."""
        side = side_for(match, edge.signed_in(), data.get("side"))
        reason = (data["reason_code"], data["note"])
        given = Answer(data["answer"])
        with transaction():
            actions.answer(match, side, given, actor=edge.signed_in(), reason=reason)
        return match


@resources.route("/<int:id>/questions")
class MatchQuestions(MethodView):
    """Questions between the sides."""

    @access("match.ask", Match)
    @resources.arguments(QuestionSchema)
    @resources.response(201, QuestionOut)
    def post(self, match: Match, data: dict[str, Any]) -> Any:
        """Ask the other side."""
        side = side_for(match, edge.signed_in(), data.get("side"))
        with transaction():
            return actions.ask(match, side, data["text"], actor=edge.signed_in())


@resources.route("/<int:id>/questions/<int:question_id>/answer")
class MatchQuestionAnswer(MethodView):
    """The answer to one question."""

    @access("match.ask", Match)
    @resources.arguments(QuestionAnswerSchema)
    @resources.response(201, QuestionOut)
    def post(self, match: Match, data: dict[str, Any], question_id: int) -> Any:
        """Answer a question of the other side."""
        question = db.session.get(MatchQuestion, question_id)
        if question is None or question.match_id != match.id:
            raise NotFound("not_found")
        if side_for(match, edge.signed_in(), other_side(question.side)) == question.side:
            raise NotAllowed("not_your_side")
        with transaction():
            actions.answer_question(question, data["text"], actor=edge.signed_in())
        return question


@resources.route("/<int:id>/steps")
class MatchSteps(MethodView):
    """The moves of a match."""

    @access("match.see", Match)
    @resources.arguments(StepSchema)
    def post(self, match: Match, asked: dict[str, Any]) -> Any:
        """Propose, overrule or withdraw; the sides answer at ``answers``."""
        return post_step("match", match, actions.advance, asked), 201
