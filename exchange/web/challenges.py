"""The pages of the log of challenges."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.challenges import actions, queries
from exchange.challenges.models import AnswerKind, Challenge
from exchange.challenges.schemas import AnswerToChallengeSchema, ChallengeFilter, ChallengeSchema
from exchange.clock import today
from exchange.edge import access
from exchange.extensions import db
from exchange.forums.items import ForumItem
from exchange.listing import page_of
from exchange.steps import steps_of
from exchange.web.forms import Form, filters
from exchange.web.moves import move
from exchange.web.named import row_named
from exchange.web.options import of_enum, terms
from workflows.challenge import ChallengeState

pages = Blueprint("challenges", __name__, url_prefix="/challenges")
pages.add_app_template_global(queries.of_item, "challenge_of_item")


@pages.get("")
@access("challenge.see")
def index() -> Any:
    """The log, what is due first."""
    chosen = filters(ChallengeFilter())
    query = queries.listed(policy.scoped(Challenge, edge.actor()), chosen)
    page = page_of(query, {"sort": queries.FIRST_DUE, **chosen}, queries.SORTS)
    selects = [
        ("state", of_enum(ChallengeState)),
        ("answer", of_enum(AnswerKind)),
        ("section", terms("section")),
        ("agenda", terms("agenda")),
    ]
    counts = queries.by_state(policy.scoped(Challenge, edge.actor()))
    return render_template(
        "challenges/list.html", page=page, chosen=chosen, selects=selects, counts=counts
    )


@pages.route("/new", methods=["GET", "POST"])
@access("challenge.create")
def create() -> Any:
    """Write a challenge down; ``?item=`` names the note of a forum that it is taken from."""
    item = _item()
    form = Form(ChallengeSchema(), initial=_initial(item))
    origin, actor = item.id if item else None, edge.signed_in()
    row = form.submit(lambda data: actions.write(data, actor=actor, forum_item_id=origin))
    if row is None:
        page = render_template("challenges/edit.html", form=form, row=None, item=item)
        return page, form.status
    flash(_("Saved."))
    return redirect(url_for("challenges.show", id=row.id))


def _item() -> ForumItem | None:
    if "item" not in request.args:
        return None
    found: ForumItem = row_named(ForumItem, "item")
    return found


def _initial(item: ForumItem | None) -> dict[str, Any]:
    if item is None:
        return {"language": edge.current_language(), "said_on": today().isoformat()}
    return {
        "text": item.text,
        "language": item.language,
        "organisation_id": item.organisation_id,
        "said_on": item.forum.starts_on.isoformat(),
    }


@pages.get("/<int:id>")
@access("challenge.see", Challenge)
def show(row: Challenge) -> Any:
    """One challenge: whose it is, until when, what answers it."""
    item = db.session.get(ForumItem, row.forum_item_id) if row.forum_item_id else None
    return render_template(
        "challenges/show.html", row=row, item=item, steps=steps_of("challenge", row.id)
    )


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("challenge.edit", Challenge)
def edit(row: Challenge) -> Any:
    """Change the words of a challenge, whose it is, its day."""
    form, actor = Form(ChallengeSchema(), row), edge.signed_in()
    if form.submit(lambda data: actions.edit(row, data, actor=actor)) is None:
        page = render_template("challenges/edit.html", form=form, row=row, item=None)
        return page, form.status
    flash(_("Saved."))
    return redirect(url_for("challenges.show", id=row.id))


@pages.route("/<int:id>/answer", methods=["GET", "POST"])
@access("challenge.answer", Challenge)
def answer(row: Challenge) -> Any:
    """Say what answers it: an exchange, a topic of a module, a laboratory, or nothing and why."""
    initial = {
        "answer": row.answer,
        "reference": row.answered_by.reference if row.answered_by else "",
        "topic_id": row.topic_id,
        "lab_id": row.lab_id,
        "lab_url": row.lab_url,
        "reason": row.reason,
    }
    form, actor = Form(AnswerToChallengeSchema(), initial=initial), edge.signed_in()
    if form.submit(lambda data: actions.answer(row, data, actor=actor)) is None:
        return render_template("challenges/answer.html", form=form, row=row), form.status
    flash(_("Saved."))
    return redirect(url_for("challenges.show", id=row.id))


@pages.post("/<int:id>/move")
@access("challenge.see", Challenge)
def step(row: Challenge) -> Any:
    """Move a challenge one step."""
    move("challenge", row, actions.advance_challenge, request.form)
    return redirect(url_for("challenges.show", id=row.id))
