"""Challenges and opportunities by global agenda."""

from typing import Any

from flask import Blueprint, render_template, url_for

from exchange import edge
from exchange.dashboards.agendas import ASKED, Side, by_agenda
from exchange.edge import access

pages = Blueprint("agendas", __name__, url_prefix="/modules/agendas")


@pages.get("")
@access("module.see")
def index() -> Any:
    """A table: a line for each agenda, a figure for each kind of row, each opening its list."""
    return render_template("agendas/list.html", lines=by_agenda(edge.actor()), sides=list(Side))


@pages.app_template_global("agenda_rows")
def rows(side: Side, code: str) -> str:
    """The list that a figure opens."""
    asked: dict[str, Any] = {"agenda": code, **ASKED[side]}
    return url_for(f"{side}.index", **asked)
