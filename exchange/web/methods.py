"""The pages of the method library: cards in versions, what people say of them, and pilots."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, multilingual, policy
from exchange.edge import access
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.listing import page_of
from exchange.methods import actions, queries
from exchange.methods.feedback import AT_LEAST, NOTHING, feedback_of
from exchange.methods.models import Method, Pilot
from exchange.methods.schemas import MethodFilter, MethodSchema, PilotEditSchema, PilotSchema
from exchange.steps import steps_of
from exchange.web.forms import Form, filters
from exchange.web.moves import move
from exchange.web.options import of_enum, options_for
from workflows.method import MethodState

pages = Blueprint("methods", __name__, url_prefix="/methods")


@pages.get("")
@access("method.see")
def index() -> Any:
    """The library, the newest first, with what participants say of each format."""
    chosen = filters(MethodFilter())
    query = queries.listed(policy.scoped(Method, edge.actor()), chosen)
    page = page_of(query, {"sort": queries.NEWEST_FIRST, **chosen}, queries.SORTS)
    selects = [
        ("format", options_for({"options": "terms:format", "many": True})),
        ("state", of_enum(MethodState)),
    ]
    told = feedback_of(row.format_id for row in page.items)
    facts = {"chosen": chosen, "selects": selects, "told": told, "nothing_told": NOTHING}
    return render_template("methods/list.html", page=page, **facts)


@pages.get("/<int:id>")
@access("method.see", Method, load=queries.whole)
def show(method: Method) -> Any:
    """One card: steps, numbers, templates, what participants say, pilots, versions."""
    told = feedback_of([method.format_id]).get(method.format_id or 0, NOTHING)
    seen = policy.scoped(Method, edge.actor()).with_only_columns(Method.id)
    ids = set(db.session.scalars(seen.where(Method.id.in_(_ids(method)))))
    facts = {
        "told": told,
        "at_least": AT_LEAST,
        "versions": [one for one in queries.versions(method) if one.id in ids],
        "steps_taken": steps_of("method", method.id),
    }
    return render_template("methods/show.html", method=method, **facts)


def _ids(method: Method) -> list[int]:
    return [one.id for one in queries.versions(method)]


@pages.route("/new", methods=["GET", "POST"])
@access("method.propose")
def create() -> Any:
    """Propose a method."""
    form = Form(MethodSchema())
    row = form.submit(lambda data: actions.propose(data, actor=edge.signed_in()))
    return _shown(row) if row is not None else _form(form, _("Propose a method"), None)


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("method.edit", Method)
def edit(method: Method) -> Any:
    """Change a card that is proposed."""
    form = Form(MethodSchema(), initial=_as_form(method))
    row = form.submit(lambda data: actions.edit(method, data, actor=edge.signed_in()))
    return _shown(row) if row is not None else _form(form, _("Change the card"), method)


@pages.route("/<int:id>/next", methods=["GET", "POST"])
@access("method.propose", Method)
def next_version(method: Method) -> Any:
    """Propose the next version of a card; the one before stays until it is taken in."""
    form = Form(MethodSchema(), initial={**_as_form(method), "organisation_id": None})
    row = form.submit(lambda data: actions.propose(data, actor=edge.signed_in(), follows=method))
    return _shown(row) if row is not None else _form(form, _("Propose a new version"), method)


@pages.post("/<int:id>/move")
@access("method.see", Method)
def step(method: Method) -> Any:
    """Move a method one step."""
    move("method", method, actions.advance_method, request.form)
    return redirect(url_for("methods.show", id=method.id))


@pages.route("/<int:id>/pilots/new", methods=["GET", "POST"])
@access("method_pilot.plan", Method)
def plan_pilot(method: Method) -> Any:
    """Say who tries the method, when, and what they expect."""
    form = Form(PilotSchema(), initial={"language": edge.current_language()})
    actor = edge.signed_in()
    row = form.submit(lambda data: actions.plan_pilot(method, data, actor=actor, known=edge.known))
    if row is None:
        return _form(form, _("Plan a pilot"), method)
    flash(_("Saved. When its last day is past, we will ask what you decided."))
    return redirect(url_for("methods.pilot", id=row.id))


@pages.get("/pilots/<int:id>")
@access("method.see", Pilot)
def pilot(row: Pilot) -> Any:
    """One pilot: its hypothesis, its days, what came of it and what was decided."""
    seen = policy.scoped(Exchange, edge.actor()).where(Exchange.id == row.exchange_id)
    facts = {"exchange": db.session.scalars(seen).first(), "method": row.method}
    steps = steps_of("method_pilot", row.id)
    return render_template("methods/pilot.html", pilot=row, steps=steps, **facts)


@pages.route("/pilots/<int:id>/edit", methods=["GET", "POST"])
@access("method_pilot.edit", Pilot)
def edit_pilot(row: Pilot) -> Any:
    """Change a pilot, or write what came of it."""
    form = Form(PilotEditSchema(), row)
    actor = edge.signed_in()
    done = form.submit(lambda data: actions.edit_pilot(row, data, actor=actor, known=edge.known))
    if done is None:
        return _form(form, _("What came of the pilot"), row.method)
    flash(_("Saved."))
    return redirect(url_for("methods.pilot", id=row.id))


@pages.post("/pilots/<int:id>/move")
@access("method.see", Pilot)
def step_pilot(row: Pilot) -> Any:
    """Move a pilot one step."""
    move("method_pilot", row, actions.advance_pilot, request.form)
    return redirect(url_for("methods.pilot", id=row.id))


def _as_form(method: Method) -> dict[str, Any]:
    values = multilingual.as_form(method, actions.WORDS)
    return {
        **values,
        **multilingual.as_lines(method.steps, "steps"),
        "format": method.format,
    }


def _form(form: Form, title: str, method: Method | None) -> Any:
    facts = {"form": form, "title": title, "method": method}
    return render_template("methods/edit.html", **facts), form.status


def _shown(method: Method) -> Any:
    flash(_("Saved."))
    return redirect(url_for("methods.show", id=method.id))
