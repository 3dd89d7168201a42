"""The front page, and the choice of language."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for

from exchange import edge
from exchange.config import LANGUAGES
from exchange.dashboards.first_hour import first_hour
from exchange.dashboards.turns import your_turn
from exchange.edge import access
from exchange.web import first_hour as first_tasks
from exchange.web import prefixes, sessions

pages = Blueprint("home", __name__)


@pages.get("/")
@access("home.see")
def index() -> Any:
    """What this is, and the doors into it."""
    actor = edge.actor()
    if actor is None:
        return redirect(url_for("public.home"))
    hour = first_hour(actor)
    tasks = first_tasks.tasks(hour) if hour and not hour.over else []
    return render_template("home/index.html", turn=your_turn(actor), tasks=tasks)


@pages.get("/language/<code>")
@access("home.see")
def language(code: str) -> Any:
    """Keep the language a visitor chose, in a cookie, and go back to the page."""
    target = sessions.local_path(request.args.get("next", "")) or url_for("home.index")
    answer = make_response(redirect(prefixes.switched(target, code)))
    return sessions.keep_language(answer, code) if code in LANGUAGES else answer
