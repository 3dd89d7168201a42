"""Mails before they go: the preview, other words, approving many; and the words of each kind."""

import re
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from exchange import edge, policy
from exchange.clock import today
from exchange.config import LANGUAGES
from exchange.edge import access
from exchange.edge_seen import shown
from exchange.errors import Conflict, NotFound
from exchange.messages import outbox, placeholders, queries
from exchange.messages.actions import Addressee
from exchange.messages.claims import KEPT
from exchange.messages.compose import Written, compose
from exchange.messages.examples import example
from exchange.messages.kinds import MAILS
from exchange.messages.models import Message
from exchange.messages.schemas import EditSchema, MessageFilter, TextSchema
from exchange.transaction import transaction
from exchange.web.forms import Form, filters
from exchange.web.named import numbers_of
from workflows.message import MessageState

pages = Blueprint("outbox", __name__)
# A mail has its look in its tags; it may do nothing, fetch nothing, and stand in our page alone.
MAIL_POLICY = "default-src 'none'; style-src-attr 'unsafe-inline'; frame-ancestors 'self'; sandbox"


def _raw(html: str) -> Response:
    response = Response(html, mimetype="text/html")
    response.headers["Content-Security-Policy"] = MAIL_POLICY
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/messages/<int:id>/html")
@access("message.see", Message)
def preview(message: Message) -> Any:
    """The mail exactly as it is sent, alone; a link that is a key is for its reader."""
    html = outbox.words_in(message, _wanted(message)).html
    if MAILS[message.kind].secret and message.reason != KEPT:
        html = re.sub(r'href="[^"]*"', "", html)
    return _raw(html)


def _wanted(message: Message) -> str:
    asked = request.args.get("read", "")
    return asked if asked in outbox.languages_of(message) else message.language


@pages.route("/messages/<int:id>/edit", methods=["GET", "POST"])
@access("message.edit", Message)
def edit(message: Message) -> Any:
    """Change the subject and the first words of a mail that is held."""
    if message.state != MessageState.held or not message.facts:
        raise Conflict("not_held")
    initial = {"subject": message.subject, "opening": outbox.opening(message)}
    form = Form(EditSchema(), initial=initial)

    def save(data: dict[str, Any]) -> Message:
        outbox.edit(message, data["subject"], data["opening"])
        return message

    if form.submit(save) is None:
        return render_template("messages/edit.html", form=form, message=message), form.status
    flash(_("Saved. This is what will be sent."))
    return redirect(url_for("messages.show", id=message.id))


@pages.route("/messages/release", methods=["GET", "POST"])
@access("message.release")
def release() -> Any:
    """What will be sent to whom; sending the form approves it."""
    if request.method == "POST":
        with transaction():
            number = outbox.release(_ids(request.form), actor=edge.signed_in())
        flash(ngettext("%(num)s mail is approved.", "%(num)s mails are approved.", number))
        return redirect(url_for("messages.index", state=MessageState.held))
    found = outbox.held(_ids(request.args) or _all_held())
    shown(*found)
    return render_template("messages/release.html", messages=found)


def _ids(sent: Any) -> list[int]:
    return numbers_of(sent.getlist("id"))


def _all_held() -> list[int]:
    """The held mails of the list as it is filtered."""
    chosen = {**filters(MessageFilter()), "state": MessageState.held}
    query = queries.listed(policy.scoped(Message, edge.actor()), chosen)
    return list(queries.ids_of(query.order_by(Message.id).limit(outbox.AT_ONCE)))


@pages.get("/messages/templates")
@access("message.edit")
def texts() -> Any:
    """Each kind of mail, and in which languages staff have written its words."""
    return render_template(
        "messages/texts.html", kinds=MAILS, languages=LANGUAGES, written=queries.written_texts()
    )


@pages.route("/messages/templates/<kind>/<language>", methods=["GET", "POST"])
@access("message.edit")
def text(kind: str, language: str) -> Any:
    """The words of a kind in a language: as they are, their placeholders, their history."""
    _check(kind, language)
    history = queries.texts_of(kind, language)
    version = history[0].version if history else 0
    last = {"subject": history[0].subject, "opening": history[0].opening} if history else {}
    form = Form(TextSchema(), initial=last)

    def save(data: dict[str, Any]) -> Any:
        seen = int(request.form.get("seen_version") or version)
        return outbox.write_text(kind, language, data, seen_version=seen, actor=edge.signed_in())

    if form.submit(save) is None:
        facts = {"form": form, "history": history, "version": version}
        return _text_page(kind, language, **facts), form.status
    flash(_("Saved. Mails that are written from now on say this."))
    return redirect(url_for("outbox.text", kind=kind, language=language))


def _text_page(kind: str, language: str, **facts: Any) -> str:
    house, now = _example(kind, language, own=False), _example(kind, language)
    return render_template(
        "messages/text.html",
        kind=kind,
        in_language=language,
        house=house,
        now=now,
        placeholders=placeholders.known(kind),
        **facts,
    )


@pages.get("/messages/templates/<kind>/<language>/html")
@access("message.edit")
def text_preview(kind: str, language: str) -> Any:
    """An example of the mail as it would be sent now."""
    _check(kind, language)
    return _raw(_example(kind, language).html)


@pages.post("/messages/templates/<kind>/<language>/test")
@access("message.edit")
def text_test(kind: str, language: str) -> Any:
    """Send the example to whoever asks."""
    _check(kind, language)
    person = edge.signed_in()
    with transaction():
        outbox.send_test(kind, language, example(today(), kind), actor=person)
    flash(_("An example is on its way to %(email)s.", email=person.email))
    return redirect(url_for("outbox.text", kind=kind, language=language))


def _check(kind: str, language: str) -> None:
    if kind not in MAILS or language not in LANGUAGES:
        raise NotFound("not_found", noun="mail_text", id=0)


def _example(kind: str, language: str, *, own: bool = True) -> Any:
    reader = Addressee(edge.signed_in().name, "", language)
    last = queries.text_of(kind, language) if own else None
    written = Written(last.subject, last.opening) if last else None
    facts = example(today(), kind)
    return compose(MAILS[kind], reader, facts, "/", key="example", written=written)
