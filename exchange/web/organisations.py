"""The pages of organisations, of their memberships and of finding a city to make one from."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from sqlalchemy import Select

from exchange import edge, policy
from exchange.dashboards.ledger import accounts
from exchange.directory import actions, queries
from exchange.directory.models import Level, Membership, Organisation, OrganisationKind
from exchange.directory.schemas import (
    ContactSchema,
    MembershipSchema,
    OrganisationFilter,
    OrganisationSchema,
    PlaceFilter,
)
from exchange.edge import access
from exchange.listing import facets, page_of
from exchange.transaction import transaction
from exchange.vocabularies.models import Place
from exchange.vocabularies.queries import PLACE_SORTS, places_like
from exchange.web.forms import Form, filters
from exchange.web.named import row_named

pages = Blueprint("organisations", __name__, url_prefix="/organisations")

# The page of a section of thousands shows the first; the list has them all.
FIRST_MEMBERS = 50


@pages.get("")
@access("organisation.see")
def index() -> Any:
    """The list of organisations."""
    chosen = filters(OrganisationFilter())
    known = policy.scoped(Organisation, edge.actor())

    def narrow(by: Mapping[str, Any]) -> Select[Any]:
        return queries.listed(known, by, edge.actor())

    columns = {"kind": Organisation.kind, "country": Organisation.country_code}
    return render_template(
        "organisations/list.html",
        page=page_of(narrow(chosen), chosen, queries.ORGANISATION_SORTS),
        counts=facets(narrow, chosen, columns, ("mine",)),
        chosen=chosen,
        kinds=OrganisationKind,
    )


@pages.get("/<int:id>")
@access("organisation.see", Organisation)
def show(organisation: Organisation) -> Any:
    """One organisation: what it is, who speaks for it, where it belongs."""
    return _show(organisation, Form(MembershipSchema()))


def _show(organisation: Organisation, joining: Form) -> Any:
    page = render_template(
        "organisations/show.html",
        organisation=organisation,
        affiliations=queries.affiliations_of(organisation.id),
        memberships=queries.memberships_of(organisation.id),
        members=queries.members_of(organisation.id, limit=FIRST_MEMBERS + 1),
        first=FIRST_MEMBERS,
        account=accounts([organisation.id], edge.actor())[organisation.id],
        joining=joining,
    )
    return page, joining.status


@pages.get("/find-city")
@access("organisation.create")
def find_city() -> Any:
    """Look a city up, to make an organisation from what is known of the place."""
    chosen = filters(PlaceFilter())
    wanted = chosen.get("q") or chosen.get("country")
    largest_first = {"sort": "-population", **chosen}
    page = page_of(places_like(chosen), largest_first, PLACE_SORTS) if wanted else None
    made = queries.made_from([place.id for place in page.items]) if page else {}
    return render_template("organisations/find_city.html", page=page, chosen=chosen, made=made)


@pages.route("/new", methods=["GET", "POST"])
@access("organisation.create")
def create() -> Any:
    """Write an organisation, from a place when the address names one."""
    form = Form(OrganisationSchema(exclude=["contact_id"]), initial=_of_place())
    made = form.submit(lambda data: actions.create(data, actor=edge.signed_in()))
    if made is None:
        page = render_template("organisations/edit.html", form=form, organisation=None)
        return page, form.status
    flash(_("Saved. Now name who speaks for it."))
    return redirect(url_for("organisations.show", id=made.id))


def _of_place() -> dict[str, Any]:
    if "place" not in request.args:
        return {}
    place = row_named(Place, "place")
    return {
        "name": place.name,
        "kind": str(OrganisationKind.local_government),
        "level": str(Level.city),
        "country_code": place.country_code,
        "place_id": place.id,
        "population": place.population,
    }


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("organisation.edit", Organisation)
def edit(organisation: Organisation) -> Any:
    """Change an organisation."""
    hidden = {"contact_id"}
    if not policy.allowed(edge.actor(), "organisation.classify", organisation):
        hidden |= set(actions.CLASSIFIED)
    form = Form(OrganisationSchema(exclude=hidden), organisation)
    done = form.submit(lambda data: actions.edit(organisation, data, actor=edge.signed_in()))
    if done is None:
        page = render_template("organisations/edit.html", form=form, organisation=organisation)
        return page, form.status
    flash(_("Saved."))
    return redirect(url_for("organisations.show", id=organisation.id))


@pages.post("/<int:id>/contact")
@access("organisation.edit", Organisation)
def contact(organisation: Organisation) -> Any:
    """Name the point of contact, or take the name away."""
    data = ContactSchema().load({"contact_id": request.form.get("contact_id") or None})
    with transaction():
        actions.edit(organisation, data, actor=edge.signed_in())
    flash(_("Saved."))
    return redirect(url_for("organisations.show", id=organisation.id))


@pages.post("/<int:id>/delete")
@access("organisation.delete", Organisation)
def delete(organisation: Organisation) -> Any:
    """Take an organisation out that is used nowhere."""
    with transaction():
        actions.delete(organisation, actor=edge.signed_in())
    flash(_("Deleted."))
    return redirect(url_for("organisations.index"))


@pages.post("/<int:id>/memberships")
@access("membership.add", Organisation)
def join(organisation: Organisation) -> Any:
    """Record that an organisation belongs to another."""
    form = Form(MembershipSchema())
    done = form.submit(
        lambda data: actions.add_membership(organisation, data["body_id"], actor=edge.signed_in())
    )
    if done is None:
        return _show(organisation, form)
    flash(_("Saved."))
    return redirect(url_for("organisations.show", id=organisation.id))


@pages.post("/memberships/<int:id>/end")
@access("membership.end", Membership)
def leave(membership: Membership) -> Any:
    """End a membership."""
    member_id = membership.member_id
    with transaction():
        actions.end_membership(membership, actor=edge.signed_in())
    flash(_("The membership has ended."))
    return redirect(url_for("organisations.show", id=member_id))
