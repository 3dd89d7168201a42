"""The pages of mechanisms: the register, a card for each, what each needs and gives, the matrix."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, multilingual, policy
from exchange.edge import access
from exchange.listing import page_of
from exchange.mechanisms import actions, queries
from exchange.mechanisms.models import Gives, Mechanism, MechanismKind, MechanismListing
from exchange.mechanisms.schemas import (
    LinkSchema,
    MechanismFilter,
    MechanismListingFilter,
    MechanismListingSchema,
    MechanismSchema,
)
from exchange.steps import steps_of
from exchange.web.forms import Form, filters
from exchange.web.moves import move
from exchange.web.options import of_enum, terms
from workflows.mechanism_listing import MechanismListingState

pages = Blueprint("mechanisms", __name__, url_prefix="/mechanisms")
pages.add_app_template_global(queries.of_row, "mechanisms_of")


@pages.get("")
@access("mechanism.see")
def index() -> Any:
    """The register."""
    chosen = filters(MechanismFilter())
    query = queries.listed(policy.scoped(Mechanism, edge.actor()), chosen)
    page = page_of(query, {"sort": queries.FIRST, **chosen}, queries.SORTS)
    selects = [("kind", of_enum(MechanismKind)), ("theme", terms("theme"))]
    return render_template("mechanisms/list.html", page=page, chosen=chosen, selects=selects)


@pages.get("/matrix")
@access("mechanism.see")
def matrix() -> Any:
    """Who needs what from whom: as a list for a telephone, and as a table."""
    return render_template("mechanisms/matrix.html", matrix=queries.matrix())


@pages.route("/new", methods=["GET", "POST"])
@access("mechanism.create")
def create() -> Any:
    """Write a mechanism into the register."""
    form = Form(MechanismSchema(exclude=["contact_id"]), initial={"active": True})
    row = form.submit(actions.create)
    return _saved(row) if row is not None else _form(form, _("Add a mechanism"), None)


@pages.get("/<int:id>")
@access("mechanism.see", Mechanism, load=queries.whole)
def show(row: Mechanism) -> Any:
    """The card of a mechanism: who it is, what it needs and gives, what is linked to it."""
    actor = edge.actor()
    linked = {
        name: queries.linked(policy.scoped(model, actor), name, row.id)
        for name, (model, *_rest) in queries.LINKED.items()
    }
    return render_template("mechanisms/show.html", row=row, gives=Gives, linked=linked)


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("mechanism.edit", Mechanism)
def edit(row: Mechanism) -> Any:
    """Change a mechanism."""
    schema = MechanismSchema(home_id=row.organisation_id)
    form = Form(schema, row, initial=multilingual.as_form(row, actions.WORDS))
    if form.submit(lambda data: actions.edit(row, data)) is None:
        return _form(form, _("Change the mechanism"), row)
    return _saved(row)


@pages.route("/<int:id>/link", methods=["GET", "POST"])
@access("mechanism.edit", Mechanism)
def link(row: Mechanism) -> Any:
    """Link an exchange, a practice or a need."""
    form = Form(LinkSchema())
    if form.submit(lambda data: actions.link(row, data, known=edge.known)) is None:
        return _form(form, _("Link an exchange, a practice or a need"), row)
    return _saved(row)


@pages.route("/<int:id>/listings/new", methods=["GET", "POST"])
@access("mechanism.edit", Mechanism)
def add_listing(row: Mechanism) -> Any:
    """Write down what a mechanism needs or gives."""
    side = request.args.get("side", "")
    form = Form(
        MechanismListingSchema(),
        initial={"language": edge.current_language(), "side": side, **actions.usual()},
    )
    if form.submit(lambda data: actions.add_listing(row, data)) is None:
        return _form(form, _("What it needs or offers"), row)
    return _saved(row)


@pages.get("/listings")
@access("mechanism_listing.see")
def listings() -> Any:
    """What mechanisms need and give, what is to be reviewed first."""
    chosen = filters(MechanismListingFilter())
    query = queries.listings(policy.scoped(MechanismListing, edge.actor()), chosen)
    page = page_of(query, {"sort": queries.FIRST_REVIEWED, **chosen}, queries.LISTING_SORTS)
    selects = [
        ("side", of_enum(Gives)),
        ("state", of_enum(MechanismListingState)),
        ("theme", terms("theme")),
    ]
    return render_template("mechanisms/listings.html", page=page, chosen=chosen, selects=selects)


@pages.get("/listings/<int:id>")
@access("mechanism_listing.see", MechanismListing)
def listing(row: MechanismListing) -> Any:
    """One need or offer, with what can be done about it."""
    steps = steps_of("mechanism_listing", row.id)
    return render_template("mechanisms/listing.html", row=row, steps=steps)


@pages.route("/listings/<int:id>/edit", methods=["GET", "POST"])
@access("mechanism_listing.edit", MechanismListing)
def edit_listing(row: MechanismListing) -> Any:
    """Change what a mechanism needs or gives."""
    form = Form(MechanismListingSchema(), row)
    if form.submit(lambda data: actions.edit_listing(row, data)) is None:
        return _form(form, _("What it needs or offers"), row.mechanism)
    flash(_("Saved."))
    return redirect(url_for("mechanisms.listing", id=row.id))


@pages.post("/listings/<int:id>/move")
@access("mechanism_listing.see", MechanismListing)
def step(row: MechanismListing) -> Any:
    """Renew it, say that it is answered, or reopen it."""
    move("mechanism_listing", row, actions.advance_listing, request.form)
    return redirect(url_for("mechanisms.listing", id=row.id))


def _form(form: Form, title: str, row: Mechanism | None) -> Any:
    facts = {"form": form, "title": title, "row": row}
    return render_template("mechanisms/edit.html", **facts), form.status


def _saved(row: Mechanism) -> Any:
    flash(_("Saved."))
    return redirect(url_for("mechanisms.show", id=row.id))
