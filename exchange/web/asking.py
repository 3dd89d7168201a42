"""The form by which a reader of a lesson writes to its cities."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.edge import access
from exchange.errors import NotFound
from exchange.lessons.queries import published_as
from exchange.limits import limiter
from exchange.messages import asking
from exchange.messages.ask_schemas import AskSchema
from exchange.web.forms import Form
from exchange.web.prefixes import PREFIX

pages = Blueprint("asking", __name__)


@pages.route(f"{PREFIX}/lessons/<slug>/ask", methods=["GET", "POST"])
@limiter.limit("5/minute;20/day", methods=["POST"])
@access("note.ask")
def ask(slug: str) -> Any:
    """Ask the cities of a lesson; they answer by mail."""
    note = published_as(slug)
    if note is None:
        raise NotFound("not_found", noun="note", id=slug)
    form = Form(AskSchema(), initial=_known())
    done = form.submit(lambda data: data["homepage"] or _send(note, data))
    if done is None:
        return render_template("notes/ask.html", form=form, note=note), form.status
    flash(_("Your question is on its way. The cities answer by e-mail."))
    return redirect(url_for("notes.read", slug=note.slug))


def _send(note: Any, data: dict[str, Any]) -> int:
    asker = asking.Asker(data["asker_name"], data["asker_email"], data["asker_place"])
    link = url_for("notes.read", slug=note.slug)
    return asking.ask(note, data["question_text"], asker, link=link)


def _known() -> dict[str, str]:
    """What we know of who has signed in."""
    actor = edge.actor()
    if actor is None:
        return {}
    place = next((one.organisation.name for one in actor.affiliations), "")
    return {"asker_name": actor.name, "asker_email": actor.email, "asker_place": place}
