"""Mails to us that could not be put where they belong: staff place them."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.edge import access
from exchange.messages import replies
from exchange.messages.models import Reply
from exchange.messages.schemas import PlaceSchema
from exchange.transaction import transaction
from exchange.web.forms import Form

pages = Blueprint("replies", __name__, url_prefix="/inbox/mails")


@pages.route("/<int:id>", methods=["GET", "POST"])
@access("reply.settle", Reply)
def show(reply: Reply) -> Any:
    """Read a mail, and write it into the exchange it is about."""
    reference = reply.exchange.reference if reply.exchange else ""
    form = Form(PlaceSchema(), initial={"reference": reference, "remark": reply.text})

    def save(data: dict[str, Any]) -> Any:
        words = f"{_said_by(reply)}\n\n{data['remark']}"
        return replies.place(reply, data["reference"], words, actor=edge.signed_in())

    if reply.settled_at is None and form.submit(save) is not None:
        flash(_("The mail is on the timeline of its exchange now."))
        return redirect(url_for("inbox.show"))
    return render_template("inbox/mail.html", reply=reply, form=form), form.status


def _said_by(reply: Reply) -> str:
    return _("By mail from %(name)s (%(email)s):", name=reply.from_name, email=reply.from_email)


@pages.post("/<int:id>/settle")
@access("reply.settle", Reply)
def settle(reply: Reply) -> Any:
    """It is dealt with, in another way."""
    with transaction():
        replies.settle(reply, actor=edge.signed_in())
    flash(_("Done."))
    return redirect(url_for("inbox.show"))
