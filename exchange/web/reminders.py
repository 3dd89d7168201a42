"""The pages of reminders, for staff: what is planned, what was sent, what it did."""

from typing import Any

from flask import Blueprint, redirect, render_template, request, url_for

from exchange import edge, labels, policy
from exchange.edge import access
from exchange.listing import page_of
from exchange.reminders import actions, queries
from exchange.reminders.kinds import KINDS
from exchange.reminders.models import EscalationLevel, Reminder
from exchange.reminders.schemas import ReminderFilter
from exchange.steps import steps_of
from exchange.web.forms import filters
from exchange.web.moves import move
from exchange.web.option import Option
from exchange.web.options import of_enum

pages = Blueprint("reminders", __name__, url_prefix="/reminders")

# Where a subject has a page of its own id.
PAGES = {
    "exchange": "exchanges.show",
    "match": "matches.show",
    "need": "needs.show",
    "offer": "offers.show",
    "note": "notes.show",
    "note_translation": "note_translations.show",
    "partnership_review": "partnerships.review",
}


@pages.context_processor
def addresses() -> dict[str, Any]:
    """What the templates of this file may use."""
    return {"subject_url": subject_url}


def subject_url(reminder: Reminder) -> str:
    """The page of what a reminder is about; empty when it has none."""
    endpoint = PAGES.get(reminder.subject_type)
    return url_for(endpoint, id=reminder.subject_id) if endpoint else ""


@pages.get("")
@access("reminder.see")
def index() -> Any:
    """What is planned, sent, answered and skipped."""
    chosen = filters(ReminderFilter())
    query = queries.listed(policy.scoped(Reminder, edge.actor()), chosen)
    page = page_of(query, {"sort": "-due", **chosen}, queries.SORTS)
    kinds = [Option(name, str(labels.mail(name))) for name in KINDS]
    return render_template(
        "reminders/list.html",
        page=page,
        chosen=chosen,
        kinds=kinds,
        levels=of_enum(EscalationLevel),
    )


@pages.get("/kinds")
@access("reminder.see")
def kinds() -> Any:
    """The table of kinds: when, in which states, and what share was answered."""
    return render_template("reminders/kinds.html", rates=queries.rates(), kinds=KINDS)


@pages.get("/<int:id>")
@access("reminder.see", Reminder)
def show(reminder: Reminder) -> Any:
    """One reminder and what was written for it."""
    kind = KINDS.get(reminder.kind)
    return render_template(
        "reminders/show.html",
        reminder=reminder,
        workflow=kind.workflow if kind else reminder.subject_type,
        messages=queries.messages_of(reminder),
        steps=steps_of("reminder", reminder.id),
    )


@pages.post("/<int:id>/move")
@access("reminder.see", Reminder)
def step(reminder: Reminder) -> Any:
    """Take a planned reminder back."""
    move("reminder", reminder, actions.advance, request.form)
    return redirect(url_for("reminders.show", id=reminder.id))
