"""The pages of learning strategies: axes, indicators, and what is tagged to them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from exchange import edge, multilingual, policy
from exchange.edge import access
from exchange.listing import page_of
from exchange.strategies import actions, queries
from exchange.strategies.models import Axis, Indicator, Strategy
from exchange.strategies.schemas import (
    AxisSchema,
    IndicatorSchema,
    StrategyFilter,
    StrategySchema,
    TagSchema,
)
from exchange.transaction import transaction
from exchange.web.forms import Form, filters

pages = Blueprint("strategies", __name__, url_prefix="/strategies")
WORDS = {"title": "titles", "text": "texts"}


@pages.get("")
@access("strategy.see")
def index() -> Any:
    """The strategies, the newest first."""
    chosen = filters(StrategyFilter())
    query = queries.listed(policy.scoped(Strategy, edge.actor()), chosen)
    page = page_of(query, {"sort": queries.NEWEST_FIRST, **chosen}, queries.SORTS)
    return render_template("strategies/list.html", page=page, chosen=chosen)


@pages.get("/<int:id>")
@access("strategy.see", Strategy, load=queries.whole)
def show(strategy: Strategy) -> Any:
    """One strategy: its axes, how far their indicators are, its consultations."""
    measured = queries.measured(strategy.axes)
    return render_template("strategies/show.html", strategy=strategy, measured=measured)


@pages.route("/new", methods=["GET", "POST"])
@access("strategy.edit")
def create() -> Any:
    """Write a strategy."""
    form = Form(StrategySchema())
    row = form.submit(actions.create)
    return _saved(row) if row is not None else _form(form, _("Add a strategy"), None)


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("strategy.edit", Strategy)
def edit(strategy: Strategy) -> Any:
    """Change a strategy."""
    form = Form(StrategySchema(), initial=multilingual.as_form(strategy, WORDS))
    if form.submit(lambda data: actions.edit(strategy, data)) is None:
        return _form(form, _("Change the strategy"), strategy)
    return _saved(strategy)


@pages.route("/<int:id>/axes/new", methods=["GET", "POST"])
@access("strategy.edit", Strategy)
def add_axis(strategy: Strategy) -> Any:
    """Add an axis."""
    form = Form(AxisSchema())
    if form.submit(lambda data: actions.add_axis(strategy, data)) is None:
        return _form(form, _("Add an axis"), strategy)
    return _saved(strategy)


@pages.route("/axes/<int:id>", methods=["GET", "POST"])
@access("strategy.see", Axis)
def axis(row: Axis) -> Any:
    """One axis: the exchanges and recommendations that are tagged to it, and one more."""
    form = Form(TagSchema())
    if form.sent is not None:
        policy.require(edge.actor(), "strategy.edit", row)
    if form.submit(lambda data: actions.tag(row, data["reference"])) is not None:
        flash(_("Saved."))
        return redirect(url_for("strategies.axis", id=row.id))
    facts = {"found": queries.recommendations_of(row), "measured": queries.measured([row])}
    return render_template("strategies/axis.html", axis=row, form=form, **facts), form.status


@pages.post("/axes/<int:id>/exchanges/<int:exchange_id>/remove")
@access("strategy.edit", Axis)
def untag(row: Axis, exchange_id: int) -> Any:
    """Take an exchange away from an axis."""
    with transaction():
        actions.untag(row, exchange_id)
    flash(_("Removed."))
    return redirect(url_for("strategies.axis", id=row.id))


@pages.route("/axes/<int:id>/edit", methods=["GET", "POST"])
@access("strategy.edit", Axis)
def edit_axis(row: Axis) -> Any:
    """Change an axis."""
    form = Form(AxisSchema(), initial=multilingual.as_form(row, WORDS))
    if form.submit(lambda data: actions.save(row, data)) is None:
        return _form(form, _("Change the axis"), row.strategy)
    return _saved(row.strategy)


@pages.route("/axes/<int:id>/indicators/new", methods=["GET", "POST"])
@access("strategy.edit", Axis)
def add_indicator(row: Axis) -> Any:
    """Add an indicator."""
    form = Form(IndicatorSchema())
    if form.submit(lambda data: actions.add_indicator(row, data)) is None:
        return _form(form, _("Add an indicator"), row.strategy)
    return _saved(row.strategy)


@pages.route("/indicators/<int:id>/edit", methods=["GET", "POST"])
@access("strategy.edit", Indicator)
def edit_indicator(row: Indicator) -> Any:
    """Change an indicator, or write down where it is."""
    form = Form(IndicatorSchema(), initial=multilingual.as_form(row, WORDS))
    if form.submit(lambda data: actions.save(row, data)) is None:
        return _form(form, _("Change the indicator"), row.axis.strategy)
    return _saved(row.axis.strategy)


def _form(form: Form, title: str, strategy: Strategy | None) -> Any:
    facts = {"form": form, "title": title, "strategy": strategy}
    return render_template("strategies/edit.html", **facts), form.status


def _saved(strategy: Strategy) -> Any:
    flash(_("Saved."))
    return redirect(url_for("strategies.show", id=strategy.id))
