"""The public pages: what this is, and the addresses of before. Lessons are in ``notes.py``."""

from typing import Any

from flask import Blueprint, redirect, render_template, url_for

from exchange.dashboards.public import figures
from exchange.edge import access
from exchange.extensions import db
from exchange.lessons import queries
from exchange.listing import sorted_by
from exchange.web.prefixes import PREFIX

pages = Blueprint("public", __name__)
LATEST = 3


@pages.get(f"{PREFIX}/")
@access("home.see")
def home() -> Any:
    """What this is, three doors, three figures, the latest lessons."""
    query = sorted_by(queries.listed(queries.published(), {}), "-published", queries.NOTE_SORTS)
    latest = list(db.session.scalars(query.limit(LATEST)).unique())
    return render_template("public/home.html", figures=figures(), latest=latest)


@pages.get("/lessons")
@access("note.see")
def old_library() -> Any:
    """The library, in the reader's language."""
    return redirect(url_for("notes.library"))


@pages.get("/lessons/<slug>")
@access("note.see")
def old_lesson(slug: str) -> Any:
    """A lesson, in the reader's language."""
    return redirect(url_for("notes.read", slug=slug))
