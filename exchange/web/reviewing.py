"""The review of a proposal: what it says, what each reviewer thinks, and the decision."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.edge import access
from exchange.exchanges.models import Exchange
from exchange.exchanges.review_schemas import ReviewSchema
from exchange.exchanges.reviews import CRITERIA, reviews_of, write
from exchange.web.forms import Form
from exchange.web.moving import possible

pages = Blueprint("reviewing", __name__, url_prefix="/exchanges")
# The decisions of this page, among the moves of the table.
DECISIONS = ("find_eligible", "ask_information", "decline")


@pages.route("/<int:id>/review", methods=["GET", "POST"])
@access("exchange.review", Exchange)
def show(exchange: Exchange) -> Any:
    """Read a proposal, write what one thinks of it, decide."""
    me = edge.signed_in()
    written = reviews_of(exchange)
    mine = next((row for row in written if row.person_id == me.id), None)
    form = Form(ReviewSchema(), mine)
    if form.submit(lambda data: write(exchange, data, actor=me)) is not None:
        flash(_("Your review is saved. The other reviewers see it."))
        return redirect(url_for("reviewing.show", id=exchange.id))
    open_now = {move.trigger: move for move in possible(exchange)}
    return render_template(
        "reviews/show.html",
        exchange=exchange,
        form=form,
        criteria=CRITERIA,
        reviews=written,
        decisions=[open_now[name] for name in DECISIONS if name in open_now],
    ), form.status
