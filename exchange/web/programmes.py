"""The pages of programmes: calls and networks, and how their needs are matched."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.catalogue.queries import open_needs
from exchange.edge import access
from exchange.listing import page_of
from exchange.programmes import actions, queries
from exchange.programmes.models import Programme
from exchange.programmes.schemas import ProgrammeEditSchema, ProgrammeFilter, ProgrammeSchema
from exchange.web.forms import Form, filters

pages = Blueprint("programmes", __name__, url_prefix="/programmes")


@pages.get("")
@access("programme.see")
def index() -> Any:
    """The list of programmes, and the network at large."""
    chosen = filters(ProgrammeFilter())
    query = queries.listed(policy.scoped(Programme, edge.actor()), chosen)
    page = page_of(query, {"sort": "-newest", **chosen}, queries.SORTS)
    network = queries.mode_of(None)
    return render_template("programmes/list.html", page=page, chosen=chosen, network=network)


@pages.get("/<int:id>")
@access("programme.see", Programme)
def show(programme: Programme) -> Any:
    """One programme: who asks the cities, and how many needs are written for it."""
    return render_template(
        "programmes/show.html", programme=programme, needs=open_needs(programme.id)
    )


@pages.route("/new", methods=["GET", "POST"])
@access("programme.edit")
def create() -> Any:
    """Make a programme."""
    form = Form(ProgrammeSchema(exclude=["open"]))
    programme = form.submit(actions.create)
    if programme is None:
        return render_template("programmes/edit.html", form=form, programme=None), form.status
    flash(_("Saved."))
    return redirect(url_for("programmes.show", id=programme.id))


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("programme.edit", Programme)
def edit(programme: Programme) -> Any:
    """Change a programme, close it or open it again."""
    form = Form(ProgrammeEditSchema(), programme, initial=actions.as_form(programme))
    if form.submit(lambda data: actions.edit(programme, data)) is None:
        return render_template("programmes/edit.html", form=form, programme=programme), form.status
    flash(_("Saved."))
    return redirect(url_for("programmes.show", id=programme.id))


@pages.route("/network", methods=["GET", "POST"])
@access("programme.edit")
def network() -> Any:
    """Who asks the cities whose needs name no programme."""
    initial = {"mode": queries.mode_of(None)}
    form = Form(ProgrammeEditSchema(only=["mode"]), queries.general(), initial=initial)
    if form.submit(lambda data: actions.edit(actions.general(), data)) is None:
        return render_template("programmes/network.html", form=form), form.status
    flash(_("Saved."))
    return redirect(url_for("programmes.index"))
