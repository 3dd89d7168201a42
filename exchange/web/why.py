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
FOUND, MOST = 10, 6


@pages.get("/<int:id>/why")
@access("need.explain", Need)
def show(need: Need) -> Any:
    """What kept offers away and what would help; with ``offer``, what the rules say of that one."""
    if "offer" in request.args:
        return _pair(need, row_named(Offer, "offer"))
    chosen = filters(OfferFilter(only=["q"]))
    ranking = explaining.why_none(need)
    facts = {"need": need, "ranking": ranking, "help": edge_why.helps(ranking.changes[:MOST])}
    return render_template("why/none.html", **facts, chosen=chosen, found=_found(chosen))


def _pair(need: Need, offer: Offer) -> str:
    found = explaining.why_not(need, offer)
    return render_template(
        "why/pair.html",
        need=need,
        offer=offer,
        verdict=found.verdict,
        told=edge_why.of_verdict(need, offer, found.verdict),
        help=edge_why.helps(found.changes[:MOST]),
    )


def _found(chosen: dict[str, Any]) -> list[Offer]:
    """The offers that an officer or a city looked for by their words."""
    if not chosen.get("q"):
        return []
    wanted = {**chosen, "state": OfferState.published}
    query = catalogue.listed(policy.scoped(Offer, edge.actor()), Offer, wanted, edge.actor())
    return list(db.session.scalars(query.order_by(Offer.title, Offer.id).limit(FOUND)))
