"""The catalogue of learning modules: versions, partners and the times they were given."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.edge import access
from exchange.extensions import db
from exchange.listing import page_of
from exchange.modules import actions, queries
from exchange.modules.models import Delivery, Depth, Module, ModulePartner, ModuleVersion
from exchange.modules.schemas import (
    DeliverySchema,
    ModuleFilter,
    ModuleSchema,
    PartnerSchema,
    VersionSchema,
)
from exchange.steps import steps_of
from exchange.strategies.models import Axis
from exchange.transaction import transaction
from exchange.web.forms import Form, filters
from exchange.web.moves import move
from exchange.web.options import of_enum, terms
from exchange.web.options_of_work import axes
from workflows.module import ModuleState

pages = Blueprint("modules", __name__, url_prefix="/modules")
pages.add_app_template_global(queries.topic_of_note, "topic_of_note")


@pages.get("")
@access("module.see")
def index() -> Any:
    """The catalogue."""
    chosen = filters(ModuleFilter())
    query = queries.listed(policy.scoped(Module, edge.actor()), chosen)
    page = page_of(query, {"sort": queries.FIRST_CODE, **chosen}, queries.SORTS)
    selects = [
        ("theme", terms("theme")),
        ("agenda", terms("agenda")),
        ("depth", of_enum(Depth)),
        ("state", of_enum(ModuleState)),
        ("axis_id", axes()),
    ]
    return render_template("modules/list.html", page=page, chosen=chosen, selects=selects)


@pages.route("/new", methods=["GET", "POST"])
@access("module.edit")
def create() -> Any:
    """Write a module."""
    form = Form(ModuleSchema())
    row = form.submit(actions.create)
    return _saved(row) if row is not None else _form(form, _("Add a module"), None)


@pages.route("/<int:id>", methods=["GET", "POST"])
@access("module.see", Module, load=queries.whole)
def show(row: Module) -> Any:
    """One module: what it grew from, partners, versions, deliveries; and one more partner."""
    form = Form(PartnerSchema())
    if form.sent is not None:
        policy.require(edge.actor(), "module.edit", row)
    if form.submit(lambda data: actions.add_partner(row, data)) is not None:
        return _saved(row)
    facts = {
        "axis": db.session.get(Axis, row.axis_id) if row.axis_id else None,
        "steps": steps_of("module", row.id),
    }
    return render_template("modules/show.html", row=row, form=form, **facts), form.status


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("module.edit", Module)
def edit(row: Module) -> Any:
    """Change a module."""
    form = Form(ModuleSchema(), row, initial=actions.as_form(row))
    if form.submit(lambda data: actions.edit(row, data)) is None:
        return _form(form, _("Change the module"), row)
    return _saved(row)


@pages.post("/<int:id>/move")
@access("module.see", Module)
def step(row: Module) -> Any:
    """Move a module one step."""
    move("module", row, actions.advance_module, request.form)
    return redirect(url_for("modules.show", id=row.id))


@pages.route("/<int:id>/versions/new", methods=["GET", "POST"])
@access("module.edit", Module)
def add_version(row: Module) -> Any:
    """Add a version."""
    form = Form(VersionSchema(), initial={"language": edge.current_language()})
    if form.submit(lambda data: actions.save_version(row, data)) is None:
        return _form(form, _("Add a version"), row)
    return _saved(row)


@pages.route("/versions/<int:id>/edit", methods=["GET", "POST"])
@access("module.edit", ModuleVersion)
def edit_version(version: ModuleVersion) -> Any:
    """Change a version."""
    form = Form(VersionSchema(), initial=_columns(version))
    if form.submit(lambda data: actions.save_version(version.module, data, version)) is None:
        return _form(form, _("Change the version"), version.module)
    return _saved(version.module)


@pages.post("/partners/<int:id>/remove")
@access("module.edit", ModulePartner)
def remove_partner(partner: ModulePartner) -> Any:
    """Take one part of an organisation away."""
    module = partner.module
    with transaction():
        actions.remove_partner(partner)
    flash(_("Removed."))
    return redirect(url_for("modules.show", id=module.id))


@pages.route("/<int:id>/deliveries/new", methods=["GET", "POST"])
@access("module.edit", Module)
def add_delivery(row: Module) -> Any:
    """Write down that a module was given."""
    form = Form(DeliverySchema())
    if form.submit(lambda data: actions.save_delivery(row, data)) is None:
        return _form(form, _("Add a delivery"), row)
    return _saved(row)


@pages.route("/deliveries/<int:id>/edit", methods=["GET", "POST"])
@access("module.edit", Delivery)
def edit_delivery(delivery: Delivery) -> Any:
    """Change a delivery, or write down its evaluation."""
    form = Form(DeliverySchema(), initial={**_columns(delivery), "reference": delivery.reference})
    if form.submit(lambda data: actions.save_delivery(delivery.module, data, delivery)) is None:
        return _form(form, _("Change the delivery"), delivery.module)
    return _saved(delivery.module)


def _columns(row: Any) -> dict[str, Any]:
    return {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _form(form: Form, title: str, module: Module | None) -> Any:
    facts = {"form": form, "title": title, "module": module}
    return render_template("modules/edit.html", **facts), form.status


def _saved(module: Module) -> Any:
    flash(_("Saved."))
    return redirect(url_for("modules.show", id=module.id))
