"""The pages of the Learning Forum's editions."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.directory.models import Organisation
from exchange.edge import access
from exchange.forums import actions, fates, queries
from exchange.forums import cohort as cohorts
from exchange.forums.cohort import Reached
from exchange.forums.fates import Fate
from exchange.forums.models import Forum, ForumSession
from exchange.forums.schemas import (
    CohortFilter,
    CohortSchema,
    ForumFilter,
    ForumSchema,
    ForumSessionSchema,
)
from exchange.listing import page_of
from exchange.transaction import transaction
from exchange.web.forms import Form, filters
from exchange.web.named import number_of
from exchange.web.prefixes import PREFIX

pages = Blueprint("forums", __name__)
pages.add_app_template_global(Reached, "reached_stages")


@pages.get("/forums")
@access("forum.see")
def index() -> Any:
    """The list of editions, the newest first."""
    chosen = filters(ForumFilter())
    query = queries.listed(policy.scoped(Forum, edge.actor()), chosen)
    page = page_of(query, {"sort": queries.NEWEST_FIRST, **chosen}, queries.SORTS)
    return render_template("forums/list.html", page=page, chosen=chosen)


@pages.get("/forums/<int:id>")
@access("forum.see", Forum, load=queries.whole)
def show(forum: Forum) -> Any:
    """One edition: its programme and its cohort."""
    form = Form(CohortSchema())
    return render_template("forums/show.html", forum=forum, form=form)


@pages.get(f"{PREFIX}/forum/<code>")
@access("forum.read")
def read(code: str) -> Any:
    """An edition for everybody: its programme, its ground rules, and what it was to bring."""
    forum = queries.public(code)
    counts = fates.counts(forum)
    return render_template(
        "forums/read.html", forum=forum, counts=counts, way=(*fates.WAY, Fate.committed, Fate.kept)
    )


@pages.get("/forums/<int:id>/cohort")
@access("forum.see", Forum)
def cohort(forum: Forum) -> Any:
    """How far the organisations of an edition came since."""
    chosen = filters(CohortFilter())
    query = cohorts.listed(forum, chosen.get("reached") or Reached.took_part, chosen.get("days"))
    page = page_of(query, chosen, {"name": Organisation.folded_name})
    return render_template(
        "forums/cohort.html",
        forum=forum,
        page=page,
        chosen=chosen,
        way=cohorts.way_of(forum),
        stages=cohorts.STAGES,
        columns=cohorts.DAYS,
    )


@pages.route("/forums/new", methods=["GET", "POST"])
@access("forum.edit")
def create() -> Any:
    """Make an edition."""
    form = Form(ForumSchema())
    forum = form.submit(actions.create)
    if forum is None:
        return render_template("forums/edit.html", form=form, forum=None), form.status
    flash(_("Saved."))
    return redirect(url_for("forums.show", id=forum.id))


@pages.route("/forums/<int:id>/edit", methods=["GET", "POST"])
@access("forum.edit", Forum)
def edit(forum: Forum) -> Any:
    """Change an edition."""
    form = Form(ForumSchema(), initial=actions.as_form(forum))
    if form.submit(lambda data: actions.edit(forum, data)) is None:
        return render_template("forums/edit.html", form=form, forum=forum), form.status
    flash(_("Saved."))
    return redirect(url_for("forums.show", id=forum.id))


@pages.route("/forums/<int:id>/sessions/new", methods=["GET", "POST"])
@access("forum.edit", Forum)
def add_session(forum: Forum) -> Any:
    """Add a slot to the programme."""
    form = Form(ForumSessionSchema(), initial=_next_slot(forum, request.args.get("after", "")))
    return _session_page(form, forum, lambda data: actions.add_session(forum, data))


@pages.route("/forums/<int:id>/sessions/<int:session_id>", methods=["GET", "POST"])
@access("forum.edit", Forum)
def edit_session(forum: Forum, session_id: int) -> Any:
    """Change a slot of the programme."""
    row = queries.session_of(forum, session_id)
    form = Form(ForumSessionSchema(), initial=_clocks(row))
    return _session_page(form, forum, lambda data: actions.edit_session(forum, row, data), row)


def _next_slot(forum: Forum, after: str) -> dict[str, Any]:
    """What a new slot begins with: the day and the part of the one before, from its end on."""
    number = number_of(after)
    if number is None:
        return {"day": forum.starts_on}
    before = queries.session_of(forum, number)
    parts = {f"part_{code}": words for code, words in before.part.items()}
    return {"day": before.day, "starts_at": f"{before.ends_at:%H:%M}", **parts}


def _clocks(row: ForumSession) -> dict[str, Any]:
    values = actions.as_form(row)
    return {k: f"{v:%H:%M}" if k in ("starts_at", "ends_at") else v for k, v in values.items()}


def _session_page(form: Form, forum: Forum, save: Any, row: ForumSession | None = None) -> Any:
    if form.submit(save) is None:
        return render_template("forums/session.html", form=form, forum=forum, row=row), form.status
    flash(_("Saved."))
    return redirect(url_for("forums.show", id=forum.id))


@pages.post("/forums/<int:id>/sessions/<int:session_id>/remove")
@access("forum.edit", Forum)
def remove_session(forum: Forum, session_id: int) -> Any:
    """Take a slot out of the programme."""
    with transaction():
        actions.remove_session(forum, queries.session_of(forum, session_id))
    flash(_("Removed."))
    return redirect(url_for("forums.show", id=forum.id))


@pages.post("/forums/<int:id>/attendances")
@access("forum.edit", Forum)
def add_attendance(forum: Forum) -> Any:
    """Count an organisation to the cohort."""
    form = Form(CohortSchema())
    if form.submit(lambda data: actions.add_attendance(forum, data["organisation_id"])) is None:
        return render_template("forums/show.html", forum=forum, form=form), form.status
    flash(_("Added to the cohort."))
    return redirect(url_for("forums.show", id=forum.id))


@pages.post("/forums/<int:id>/attendances/<int:attendance_id>/remove")
@access("forum.edit", Forum)
def remove_attendance(forum: Forum, attendance_id: int) -> Any:
    """Take an organisation out of the cohort."""
    with transaction():
        actions.remove_attendance(forum, queries.attendance_of(forum, attendance_id))
    flash(_("Removed."))
    return redirect(url_for("forums.show", id=forum.id))
