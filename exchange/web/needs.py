"""The pages of needs."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.catalogue import actions, facets, favourites, queries
from exchange.catalogue.models import Need
from exchange.catalogue.schemas import NeedFilter, NeedSchema
from exchange.dashboards.first_hour import has_written
from exchange.dashboards.ledger import HostToCome, past_learners
from exchange.directory.queries import acts_for_ids
from exchange.edge import access
from exchange.extensions import db
from exchange.listing import page_of
from exchange.matching.models import Match
from exchange.matching.queries import best_first, listed
from exchange.steps import steps_of
from exchange.web import tagging
from exchange.web.forms import Form, filters
from exchange.web.moves import move
from exchange.web.options import programmes
from exchange.web.tagging import Suggestions
from workflows.need import NeedState

pages = Blueprint("needs", __name__, url_prefix="/needs")


@pages.get("")
@access("need.see")
def index() -> Any:
    """The list of needs."""
    chosen = filters(NeedFilter())
    known = policy.scoped(Need, edge.actor())
    query = queries.listed(known, Need, chosen, edge.actor())
    page = page_of(query, {"sort": "-published", **chosen}, queries.NEED_SORTS)
    counts = facets.counts(known, Need, chosen, edge.actor())
    return render_template("needs/list.html", page=page, chosen=chosen, counts=counts)


@pages.get("/<int:id>")
@access("need.see", Need)
def show(need: Need) -> Any:
    """One need."""
    matches = listed(policy.scoped(Match, edge.actor()), {"need": need.id}, edge.actor())
    return render_template(
        "needs/show.html",
        need=need,
        kept=need.id in favourites.favourites_of(edge.actor())[0],
        mine=need.organisation_id in acts_for_ids(edge.actor()),
        matches=list(db.session.scalars(best_first(matches))),
        steps=steps_of("need", need.id),
        hosts=_past_learners(need),
    )


def _past_learners(need: Need) -> list[HostToCome]:
    """Who learned about its theme and could show it: asked only where somebody still looks."""
    themes = [term.code for term in need.tagged("theme")]
    if not themes or need.state not in (NeedState.published, NeedState.matched):
        return []
    return past_learners(themes, edge.actor(), besides=need.organisation_id)


@pages.route("/new", methods=["GET", "POST"])
@access("need.create")
def create() -> Any:
    """Write a need."""
    schema = NeedSchema(exclude=["contact_id", *_left_out()])
    programme = {"programme_id": request.args.get("programme_id", "")}
    form = Form(schema, initial={"language": edge.current_language(), **programme})
    if tagging.is_asked():
        return _page(form, None, tagging.suggested(form))
    need = form.submit(lambda data: actions.create(Need, data, actor=edge.signed_in()))
    if need is None:
        return _page(form, None)
    flash(_("Saved as a draft. Publish it when it is ready."))
    return redirect(tagging.next_page("needs", need))


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("need.edit", Need)
def edit(need: Need) -> Any:
    """Change a need."""
    form = Form(_schema(need), need)
    if tagging.is_asked():
        return _page(form, need, tagging.suggested(form))
    done = form.submit(lambda data: [actions.edit(need, data, actor=edge.signed_in())])
    if done is None:
        return _page(form, need)
    flash(_("Saved."))
    return redirect(url_for("needs.show", id=need.id))


@pages.post("/<int:id>/move")
@access("need.see", Need)
def step(need: Need) -> Any:
    """Move a need one step."""
    move("need", need, actions.advance_need, request.form)
    return redirect(url_for("needs.show", id=need.id))


def _schema(need: Need) -> NeedSchema:
    whose = {"organisation_id": need.organisation_id, "programme_id": need.programme_id}
    return NeedSchema(exclude=_left_out(need), **whose)


def _left_out(need: Need | None = None) -> list[str]:
    """Nobody is asked for a programme where there is none."""
    kept = str(need.programme_id or "") if need else ""
    return [] if programmes(kept) else ["programme_id"]


def _page(form: Form, need: Need | None, tags: list[Suggestions] | None = None) -> Any:
    new = need is None and not has_written(edge.signed_in(), Need)
    page = render_template("needs/edit.html", form=form, need=need, tags=tags, examples=new)
    return page, form.status
