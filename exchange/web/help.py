"""Help in words: who does what, how a need becomes an exchange, the first hour, whom to ask."""

from typing import Any

from flask import Blueprint, render_template

from exchange import edge
from exchange.dashboards.first_hour import Kind, kind_of
from exchange.edge import access

pages = Blueprint("help", __name__)


@pages.get("/help")
@access("home.see")
def show() -> Any:
    """The page of help, the same for everybody; the reader's own first hour stands open."""
    return render_template(
        "help/show.html",
        own=kind_of(edge.actor()),
        kinds=list(Kind),
        address=edge.settings().help_address,
    )
