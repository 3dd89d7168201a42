"""What officers wish of single pairs: pinned or never, for the next runs."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.catalogue.models import Need, Offer
from exchange.edge import access
from exchange.listing import page_of
from exchange.matching.models import Wish
from exchange.runs import actions, queries
from exchange.runs.schemas import WishSchema
from exchange.schemas import Filter
from exchange.transaction import transaction
from exchange.web.forms import Form, filters
from exchange.web.named import row_named

pages = Blueprint("wishes", __name__, url_prefix="/matching/wishes")


@pages.get("")
@access("wish.edit")
def index() -> Any:
    """All wishes, the newest first."""
    chosen = filters(Filter(only=["page", "size"]))
    page = page_of(
        queries.wishes(policy.scoped(Wish, edge.actor())),
        {"sort": "-newest", **chosen},
        queries.WISH_SORTS,
    )
    return render_template("matching/wishes.html", page=page)


@pages.route("/new", methods=["GET", "POST"])
@access("wish.edit")
def create() -> Any:
    """Pin a pair, or veto it."""
    need, offer = row_named(Need, "need_id"), row_named(Offer, "offer_id")
    form = Form(WishSchema(), initial=request.args)
    wish = form.submit(
        lambda data: actions.wish(
            need, offer, data["kind"], note=data["note"], actor=edge.signed_in()
        )
    )
    if wish is None:
        return render_template("matching/wish.html", form=form, need=need, offer=offer), form.status
    flash(_("Noted. It holds from the next run on."))
    return redirect(url_for("wishes.index"))


@pages.post("/<int:id>/delete")
@access("wish.edit", Wish)
def delete(wish: Wish) -> Any:
    """Take a wish back."""
    with transaction():
        actions.unwish(wish)
    flash(_("Taken back: the pair is as any other again."))
    return redirect(url_for("wishes.index"))
