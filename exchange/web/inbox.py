"""The inbox of staff: what waits for a decision, the oldest first."""

from typing import Any

from flask import Blueprint, render_template, url_for
from flask_babel import gettext as _

from exchange import edge, labels
from exchange.dashboards.inbox import Item, Waiting, inbox
from exchange.edge import access
from exchange.edge_seen import shown
from exchange.schemas import Choice, Schema
from exchange.web.forms import filters
from exchange.web.words import lang_text

pages = Blueprint("inbox", __name__)


class InboxFilter(Schema):
    """One kind of what waits, or all."""

    waiting_for = Choice(Waiting)


@pages.get("/inbox")
@access("inbox.see")
def show() -> Any:
    """What waits for a decision."""
    only = filters(InboxFilter()).get("waiting_for")
    found = inbox(edge.actor(), only)
    shown(*(item.row for item in found.items))
    entries = [(item, *_ENTRIES[item.kind](item)) for item in found.items]
    return render_template("inbox/show.html", found=found, entries=entries, only=only)


def _proposal(item: Item) -> tuple[str, str, str, str]:
    address = url_for("reviewing.show", id=item.row.id)
    return item.row.title, item.row.proposer.name, address, _("Review the proposal")


def _pair(match: Any) -> str:
    return f"{match.need.organisation.name} ↔ {match.offer.organisation.name}"


def _question(item: Item) -> tuple[str, str, str, str]:
    address = url_for("matches.show", id=item.row.match_id)
    return item.row.text, _pair(item.row.match), address, _("Answer")


def _refusal(item: Item) -> tuple[str, str, str, str]:
    address = url_for("matches.show", id=item.row.id)
    return item.row.need.title, _pair(item.row), address, _("Find another partner")


def _mail(item: Item) -> tuple[str, str, str, str]:
    why = str(labels.reason(item.row.reason))
    address = url_for("messages.show", id=item.row.id)
    return item.row.subject, f"{item.row.to_name} · {why}", address, _("See what failed")


def _silence(item: Item) -> tuple[str, str, str, str]:
    address = url_for("reminders.show", id=item.row.id)
    return str(labels.mail(item.row.kind)), "", address, _("See who was asked")


def _answer(item: Item) -> tuple[str, str, str, str]:
    about = item.row.exchange.title if item.row.exchange else ""
    address = url_for("reminder_rules.words")
    return item.row.text, f"{item.row.said_by} · {about}", address, _("Deal with it")


def _reply(item: Item) -> tuple[str, str, str, str]:
    why = str(labels.reason(item.row.reason))
    title = item.row.subject or _("(no subject)")
    address = url_for("replies.show", id=item.row.id)
    return title, f"{item.row.from_name or item.row.from_email} · {why}", address, _("Place it")


def _note(item: Item) -> tuple[str, str, str, str]:
    about = f"{labels.choice(item.row.kind)} · {lang_text(item.row.forum.titles)}"
    address = url_for("forum_items.show", id=item.row.id)
    return item.row.text, about, address, _("Say what it becomes")


def _harvest(item: Item) -> tuple[str, str, str, str]:
    address = url_for("observatories.harvest", id=item.row.id)
    return item.row.name, str(labels.choice(item.row.problem)), address, _("Harvest")


_ENTRIES: dict[Waiting, Any] = {
    Waiting.proposal: _proposal,
    Waiting.question: _question,
    Waiting.refusal: _refusal,
    Waiting.mail: _mail,
    Waiting.silence: _silence,
    Waiting.answer: _answer,
    Waiting.note: _note,
    Waiting.reply: _reply,
    Waiting.harvest: _harvest,
}
