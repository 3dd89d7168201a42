"""The pages of matches."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select

from exchange import edge, edge_why, policy
from exchange.catalogue.models import Need, Offer
from exchange.edge import access
from exchange.errors import Conflict, Invalid, NotAllowed, NotFound
from exchange.extensions import db
from exchange.listing import facets, page_of
from exchange.matching import actions, by_hand, looking, queries
from exchange.matching.by_hand import BY_OFFICER
from exchange.matching.models import Answer, Match, MatchQuestion
from exchange.matching.schemas import (
    AnswerSchema,
    MatchFilter,
    MatchSchema,
    QuestionAnswerSchema,
    QuestionSchema,
    ReopenSchema,
    WhySchema,
)
from exchange.matching.sides import other_side, side_for
from exchange.transaction import transaction
from exchange.web.forms import Form, filters
from exchange.web.match_page import page_of_match, parts, previews, read_parts
from exchange.web.moves import move
from exchange.web.named import row_named
from workflows.engine import TransitionRefused
from workflows.match import MatchState

pages = Blueprint("matches", __name__, url_prefix="/matches")


@pages.get("")
@access("match.see")
def index() -> Any:
    """The list of matches: those of one's organisations; staff see all."""
    chosen = filters(MatchFilter())
    known = policy.scoped(Match, edge.actor())

    def narrow(by: Mapping[str, Any]) -> Select[Any]:
        return queries.listed(known, by, edge.actor())

    page = page_of(narrow(chosen), {"sort": "-newest", **chosen}, queries.SORTS)
    counts = facets(narrow, chosen, {"state": Match.state}, ("mine", "waiting"))
    return render_template("matches/list.html", page=page, chosen=chosen, counts=counts)


@pages.get("/<int:id>")
@access("match.see", Match, load=parts)
def show(match: Match) -> Any:
    """One match: why, both texts side by side, whose turn."""
    return render_template("matches/show.html", **page_of_match(match))


@pages.post("/<int:id>/answer")
@access("match.see", Match)
def answer(match: Match) -> Any:
    """Say yes or no for one side."""
    form = Form(AnswerSchema())
    try:
        done = form.submit(lambda data: _answer(match, data))
    except (TransitionRefused, Conflict):  # the other side or an officer was quicker
        return _page(match, too_late=True, typed=request.form.get("note", "")), 409
    if done is None:
        return _page(match, answer_form=form), form.status
    flash(_("Thank you. Your answer is written down."))
    return redirect(url_for("matches.show", id=match.id))


@pages.post("/<int:id>/questions")
@access("match.ask", Match)
def ask(match: Match) -> Any:
    """Ask the other side."""
    form = Form(QuestionSchema())
    done = form.submit(
        lambda data: actions.ask(
            match,
            side_for(match, edge.signed_in(), data.get("side")),
            data["text"],
            actor=edge.signed_in(),
        )
    )
    if done is None:
        return _page(match, question_form=form), form.status
    flash(_("Your question is there for the other side to answer."))
    return redirect(url_for("matches.show", id=match.id))


@pages.post("/<int:id>/questions/<int:question_id>")
@access("match.ask", Match)
def answer_question(match: Match, question_id: int) -> Any:
    """Answer a question of the other side."""
    question = _question(match, question_id)
    form = Form(QuestionAnswerSchema())
    done = form.submit(
        lambda data: actions.answer_question(question, data["text"], actor=edge.signed_in())
    )
    if done is None:
        raise Invalid("text", "nothing_written")
    flash(_("Answered."))
    return redirect(url_for("matches.show", id=match.id))


@pages.post("/<int:id>/move")
@access("match.see", Match)
def step(match: Match) -> Any:
    """A move that staff make."""
    move("match", match, actions.advance, request.form)
    return redirect(url_for("matches.show", id=match.id))


@pages.get("/<int:id>/publish")
@access("match.propose", Match)
def publish(match: Match) -> Any:
    """What both sides will read, before they are asked."""
    if match.state != MatchState.suggested:
        return redirect(url_for("matches.show", id=match.id))
    return render_template("matches/publish.html", match=match, previews=previews(match))


@pages.route("/<int:id>/why", methods=["GET", "POST"])
@access("match.say_why", Match)
def say_why(match: Match) -> Any:
    """An officer's own words, before both sides read why they fit."""
    said = next((one for one in match.reasons if one["code"] == BY_OFFICER), None)
    form = Form(WhySchema(), initial={"note": said["evidence"]["note"] if said else ""})
    done = form.submit(lambda data: by_hand.say_why(match, data["note"], actor=edge.actor()))
    if done is None:
        page = render_template(
            "matches/say_why.html", form=form, match=match, told=edge_why.of_match(match)
        )
        return page, form.status
    flash(_("Saved."))
    return redirect(url_for("matches.show", id=match.id))


@pages.post("/<int:id>/reopen-asked")
@access("match.ask_to_reopen", Match)
def ask_to_reopen(match: Match) -> Any:
    """A side asks the secretariat to ask both once more."""
    form = Form(ReopenSchema())
    done = form.submit(lambda data: by_hand.ask_to_reopen(match, data["note"], actor=edge.actor()))
    if done is None:
        return _page(match, reopen_form=form), form.status
    flash(_("The CGLU-UCLG team knows that you would like to be asked again."))
    return redirect(url_for("matches.show", id=match.id))


@pages.post("/<int:id>/reopen")
@access("match.reopen", Match)
def reopen(match: Match) -> Any:
    """Ask both sides once more."""
    with transaction():
        again = by_hand.reopen(match, actor=edge.signed_in())
    flash(_("Both sides are asked again."))
    return redirect(url_for("matches.show", id=again.id))


@pages.route("/new", methods=["GET", "POST"])
@access("match.create")
def create() -> Any:
    """Suggest a pair by hand."""
    need = row_named(Need, "need_id")
    form = Form(MatchSchema(), initial={"need_id": need.id})
    match = form.submit(lambda data: _create(need, data))
    if match is None:
        return render_template("matches/edit.html", form=form, need=need), form.status
    flash(_("Suggested. Propose it when the place is to be held."))
    return redirect(url_for("matches.show", id=match.id))


@pages.post("/needs/<int:id>/look")
@access("match.create", Need)
def look(need: Need) -> Any:
    """Look for offers now, and say what was found and what kept the others away."""
    ranking = looking.at_need(need.id)
    if ranking is None:
        flash(_("Only a published need is matched."))
        return redirect(url_for("needs.show", id=need.id))
    return render_template("matches/found.html", need=need, ranking=ranking)


def _page(match: Match, **facts: Any) -> Any:
    read_parts(match)
    forms = {name: form for name, form in facts.items() if isinstance(form, Form)}
    return render_template("matches/show.html", **{**facts, **page_of_match(match, **forms)})


def _answer(match: Match, data: dict[str, Any]) -> Any:
    side = side_for(match, edge.signed_in(), data.get("side"))
    reason = (data["reason_code"], data["note"])
    given = Answer(data["answer"])
    return actions.answer(match, side, given, actor=edge.signed_in(), reason=reason)


def _create(need: Need, data: dict[str, Any]) -> Match:
    offer = policy.find(Offer, data["offer_id"], edge.actor())
    return actions.create_by_officer(need, offer, actor=edge.signed_in(), note=data["note"])


def _question(match: Match, question_id: int) -> MatchQuestion:
    question = db.session.get(MatchQuestion, question_id)
    if question is None or question.match_id != match.id:
        raise NotFound("not_found")
    if side_for(match, edge.signed_in(), other_side(question.side)) == question.side:
        raise NotAllowed("not_your_side")
    return question
