"""Why a pair fits or not, and what would help a need that has no match."""

from typing import Any

from flask import Blueprint, render_template, request

from exchange import edge, edge_why, policy
from exchange.catalogue import queries as catalogue
from exchange.catalogue.models import Need, Offer
from exchange.catalogue.schemas import OfferFilter
from exchange.edge import access
from exchange.extensions import db
from exchange.matching import explaining
from exchange.web.forms import filters
from exchange.web.named import row_named
from workflows.offer import OfferState

pages = Blueprint("why", __name__, url_prefix="/needs")
FOUND = 10


@pages.get("/<int:id>/why")
@access("need.explain", Need)
def show(need: Need) -> Any:
    """What kept offers away and what would help; with ``offer``, what the rules say of that one."""
    if "offer" in request.args:
        return _pair(need, row_named(Offer, "offer"))
    chosen = filters(OfferFilter(only=["q"]))
    return render_template(
        "why/none.html",
        need=need,
        why=explaining.why_none(need),
        chosen=chosen,
        found=_found(chosen),
    )


def _pair(need: Need, offer: Offer) -> str:
    verdict = explaining.explain(need, offer)
    told = edge_why.of_verdict(need, offer, verdict)
    return render_template("why/pair.html", need=need, offer=offer, verdict=verdict, told=told)


def _found(chosen: dict[str, Any]) -> list[Offer]:
    """The offers that an officer or a city looked for by their words."""
    if not chosen.get("q"):
        return []
    wanted = {**chosen, "state": OfferState.published}
    query = catalogue.listed(policy.scoped(Offer, edge.actor()), Offer, wanted, edge.actor())
    return list(db.session.scalars(query.order_by(Offer.title, Offer.id).limit(FOUND)))
