"""The pages of consultations: questions to the network, its answers, the synthesis."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, multilingual
from exchange.edge import access
from exchange.errors import NotFound
from exchange.steps import steps_of
from exchange.strategies import actions
from exchange.strategies.models import Consultation, Strategy
from exchange.strategies.schemas import AnswerSchema, ConsultationSchema
from exchange.web.forms import Form
from exchange.web.moves import move

pages = Blueprint("consultations", __name__, url_prefix="/strategies")
WORDS = {"title": "titles", "synthesis": "synthesis"}


@pages.route("/<int:id>/rounds/new", methods=["GET", "POST"])
@access("consultation.edit", Strategy)
def create(strategy: Strategy) -> Any:
    """Prepare a round of questions."""
    form = Form(ConsultationSchema())
    row = form.submit(lambda data: actions.add_consultation(strategy, data))
    if row is None:
        return _form(form, _("Prepare a consultation"), strategy)
    flash(_("Saved."))
    return redirect(url_for("consultations.show", id=row.id))


@pages.get("/rounds/<int:id>")
@access("consultation.see", Consultation)
def show(row: Consultation) -> Any:
    """One round: its questions with the answers to each, and what was made of them."""
    steps = steps_of("consultation", row.id)
    by_number = {n: [a for a in row.answers if a.number == n] for n in range(len(row.questions))}
    facts = {"steps": steps, "by_number": by_number, "strategy": row.strategy}
    return render_template("consultations/show.html", row=row, **facts)


@pages.route("/rounds/<int:id>/edit", methods=["GET", "POST"])
@access("consultation.edit", Consultation)
def edit(row: Consultation) -> Any:
    """Change a round; write its synthesis."""
    known = multilingual.as_form(row, WORDS) | multilingual.as_lines(row.questions, "questions")
    form = Form(ConsultationSchema(), initial=known)
    if form.submit(lambda data: actions.edit_consultation(row, data)) is None:
        return _form(form, _("Change the consultation"), row.strategy)
    flash(_("Saved."))
    return redirect(url_for("consultations.show", id=row.id))


@pages.route("/rounds/<int:id>/questions/<int:number>", methods=["GET", "POST"])
@access("consultation.answer", Consultation)
def answer(row: Consultation, number: int) -> Any:
    """Answer one question for one's organisation."""
    if not 0 <= number < len(row.questions):
        raise NotFound("not_found", noun="question", id=number)
    form = Form(AnswerSchema())
    language, actor = edge.current_language(), edge.signed_in()
    done = form.submit(
        lambda data: actions.answer(row, number, data, language=language, actor=actor)
    )
    if done is None:
        facts = {"row": row, "question": row.questions[number]}
        return render_template("consultations/answer.html", form=form, **facts), form.status
    flash(_("Your answer is there. Thank you."))
    return redirect(url_for("consultations.show", id=row.id))


@pages.post("/rounds/<int:id>/move")
@access("consultation.see", Consultation)
def step(row: Consultation) -> Any:
    """Move a round one step."""
    move("consultation", row, actions.advance_consultation, request.form)
    return redirect(url_for("consultations.show", id=row.id))


def _form(form: Form, title: str, strategy: Strategy) -> Any:
    facts = {"form": form, "title": title, "strategy": strategy}
    return render_template("strategies/edit.html", **facts), form.status
