"""Saved views: the filters of a list under a name, on top of the list."""

from typing import Any
from urllib.parse import parse_qsl, urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.edge import access
from exchange.keeping import views
from exchange.keeping.schemas import SaveSchema, ViewSchema
from exchange.keeping.views import ListName, SavedView
from exchange.transaction import transaction
from exchange.web.forms import Form

pages = Blueprint("views", __name__, url_prefix="/views")
# Where a list stands, and what of its address is no part of a view.
PAGES = {name: f"{name}.index" for name in ListName}
PASSING = ("page", "size", "lang", "kept")
# How a list is sorted when nothing is said: to say it changes nothing.
USUAL = {
    ListName.exchanges: "due",
    ListName.needs: "-published",
    ListName.offers: "-published",
    ListName.matches: "-newest",
    ListName.visits: "starts",
    ListName.messages: "-newest",
}


@pages.app_template_global("saved_views")
def saved_views(list_name: str) -> list[SavedView]:
    """The views of a list that the reader sees."""
    return views.views_of(ListName(list_name), edge.actor())


@pages.app_template_global("view_query")
def view_query(list_name: str) -> str:
    """The filters of this page as they would be saved."""
    return canonical(urlencode(list(request.args.items(multi=True))), list_name)


@pages.app_template_test("view_shown")
def view_shown(view: SavedView) -> bool:
    """Whether this page shows what the view shows."""
    return canonical(view.query, view.list_name) == view_query(view.list_name)


def canonical(query: str, list_name: str) -> str:
    """The one way to write the filters of a list: by name, without what says nothing."""
    usual = ("sort", USUAL[ListName(list_name)])
    said = {one for one in parse_qsl(query) if one[0] not in PASSING and one != usual}
    return urlencode(sorted(said))


@pages.app_template_global("view_address")
def view_address(view: SavedView) -> str:
    """Where a view leads to."""
    query = urlencode(parse_qsl(view.query))
    return f"{url_for(PAGES[view.list_name])}?{query}"


@pages.route("", methods=["GET", "POST"])
@access("view.save")
def index() -> Any:
    """One's own views and those that are shared; a POST saves the view of a list."""
    if request.method == "POST":
        form = Form(SaveSchema())
        view = form.submit(lambda data: views.save(data, actor=edge.signed_in()))
        if view is None:
            return render_template("views/save.html", form=form), form.status
        flash(_("The view “%(name)s” is saved.", name=view.name))
        return redirect(view_address(view))
    lists = [(name, views.views_of(name, edge.actor())) for name in ListName]
    return render_template("views/list.html", lists=[pair for pair in lists if pair[1]])


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("view.edit", SavedView)
def edit(view: SavedView) -> Any:
    """Give a view another name, or share it."""
    form = Form(ViewSchema(), view)

    def change(data: dict[str, Any]) -> bool:
        views.change(view, data["name"], shared=data["shared"], actor=edge.signed_in())
        return True

    if form.submit(change) is None:
        return render_template("views/edit.html", form=form, view=view), form.status
    flash(_("Saved."))
    return redirect(url_for("views.index"))


@pages.post("/<int:id>/delete")
@access("view.edit", SavedView)
def delete(view: SavedView) -> Any:
    """Throw a view away; the list stays as it is."""
    with transaction():
        views.remove(view)
    flash(_("The view is gone. What it showed is still there."))
    return redirect(url_for("views.index"))
