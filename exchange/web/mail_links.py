"""Pages that a mail opens without signing in: read it in another language, answer it, get no more.

Looking changes nothing, for programs that read mail open every link; only sending a form does.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import format_date
from flask_babel import gettext as _

from exchange import edge, labels
from exchange.clock import today
from exchange.edge import access
from exchange.errors import NotFound
from exchange.limits import limiter
from exchange.messages import actions, outbox, queries
from exchange.messages.compose import ANSWERS
from exchange.messages.headers import can_leave
from exchange.messages.models import Message
from exchange.messages.openings import note_opening
from exchange.messages.tokens import Purpose, read
from exchange.reminders import answers
from exchange.reminders.models import Reminder
from exchange.reminders.schemas import DoneSchema, MoreTimeSchema, PassOnSchema, StopSchema
from exchange.transaction import transaction
from exchange.web import opened, sessions
from exchange.web.forms import Form
from exchange.web.messages import shown_html
from workflows.reminder import ReminderState

pages = Blueprint("mail_links", __name__)
KNOCKS = "60/minute"
USUAL_DELAY = timedelta(days=7)


@pages.after_request
def keep_private(response: Response) -> Response:
    """The address is a key: nobody keeps the page, and no page it leads to learns it."""
    response.headers.update(sessions.SECRET_ADDRESS)
    return response


def _message(purpose: Purpose, token: str) -> Message:
    message = queries.with_mail_key(read(purpose, token))
    if message is None or not message.text:
        raise NotFound("link_gone")
    if request.method == "GET" and purpose != Purpose.leave:
        opened.note(message.key)
    return message


@pages.get("/m/<token>")
@limiter.limit(KNOCKS)
@access("message.open")
def show(token: str) -> Any:
    """The mail in the language of the page."""
    message = _message(Purpose.read, token)
    words = outbox.words_in(message, edge.current_language())
    return render_template("mail_links/show.html", words=words, html=shown_html(words.html))


@pages.route("/m/<token>/leave", methods=["GET", "POST"])
@limiter.limit(KNOCKS)
@access("message.open")
def leave(token: str) -> Any:
    """No more mails of this kind; mail programs send the form by themselves (RFC 8058)."""
    message = _message(Purpose.leave, token)
    if not can_leave(message):
        raise NotFound("link_gone")
    if request.method == "POST":
        with transaction():
            actions.leave(message)
    return render_template("mail_links/leave.html", message=message, done=request.method == "POST")


@pages.route("/r/<token>", methods=["GET", "POST"])
@limiter.limit(KNOCKS)
@access("reminder.answer_by_link")
def answer(token: str) -> Any:
    """What a reminder asks, and four answers to it."""
    message = _message(Purpose.answer, token)
    reminder = answers.reminder_of(message)
    if reminder is None:
        raise NotFound("link_gone")
    chosen = request.values.get("answer", "")
    chosen = chosen if chosen in ANSWERS else ANSWERS[0]
    if reminder.state != ReminderState.sent:
        return render_template("mail_links/answered.html", message=message)
    schema, act = _WAYS[chosen]
    form = Form(schema(), initial={"until": (today() + USUAL_DELAY).isoformat()})

    def save(data: dict[str, Any]) -> Any:
        note_opening(message.key, actor=edge.actor())
        return act(message, reminder, data)

    if form.submit(save) is None:
        facts = {"message": message, "form": form, "chosen": chosen, "token": token}
        return render_template("mail_links/answer.html", names=_names(), **facts), form.status
    return _thanks(chosen, message)


def _thanks(chosen: str, message: Message) -> Any:
    """Where an answer leads: what is said to be done is looked at."""
    if chosen == "done":
        flash(_("Thank you. It is noted as done. Here is the page it was about."))
        return redirect(message.link or url_for("home.index"), 303)
    return render_template("mail_links/thanks.html", chosen=chosen, message=message)


def _names() -> dict[str, str]:
    return {
        "done": _("Done"),
        "later": _("I need more time"),
        "pass_on": _("Not me – pass it on"),
        "stop": _("Stop this exchange"),
    }


def _done(message: Message, reminder: Reminder, _data: dict[str, Any]) -> bool:
    note = _("%(name)s says that it is done.", name=message.to_name)
    answers.done(message, reminder, note=note)
    return True


def _later(message: Message, reminder: Reminder, data: dict[str, Any]) -> Any:
    facts = {"name": message.to_name, "what": str(labels.mail(message.kind))}
    day = format_date(data["until"], "long")
    note = _("%(name)s asks for time until %(day)s (%(what)s).", day=day, **facts)
    return answers.more_time(message, reminder, data["until"], note=note)


def _pass_on(message: Message, reminder: Reminder, data: dict[str, Any]) -> Any:
    facts = {"name": message.to_name, "other": data["name"], "email": data["email"]}
    note = _("%(name)s has passed it on to %(other)s (%(email)s).", **facts)
    return answers.pass_on(message, reminder, data["name"], data["email"], note=note)


def _stop(message: Message, reminder: Reminder, data: dict[str, Any]) -> Any:
    return answers.ask_to_stop(message, reminder, note=data["reason"])


_WAYS: dict[str, tuple[Any, Callable[[Message, Reminder, dict[str, Any]], Any]]] = {
    "done": (DoneSchema, _done),
    "later": (MoreTimeSchema, _later),
    "pass_on": (PassOnSchema, _pass_on),
    "stop": (StopSchema, _stop),
}
