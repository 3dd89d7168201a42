"""The pages of local laboratories: a challenge of a city, its cycles, and what remains."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.challenges import actions as challenge_actions
from exchange.challenges.models import AnswerKind, Challenge
from exchange.clock import today
from exchange.edge import access
from exchange.exchanges.models import Exchange
from exchange.extensions import db
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
from exchange.methods.models import Pilot
from exchange.schemas import Schema
from exchange.steps import steps_of
from exchange.transaction import transaction
from exchange.web.forms import Form, filters
from exchange.web.moves import move
from exchange.web.named import row_named
from exchange.web.options import of_enum, terms
from workflows.lab import LabState

pages = Blueprint("labs", __name__, url_prefix="/labs")
pages.add_app_template_global(queries.of_mechanism, "labs_of_mechanism")
pages.add_app_template_global(queries.of_pilot, "labs_of_pilot")

# What can be added to a laboratory: its schema, its action, the heading; and how it is taken out.
Adding = tuple[type[Schema], Callable[[Lab, dict[str, Any]], Any], Callable[[], str]]
ADDED: dict[str, Adding] = {
    "partners": (LabPartnerSchema, actions.add_partner, lambda: _("Add a partner")),
    "mechanisms": (LabMechanismSchema, actions.link_mechanism, lambda: _("Link a mechanism")),
}
REMOVED: dict[str, Callable[[Lab, int], None]] = {
    "partners": actions.remove_partner,
    "mechanisms": actions.remove_mechanism,
}


@pages.get("")
@access("lab.see")
def index() -> Any:
    """The laboratories, the newest first."""
    chosen = filters(LabFilter())
    query = queries.listed(policy.scoped(Lab, edge.actor()), chosen)
    page = page_of(query, {"sort": queries.NEWEST_FIRST, **chosen}, queries.SORTS)
    selects = [
        ("state", of_enum(LabState)),
        ("theme", terms("theme")),
        ("sdg_goal", terms("sdg_goal")),
        ("section", terms("section")),
    ]
    return render_template("labs/list.html", page=page, chosen=chosen, selects=selects)


@pages.route("/new", methods=["GET", "POST"])
@access("lab.open")
def create() -> Any:
    """Open a laboratory; ``?challenge=`` names the challenge that it answers."""
    challenge, actor = _challenge(), edge.signed_in()
    form = Form(LabSchema(), initial=_initial(challenge))

    def save(data: dict[str, Any]) -> Lab:
        row = actions.open_lab(data, actor=actor, known=edge.known)
        if challenge is not None:
            answer = {"answer": AnswerKind.lab, "lab_id": row.id}
            challenge_actions.answer(challenge, answer, actor=actor)
        return row

    row = form.submit(save)
    if row is None:
        return _form(form, _("Open a laboratory"), None)
    return _saved(row)


def _challenge() -> Challenge | None:
    if "challenge" not in request.args:
        return None
    found: Challenge = row_named(Challenge, "challenge")
    policy.require(edge.actor(), "challenge.answer", found)
    return found


def _initial(challenge: Challenge | None) -> dict[str, Any]:
    facts = {"language": edge.current_language(), "starts_on": today().isoformat()}
    if challenge is None:
        return facts
    whose = {"organisation_id": challenge.organisation_id, "language": challenge.language}
    return {**facts, **whose, "text": challenge.text}


@pages.get("/<int:id>")
@access("lab.see", Lab, load=queries.whole)
def show(row: Lab) -> Any:
    """One laboratory: its challenge, its cycles, who takes part, what remains."""
    actor = edge.actor()
    answered = policy.scoped(Challenge, actor).where(Challenge.lab_id == row.id)
    joined = policy.scoped(Exchange, actor).where(Exchange.id == row.exchange_id)
    tried = policy.scoped(Pilot, actor).where(Pilot.id == row.pilot_id)
    facts = {
        "challenges": list(db.session.scalars(answered.order_by(Challenge.id))),
        "exchange": db.session.scalars(joined).first(),
        "pilot": db.session.scalars(tried).first(),
    }
    return render_template("labs/show.html", row=row, steps=steps_of("lab", row.id), **facts)


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("lab.edit", Lab)
def edit(row: Lab) -> Any:
    """Change a laboratory, or say what was kept, adapted or dropped."""
    form, actor = Form(LabEditSchema(), row), edge.signed_in()
    done = form.submit(lambda data: actions.edit(row, data, actor=actor, known=edge.known))
    if done is None:
        return _form(form, _("Change the laboratory"), row)
    return _saved(row)


@pages.post("/<int:id>/move")
@access("lab.see", Lab)
def step(row: Lab) -> Any:
    """Move a laboratory one step."""
    move("lab", row, actions.advance_lab, request.form)
    return redirect(url_for("labs.show", id=row.id))


@pages.route("/<int:id>/<any(partners, mechanisms):kind>/new", methods=["GET", "POST"])
@access("lab.edit", Lab)
def add(row: Lab, kind: str) -> Any:
    """Name a partner, or link a mechanism of learning."""
    schema, action, title = ADDED[kind]
    form = Form(schema())
    if form.submit(lambda data: action(row, data)) is None:
        return _form(form, title(), row)
    return _saved(row)


@pages.post("/<int:id>/<any(partners, mechanisms):kind>/<int:number>/remove")
@access("lab.edit", Lab)
def remove(row: Lab, kind: str, number: int) -> Any:
    """Take a partner out, or undo the link to a mechanism."""
    with transaction():
        REMOVED[kind](row, number)
    return _saved(row)


@pages.route("/<int:id>/cycles/new", methods=["GET", "POST"])
@access("lab_cycle.write", Lab)
def add_cycle(row: Lab) -> Any:
    """Ask the next question."""
    form = Form(LabCycleSchema())
    cycle = form.submit(lambda data: actions.add_cycle(row, data))
    if cycle is None:
        return _form(form, _("Begin a cycle"), row)
    flash(_("Saved. When its day is past, we will ask what came of it."))
    return redirect(url_for("labs.cycle", id=cycle.id))


@pages.get("/cycles/<int:id>")
@access("lab.see", LabCycle)
def cycle(row: LabCycle) -> Any:
    """One cycle: question, prototype, test, result."""
    steps = steps_of("lab_cycle", row.id)
    return render_template("labs/cycle.html", cycle=row, lab=row.lab, steps=steps)


@pages.route("/cycles/<int:id>/edit", methods=["GET", "POST"])
@access("lab_cycle.write", LabCycle)
def edit_cycle(row: LabCycle) -> Any:
    """Write what is built, how it is tested, what came of it."""
    form = Form(LabCycleEditSchema(), row)
    if form.submit(lambda data: actions.edit_cycle(row, data)) is None:
        return _form(form, _("What came of the cycle"), row.lab)
    flash(_("Saved."))
    return redirect(url_for("labs.cycle", id=row.id))


@pages.post("/cycles/<int:id>/move")
@access("lab.see", LabCycle)
def step_cycle(row: LabCycle) -> Any:
    """Move a cycle one step."""
    move("lab_cycle", row, actions.advance_cycle, request.form)
    return redirect(url_for("labs.cycle", id=row.id))


def _form(form: Form, title: str, row: Lab | None) -> Any:
    return render_template("labs/edit.html", form=form, title=title, row=row), form.status


def _saved(row: Lab) -> Any:
    flash(_("Saved."))
    return redirect(url_for("labs.show", id=row.id))
