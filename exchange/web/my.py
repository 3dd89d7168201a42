"""The desk of whoever takes part: their exchanges, their turn first."""

from typing import Any

from flask import Blueprint, render_template

from exchange import edge, labels
from exchange.dashboards.desk import desk
from exchange.edge import access
from exchange.exchanges import queries
from exchange.exchanges.models import Exchange

pages = Blueprint("my", __name__, url_prefix="/my")


@pages.get("")
@access("desk.see")
def show() -> Any:
    """Your turn first, then what runs, then what is over."""
    return render_template("my/show.html", desk=desk(edge.signed_in()), strip=strip)


def strip(exchange: Exchange) -> list[dict[str, Any]]:
    """The stages of an exchange as a strip: done, now, to come."""
    phases = [str(phase) for phase in queries.path()]
    ended = exchange.phase not in phases
    at = len(phases) if ended else phases.index(exchange.phase)
    return [
        {"label": labels.PHASES[phase], "state": _stands(number, at), "note": "", "href": ""}
        for number, phase in enumerate(phases)
    ]


def _stands(number: int, at: int) -> str:
    if number == at:
        return "current"
    return "done" if number < at else "todo"
