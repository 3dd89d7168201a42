"""The ledger of what organisations gave and received, and the step from one to the other."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.dashboards import ledger
from exchange.edge import access
from exchange.exchanges.models import Exchange
from exchange.lessons.passing_on import offer_from
from exchange.listing import page_of
from exchange.transaction import transaction
from exchange.web.forms import filters
from exchange.web.named import number_of
from exchange.web.options import countries, of_enum, terms

pages = Blueprint("ledger", __name__, url_prefix="/ledger")


@pages.get("")
@access("ledger.see")
def index() -> Any:
    """Who gave and who received, by name."""
    chosen = filters(ledger.LedgerFilter())
    chosen.pop("sort", None)  # by name and in no other order: nobody is ranked
    page = page_of(ledger.listed(chosen, edge.actor()), chosen, ledger.SORTS)
    return render_template(
        "ledger/list.html",
        page=page,
        chosen=chosen,
        accounts=ledger.accounts([one.id for one in page.items], edge.actor()),
        selects=[
            ("given_side", of_enum(ledger.Side)),
            ("section", terms("section")),
            ("country", countries()),
        ],
    )


@pages.post("/exchanges/<int:id>/offer")
@access("offer.create", Exchange)
def offer(exchange: Exchange) -> Any:
    """Make a draft offer of what an organisation learned in this exchange."""
    organisation_id, actor = number_of(request.form.get("organisation_id")) or 0, edge.signed_in()
    with transaction():
        made = offer_from(exchange, organisation_id, actor=actor)
    flash(_("A draft offer is made of what you learned. Say what you can show, and publish it."))
    return redirect(url_for("offers.edit", id=made.id))
