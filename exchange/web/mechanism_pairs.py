"""The pages on which mechanisms find each other: a cell of the matrix, pairs, their agreement."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.edge import access
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.listing import page_of
from exchange.mechanisms import pairs, queries
from exchange.mechanisms.models import MechanismPair
from exchange.mechanisms.schemas import MeetingFilter, PairFilter, PairSchema
from exchange.steps import steps_of
from exchange.transaction import transaction
from exchange.web.forms import filters
from exchange.web.moves import move
from exchange.web.options import of_enum
from workflows.mechanism_pair import MechanismPairState

pages = Blueprint("mechanism_pairs", __name__, url_prefix="/mechanisms")


@pages.get("/meeting")
@access("mechanism.see")
def meeting() -> Any:
    """What one mechanism needs and another gives, the best first, with the reasons."""
    chosen = filters(MeetingFilter())
    found = queries.met(chosen.get("needs"), chosen.get("offers"))
    named = queries.by_id(set(chosen.values()))
    facts = {
        "found": found[: queries.MOST_SHOWN],
        "total": len(found),
        "chosen": chosen,
        "named": named,
        "known": queries.known_pairs(),
    }
    return render_template("mechanisms/meeting.html", **facts)


@pages.get("/pairs")
@access("mechanism_pair.see")
def index() -> Any:
    """The pairs that somebody brought together, the latest first."""
    chosen = filters(PairFilter())
    query = queries.pairs(policy.scoped(MechanismPair, edge.actor()), chosen)
    page = page_of(query, {"sort": queries.LATEST, **chosen}, queries.PAIR_SORTS)
    selects = [("state", of_enum(MechanismPairState))]
    return render_template("mechanisms/pairs.html", page=page, chosen=chosen, selects=selects)


@pages.post("/pairs")
@access("mechanism_pair.suggest")
def suggest() -> Any:
    """Bring a need and an offer together."""
    data = PairSchema().load({name: request.form.get(name) for name in ("need_id", "offer_id")})
    with transaction():
        row_id = pairs.suggest(data, actor=edge.actor()).id
    return redirect(url_for("mechanism_pairs.show", id=row_id))


@pages.get("/pairs/<int:id>")
@access("mechanism_pair.see", MechanismPair)
def show(row: MechanismPair) -> Any:
    """A pair: both texts, why they fit, how far the two have come."""
    steps = steps_of("mechanism_pair", row.id)
    exchange = _visible_exchange(row)
    return render_template("mechanisms/pair.html", row=row, steps=steps, exchange=exchange)


def _visible_exchange(row: MechanismPair) -> Exchange | None:
    query = policy.scoped(Exchange, edge.actor()).where(Exchange.id == row.exchange_id)
    return db.session.scalars(query).first()


@pages.post("/pairs/<int:id>/move")
@access("mechanism_pair.see", MechanismPair)
def step(row: MechanismPair) -> Any:
    """Ask, agree or decline."""
    move("mechanism_pair", row, pairs.advance_pair, request.form)
    return redirect(url_for("mechanism_pairs.show", id=row.id))


@pages.post("/pairs/<int:id>/exchange")
@access("mechanism_pair.propose_exchange", MechanismPair)
def propose_exchange(row: MechanismPair) -> Any:
    """Make an exchange proposal of what was agreed."""
    with transaction():
        exchange_id = pairs.propose_exchange(row, actor=edge.actor()).id
    flash(_("A draft proposal was made of it. Complete and send it."))
    return redirect(url_for("proposals.show", id=exchange_id))
