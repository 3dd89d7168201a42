"""The front page, the health check, and the choice of language."""

from typing import Any

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from sqlalchemy import text

from exchange.config import LANGUAGES
from exchange.edge import access
from exchange.extensions import db

pages = Blueprint("home", __name__)


@pages.get("/")
@access("home.see")
def index() -> Any:
    """What this is, and the doors into it."""
    return render_template("home/index.html")


@pages.get("/healthz")
@access("home.see")
def health() -> Any:
    """Whether the program answers and reaches its database."""
    db.session.execute(text("SELECT 1"))
    return {"status": "ok"}


@pages.get("/language/<code>")
@access("home.see")
def language(code: str) -> Any:
    """Keep the language a visitor chose, in a cookie, and go back to the page."""
    wanted = request.args.get("next", "")
    target = wanted if wanted.startswith("/") and not wanted.startswith("//") else "/"
    answer = make_response(redirect(target))
    if code in LANGUAGES:
        answer.set_cookie("lang", code, max_age=31_536_000, samesite="Lax", httponly=True)
    return answer
