"""The pages of the register of recommendations and commitments."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.directory.models import Organisation
from exchange.edge import access
from exchange.extensions import db
from exchange.listing import page_of
from exchange.recommendations import actions, queries
from exchange.recommendations.models import About, Recommendation, Scale
from exchange.recommendations.schemas import (
    RecommendationFilter,
    RecommendationSchema,
    ReportSchema,
)
from exchange.steps import steps_of
from exchange.strategies.models import Axis
from exchange.transaction import transaction
from exchange.web.forms import Form, filters
from exchange.web.moves import move
from exchange.web.options import of_enum, terms
from workflows.recommendation import RecommendationState

pages = Blueprint("recommendations", __name__, url_prefix="/recommendations")


@pages.get("")
@access("recommendation.see")
def index() -> Any:
    """The register, what is due first; a list of policy messages to take away."""
    chosen = filters(RecommendationFilter())
    query = queries.listed(policy.scoped(Recommendation, edge.actor()), chosen)
    page = page_of(query, {"sort": queries.FIRST_DUE, **chosen}, queries.SORTS)
    selects = [
        ("about", of_enum(About)),
        ("scale", of_enum(Scale)),
        ("state", of_enum(RecommendationState)),
        ("agenda", terms("agenda")),
    ]
    facts = {"chosen": chosen, "selects": selects, "counts": queries.by_state()}
    return render_template("recommendations/list.html", page=page, **facts)


@pages.route("/new", methods=["GET", "POST"])
@access("recommendation.propose")
def create() -> Any:
    """Propose a recommendation."""
    form = Form(RecommendationSchema(), initial={"language": edge.current_language()})
    row = form.submit(actions.propose)
    if row is None:
        return render_template("recommendations/edit.html", form=form, row=None), form.status
    flash(_("Saved."))
    return redirect(url_for("recommendations.show", id=row.id))


@pages.get("/<int:id>")
@access("recommendation.see", Recommendation)
def show(row: Recommendation) -> Any:
    """One recommendation: who answers for it, where it comes from, what shows that it is done."""
    steps = steps_of("recommendation", row.id)
    axis = db.session.get(Axis, row.axis_id) if row.axis_id else None
    facts = {"supporters": queries.supporters(row), "speaks_for": _speaks_for(row)}
    return render_template("recommendations/show.html", row=row, steps=steps, axis=axis, **facts)


@pages.post("/<int:id>/supports/<int:organisation_id>")
@access("recommendation.support", Recommendation)
def support(row: Recommendation, organisation_id: int) -> Any:
    """Support a recommendation in the name of an organisation."""
    return _change_support(row, organisation_id, actions.support)


@pages.post("/<int:id>/supports/<int:organisation_id>/withdraw")
@access("recommendation.support", Recommendation)
def withdraw_support(row: Recommendation, organisation_id: int) -> Any:
    """Withdraw the support of an organisation."""
    return _change_support(row, organisation_id, actions.withdraw_support)


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("recommendation.edit", Recommendation)
def edit(row: Recommendation) -> Any:
    """Change a recommendation: its words, its owner, its day."""
    form = Form(RecommendationSchema(), row)
    if form.submit(lambda data: actions.edit(row, data)) is None:
        return render_template("recommendations/edit.html", form=form, row=row), form.status
    flash(_("Saved."))
    return redirect(url_for("recommendations.show", id=row.id))


@pages.route("/<int:id>/report", methods=["GET", "POST"])
@access("recommendation.report", Recommendation)
def report(row: Recommendation) -> Any:
    """Write down what shows that it is being done."""
    form = Form(ReportSchema(), row)
    if form.submit(lambda data: actions.report(row, data)) is None:
        return render_template("recommendations/report.html", form=form, row=row), form.status
    flash(_("Saved."))
    return redirect(url_for("recommendations.show", id=row.id))


@pages.post("/<int:id>/move")
@access("recommendation.see", Recommendation)
def step(row: Recommendation) -> Any:
    """Move a recommendation one step."""
    move("recommendation", row, actions.advance_recommendation, request.form)
    return redirect(url_for("recommendations.show", id=row.id))


def _change_support(
    row: Recommendation, organisation_id: int, change: Callable[[Recommendation, int], Any]
) -> Any:
    policy.require_one_of(organisation_id, queries.spoken_for(edge.actor()))
    with transaction():
        change(row, organisation_id)
    flash(_("Saved."))
    return redirect(url_for("recommendations.show", id=row.id))


def _speaks_for(row: Recommendation) -> list[Organisation]:
    if row.state not in actions.OPEN_TO_SUPPORT:
        return []
    return queries.spoken_for(edge.actor())
