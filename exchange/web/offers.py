"""The pages of offers."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.catalogue import actions, facets, favourites, pausing, queries
from exchange.catalogue.models import Offer
from exchange.catalogue.schemas import OfferFilter, OfferSchema, PauseSchema
from exchange.dashboards.first_hour import has_written
from exchange.directory.queries import acts_for_ids
from exchange.edge import access
from exchange.extensions import db
from exchange.listing import page_of
from exchange.matching.models import Match
from exchange.matching.queries import best_first, listed
from exchange.steps import steps_of
from exchange.transaction import transaction
from exchange.web import tagging
from exchange.web.forms import Form, filters
from exchange.web.moves import move
from exchange.web.tagging import Suggestions

pages = Blueprint("offers", __name__, url_prefix="/offers")


@pages.get("")
@access("offer.see")
def index() -> Any:
    """The list of offers."""
    chosen = filters(OfferFilter())
    known = policy.scoped(Offer, edge.actor())
    query = queries.listed(known, Offer, chosen, edge.actor())
    page = page_of(query, {"sort": "-published", **chosen}, queries.OFFER_SORTS)
    counts = facets.counts(known, Offer, chosen, edge.actor())
    return render_template("offers/list.html", page=page, chosen=chosen, counts=counts)


@pages.get("/<int:id>")
@access("offer.see", Offer)
def show(offer: Offer) -> Any:
    """One offer."""
    return _show(offer, Form(PauseSchema()))


def _show(offer: Offer, pause_form: Form) -> str:
    matches = listed(policy.scoped(Match, edge.actor()), {"offer": offer.id}, edge.actor())
    return render_template(
        "offers/show.html",
        offer=offer,
        pause_form=pause_form,
        kept=offer.id in favourites.favourites_of(edge.actor())[1],
        mine=offer.organisation_id in acts_for_ids(edge.actor()),
        matches=list(db.session.scalars(best_first(matches))),
        steps=steps_of("offer", offer.id),
    )


@pages.route("/new", methods=["GET", "POST"])
@access("offer.create")
def create() -> Any:
    """Write an offer."""
    form = Form(OfferSchema(exclude=["contact_id"]), initial={"language": edge.current_language()})
    if tagging.is_asked():
        return _page(form, None, tagging.suggested(form))
    offer = form.submit(lambda data: actions.create(Offer, data, actor=edge.signed_in()))
    if offer is None:
        return _page(form, None)
    flash(_("Saved as a draft. Publish it when it is ready."))
    return redirect(tagging.next_page("offers", offer))


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("offer.edit", Offer)
def edit(offer: Offer) -> Any:
    """Change an offer."""
    form = Form(OfferSchema(organisation_id=offer.organisation_id), offer)
    if tagging.is_asked():
        return _page(form, offer, tagging.suggested(form))
    done = form.submit(lambda data: [actions.edit(offer, data, actor=edge.signed_in())])
    if done is None:
        return _page(form, offer)
    flash(_("Saved."))
    return redirect(url_for("offers.show", id=offer.id))


@pages.post("/<int:id>/pause")
@access("offer.pause", Offer)
def pause(offer: Offer) -> Any:
    """Take nobody new before a day."""
    form = Form(PauseSchema())
    done = form.submit(lambda data: pausing.pause(offer, data["paused_until"]))
    if done is None:
        return _show(offer, form), form.status
    flash(_("Paused. Who is asked or has agreed stays so."))
    return redirect(url_for("offers.show", id=offer.id))


@pages.post("/<int:id>/resume")
@access("offer.pause", Offer)
def resume(offer: Offer) -> Any:
    """Take guests again from now on."""
    with transaction():
        pausing.resume(offer)
    flash(_("You take guests again."))
    return redirect(url_for("offers.show", id=offer.id))


@pages.post("/<int:id>/move")
@access("offer.see", Offer)
def step(offer: Offer) -> Any:
    """Move an offer one step."""
    move("offer", offer, actions.advance_offer, request.form)
    return redirect(url_for("offers.show", id=offer.id))


def _page(form: Form, offer: Offer | None, tags: list[Suggestions] | None = None) -> Any:
    new = offer is None and not has_written(edge.signed_in(), Offer)
    page = render_template("offers/edit.html", form=form, offer=offer, tags=tags, examples=new)
    return page, form.status
