"""The workspace of an association or a section."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from exchange import edge
from exchange.dashboards.workspace import bodies_of, workspace
from exchange.directory.models import Organisation
from exchange.edge import access
from exchange.errors import NotFound
from exchange.exchanges.queries import BUNDLERS

pages = Blueprint("workspaces", __name__, url_prefix="/workspaces")


@pages.get("")
@access("workspace.find")
def mine() -> Any:
    """Lead to one's own; whoever has none goes to the organisations."""
    own = bodies_of(edge.signed_in())
    if not own:
        return redirect(url_for("organisations.index", kind="association"))
    return redirect(url_for("workspaces.show", id=own[0].id))


@pages.get("/<int:id>")
@access("workspace.see", Organisation)
def show(body: Organisation) -> Any:
    """One page: needs to bundle, offers, exchanges, what was told upwards, challenges, figures."""
    if body.kind not in BUNDLERS:
        raise NotFound("not_found")
    return render_template("workspaces/show.html", work=workspace(body, edge.signed_in()))
