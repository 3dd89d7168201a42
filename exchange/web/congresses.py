"""The pages of Congresses: editions, and what the work of learning brings to each."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from exchange import edge, multilingual, policy
from exchange.congresses import actions, queries
from exchange.congresses.models import BROUGHT, Congress, Contribution
from exchange.congresses.schemas import CongressFilter, CongressSchema, ContributionSchema
from exchange.edge import access
from exchange.listing import page_of
from exchange.transaction import transaction
from exchange.web.forms import Form, filters

pages = Blueprint("congresses", __name__, url_prefix="/congresses")


@pages.get("")
@access("congress.see")
def index() -> Any:
    """The editions, the newest first, and how much goes to each."""
    chosen = filters(CongressFilter())
    query = queries.listed(policy.scoped(Congress, edge.actor()), chosen)
    page = page_of(query, {"sort": queries.NEWEST_FIRST, **chosen}, queries.SORTS)
    return render_template("congresses/list.html", page=page, chosen=chosen)


@pages.route("/new", methods=["GET", "POST"])
@access("congress.create")
def create() -> Any:
    """Write an edition down."""
    form = Form(CongressSchema())
    row = form.submit(actions.create)
    return _saved(row) if row is not None else _form(form, _("Add a Congress"), None)


@pages.get("/<int:id>")
@access("congress.see", Congress, load=queries.whole)
def show(row: Congress) -> Any:
    """One edition: what goes to it, by kind."""
    brought: dict[str, list[Contribution]] = {one.removesuffix("_id"): [] for one in BROUGHT}
    for one in queries.known(row, edge.actor()):
        brought[actions.kind_of(one)].append(one)
    return render_template("congresses/show.html", row=row, brought=brought)


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("congress.edit", Congress)
def edit(row: Congress) -> Any:
    """Change an edition."""
    form = Form(CongressSchema(), initial=multilingual.as_form(row, actions.WORDS))
    if form.submit(lambda data: actions.edit(row, data)) is None:
        return _form(form, _("Change the Congress"), row)
    return _saved(row)


@pages.route("/<int:id>/contributions/new", methods=["GET", "POST"])
@access("congress.edit", Congress)
def bring(row: Congress) -> Any:
    """Tag an edition of the forum, an exchange, a recommendation or a strategy."""
    form = Form(ContributionSchema(), initial={"language": edge.current_language()})
    if form.submit(lambda data: actions.bring(row, data)) is None:
        return _form(form, _("Add a contribution"), row)
    return _saved(row)


@pages.post("/contributions/<int:id>/remove")
@access("congress.edit", Contribution)
def take_back(contribution: Contribution) -> Any:
    """It does not go there any more."""
    row = contribution.congress
    with transaction():
        actions.take_back(contribution)
    return _saved(row)


def _form(form: Form, title: str, row: Congress | None) -> Any:
    return render_template("congresses/edit.html", form=form, title=title, row=row), form.status


def _saved(row: Congress) -> Any:
    flash(_("Saved."))
    return redirect(url_for("congresses.show", id=row.id))
