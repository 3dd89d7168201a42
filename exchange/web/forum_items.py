"""The pages of what was written down at a forum: the list, one item, expectations and results."""

import secrets
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.edge import access
from exchange.forums import capture as writing
from exchange.forums import fates, gathered
from exchange.forums.fates import Fate
from exchange.forums.items import ForumItem, ItemKind, Met
from exchange.forums.models import Forum
from exchange.forums.schemas import ExpectationSchema, ItemFilter, ItemSchema, VerdictSchema
from exchange.forums.triage import Into
from exchange.lessons.schemas import offering
from exchange.listing import page_of
from exchange.steps import steps_of
from exchange.web.forms import Form, filters
from exchange.web.moves import move
from exchange.web.options import of_enum, options_for
from workflows.forum_item import ItemState

pages = Blueprint("forum_items", __name__, url_prefix="/forums")
PAGES = {
    "need": "needs.show",
    "offer": "offers.show",
    "exchange": "exchanges.show",
    "module_topic": "topics.show",
    "recommendation": "recommendations.show",
}
pages.add_app_template_global(gathered.said_at, "said_at")


@pages.app_template_global()
def address_of(noun: str, row: Any) -> str:
    """The page of what an item has led to."""
    return url_for(PAGES[noun], id=row.id)


@pages.get("/<int:id>/notes")
@access("forum_item.see", Forum)
def index(forum: Forum) -> Any:
    """What was written down at an edition, the latest first."""
    chosen = filters(ItemFilter())
    query = policy.scoped(ForumItem, edge.actor()).where(ForumItem.forum_id == forum.id)
    order = {"sort": gathered.NEWEST_FIRST, **chosen}
    query = fates.narrowed(query, chosen.get("fate"))
    page = page_of(gathered.listed(query, chosen), order, gathered.SORTS)
    selects = [
        ("kind", of_enum(ItemKind)),
        ("state", of_enum(ItemState)),
        ("fate", of_enum(Fate)),
        ("session_id", options_for({"options": f"sessions_of:{forum.id}"})[1:]),
    ]
    return render_template(
        "forum_items/list.html",
        forum=forum,
        page=page,
        chosen=chosen,
        selects=selects,
        counts=gathered.by_kind(forum),
    )


@pages.route("/<int:id>/notes/new", methods=["GET", "POST"])
@access("forum_item.capture", Forum)
def create(forum: Forum) -> Any:
    """Write an item down, at leisure."""
    form = Form(_schema(forum))
    item = form.submit(lambda data: _write(forum, data))
    if item is None:
        page = render_template("forum_items/edit.html", form=form, forum=forum, item=None)
        return page, form.status
    flash(_("Written down. Thank you."))
    return redirect(url_for("forum_items.show", id=item.id))


def _write(forum: Forum, data: dict[str, Any]) -> ForumItem:
    facts = {"key": secrets.token_urlsafe(12), **data}
    language, actor = edge.current_language(), edge.signed_in()
    return writing.capture(forum, facts, language=language, actor=actor)


def _schema(forum: Forum) -> ItemSchema:
    return offering(ItemSchema(), session_id=f"sessions_of:{forum.id}")


@pages.get("/notes/<int:id>")
@access("forum_item.see", ForumItem)
def show(item: ForumItem) -> Any:
    """One item: where it comes from, what became of it, what can be done with it."""
    steps = steps_of("forum_item", item.id)
    facts = {"forum": item.forum, "steps": steps, "intos": list(Into)}
    return render_template("forum_items/show.html", item=item, **facts)


@pages.route("/notes/<int:id>/edit", methods=["GET", "POST"])
@access("forum_item.edit", ForumItem)
def edit(item: ForumItem) -> Any:
    """Correct what was typed in a hurry."""
    form = Form(_schema(item.forum), item)
    if form.submit(lambda data: writing.edit(item, data)) is None:
        page = render_template("forum_items/edit.html", form=form, forum=item.forum, item=item)
        return page, form.status
    flash(_("Saved."))
    return redirect(url_for("forum_items.show", id=item.id))


@pages.post("/notes/<int:id>/move")
@access("forum_item.see", ForumItem)
def step(item: ForumItem) -> Any:
    """Move an item one step."""
    move("forum_item", item, writing.advance_item, request.form)
    return redirect(url_for("forum_items.show", id=item.id))


@pages.route("/<int:id>/expectations", methods=["GET", "POST"])
@access("forum_item.capture", Forum)
def expectations(forum: Forum) -> Any:
    """What participants want from an edition, with the results they expect; afterwards: whether
    it was met. And a form for one more."""
    form = Form(ExpectationSchema())
    facts = {"kind": ItemKind.expectation}
    if form.submit(lambda data: _write(forum, {**facts, **data})) is not None:
        flash(_("Written down. Thank you."))
        return redirect(url_for("forum_items.expectations", id=forum.id))
    chosen = filters(ItemFilter(only=("verdict", "page", "size", "q")))
    query = policy.scoped(ForumItem, edge.actor()).where(ForumItem.forum_id == forum.id)
    page = page_of(gathered.listed(query, {**chosen, **facts}), chosen, gathered.SORTS)
    return render_template(
        "forum_items/expectations.html",
        forum=forum,
        form=form,
        page=page,
        chosen=chosen,
        verdicts=gathered.verdicts(forum),
        selects=[("verdict", of_enum(Met))],
    ), form.status


@pages.route("/notes/<int:id>/compare", methods=["GET", "POST"])
@access("forum_item.compare", ForumItem)
def compare(item: ForumItem) -> Any:
    """Say whether an expectation was met."""
    form = Form(VerdictSchema(), item)
    if form.submit(lambda data: writing.compare(item, data)) is None:
        page = render_template("forum_items/compare.html", form=form, item=item, forum=item.forum)
        return page, form.status
    flash(_("Saved."))
    return redirect(url_for("forum_items.show", id=item.id))
