"""The pages of messages: staff see all, everybody their own and how they want them."""

import re
from datetime import time
from typing import Any

import nh3
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from exchange import edge, labels, policy
from exchange.edge import access
from exchange.edge_seen import shown
from exchange.errors import Invalid
from exchange.listing import page_of
from exchange.messages import actions, outbox, queries
from exchange.messages.claims import KEPT
from exchange.messages.house import Quiet
from exchange.messages.kinds import MAILS
from exchange.messages.models import Delivery, Message
from exchange.messages.schemas import MessageFilter
from exchange.schemas import Filter
from exchange.steps import steps_of
from exchange.transaction import transaction
from exchange.web.forms import filters
from exchange.web.moves import move
from exchange.web.option import Option

pages = Blueprint("messages", __name__)

ADDRESS = re.compile(r"https?://[^\s\"<>]+")


def mail_options() -> list[Option]:
    """The kinds of mail in words, for a filter."""
    found = [Option(name, str(labels.mail(name))) for name in MAILS]
    return sorted(found, key=lambda option: option.label.casefold())


def _listed(chosen: dict[str, Any]) -> Any:
    query = queries.listed(policy.scoped(Message, edge.actor()), chosen)
    page = page_of(query, {"sort": "-newest", **chosen}, queries.SORTS)
    shown(*page.items)
    return page


@pages.get("/messages")
@access("message.see")
def index() -> Any:
    """All messages, and how many there are in each state."""
    chosen = filters(MessageFilter())
    return render_template(
        "messages/list.html",
        page=_listed(chosen),
        chosen=chosen,
        counts=queries.counts(),
        mails=mail_options(),
    )


@pages.get("/mailbox")
@access("message.see")
def mailbox() -> Any:
    """What was kept here because no mail server is set."""
    chosen = filters(Filter())
    return render_template("messages/mailbox.html", page=_listed({**chosen, "reason": KEPT}))


@pages.get("/messages/<int:id>")
@access("message.see", Message)
def show(message: Message) -> Any:
    """One message as it is sent. A link that is a key is for its reader alone."""
    asked = request.args.get("read", "")
    known = outbox.languages_of(message)
    read = asked if asked in known else message.language
    return render_template(
        "messages/outgoing.html",
        message=message,
        present=actions.present_address(message)[0],
        words=outbox.words_in(message, read),
        text=_without_key(message, outbox.words_in(message, read).text),
        known=known,
        read=read,
        steps=steps_of("message", message.id),
    )


def _without_key(message: Message, text: str) -> str:
    """A link that is a key is for its reader alone."""
    hidden = MAILS[message.kind].secret and message.reason != KEPT
    return ADDRESS.sub(_("(a link that only its reader sees)"), text) if hidden else text


@pages.post("/messages/<int:id>/move")
@access("message.see", Message)
def step(message: Message) -> Any:
    """Send again what failed, or do not send what waits."""
    move("message", message, actions.advance, request.form)
    return redirect(url_for("messages.show", id=message.id))


@pages.get("/my/messages")
@access("message.see_own")
def mine() -> Any:
    """One's own messages."""
    chosen = filters(Filter())
    query = queries.listed(queries.written_to(edge.signed_in()), chosen)
    page = page_of(query, {"sort": "-newest", **chosen}, queries.SORTS)
    return render_template("messages/mine.html", page=page)


@pages.get("/my/messages/<int:id>")
@access("message.read", Message)
def read(message: Message) -> Any:
    """One of one's own messages."""
    return render_template(
        "messages/show.html", message=message, text=message.text, html=shown_html(message.html)
    )


@pages.route("/my/messages/preferences", methods=["GET", "POST"])
@access("message.see_own")
def preferences() -> Any:
    """How one wants each kind of message."""
    person = edge.signed_in()
    if request.method == "POST":
        with transaction():
            actions.choose(person, _chosen())
            actions.choose_quiet(person, _quiet())
        flash(_("Saved."))
        return redirect(url_for("messages.preferences"))
    return render_template(
        "messages/preferences.html",
        deliveries=queries.deliveries_of(person.id),
        mails=MAILS,
        quiet=actions.quiet_hours(person),
        person=person,
    )


def _quiet() -> Quiet:
    """The quiet hours as they were sent."""
    try:
        begins, ends = (
            time.fromisoformat(request.form.get(name) or "00:00")
            for name in ("begins_at", "ends_at")
        )
    except ValueError:
        raise Invalid("begins_at", "bad_value") from None
    return Quiet(begins, ends, request.form.get("weekends") == "yes")


def _chosen() -> dict[str, Delivery]:
    try:
        return {k: Delivery(v) for k, v in request.form.items() if k in MAILS}
    except ValueError:
        raise Invalid("delivery", "bad_value") from None


def shown_html(html: str) -> Markup:
    """The body of a mail for a page of ours: it was escaped when it was written; cleaned once more,
    and without its own look."""
    body = html.partition("<body")[2].partition(">")[2].partition("</body>")[0]
    return Markup(nh3.clean(body))  # noqa: S704 - cleaned by a list of what is allowed
