"""The pages of what an exchange is made of: concept note, partners, budget, phases."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from exchange import edge, policy
from exchange.clock import today
from exchange.edge import access
from exchange.errors import NotFound
from exchange.exchanges import actions
from exchange.exchanges.models import Exchange
from exchange.exchanges.schemas import (
    BudgetLineSchema,
    CommitmentSchema,
    ConceptNoteSchema,
    ContactOfSchema,
    PartnerSchema,
    PhaseSchema,
    Tab,
)
from exchange.extensions import Record
from exchange.transaction import transaction
from exchange.web.forms import Form

pages = Blueprint("exchange_parts", __name__, url_prefix="/exchanges/<int:id>")
Part = TypeVar("Part", bound=Record)
ON_PLAN = {
    f"exchange_parts.{name}"
    for name in ("concept_note", "add_budget_line", "budget_line", "remove_budget_line")
}


def part_of(parts: Sequence[Part], part_id: int) -> Part:
    """The part with that id, of those the exchange has.

    :raises NotFound: the exchange has no such part.
    """
    found = next((part for part in parts if part.id == part_id), None)
    if found is None:
        raise NotFound("not_found", id=part_id)
    return found


def _page(
    form: Form, exchange: Exchange, title: str, action: Callable[[dict[str, Any]], Any]
) -> Response | tuple[str, int]:
    if form.submit(lambda data: [action(data)]) is not None:
        flash(_("Saved."))
        return _back(exchange)
    facts = {"title": title, "back": _address(exchange)}
    page = render_template("exchanges/form.html", form=form, exchange=exchange, **facts)
    return page, form.status


def _back(exchange: Exchange) -> Response:
    return redirect(_address(exchange))


def _address(exchange: Exchange) -> str:
    """The tab on which the part stands."""
    tab = Tab.plan if request.endpoint in ON_PLAN else None
    return url_for("exchanges.show", id=exchange.id, tab=tab)


@pages.route("/concept-note", methods=["GET", "POST"])
@access("exchange.edit_plan", Exchange)
def concept_note(exchange: Exchange) -> Any:
    """Write the concept note, and when the partners agreed on it."""
    return _page(
        Form(ConceptNoteSchema(), exchange),
        exchange,
        _("Concept note"),
        lambda data: actions.write_concept_note(exchange, data, actor=edge.signed_in()),
    )


@pages.route("/contact", methods=["GET", "POST"])
@access("exchange.edit", Exchange)
def contact(exchange: Exchange) -> Any:
    """Name who answers for the proposer."""
    return _page(
        Form(ContactOfSchema(organisation_id=exchange.proposer_id), exchange),
        exchange,
        _("Point of contact of %(name)s", name=exchange.proposer.name),
        lambda data: actions.name_contact(exchange, data["contact_id"], actor=edge.signed_in()),
    )


@pages.route("/partners/<int:part_id>/contact", methods=["GET", "POST"])
@access("exchange.see", Exchange)
def partner_contact(exchange: Exchange, part_id: int) -> Any:
    """Name who answers for a partner."""
    partner = part_of(exchange.partners, part_id)
    policy.require(edge.actor(), "exchange.name_contact", partner)
    return _page(
        Form(ContactOfSchema(organisation_id=partner.organisation_id), partner),
        exchange,
        _("Point of contact of %(name)s", name=partner.organisation.name),
        lambda data: actions.name_partner_contact(
            partner, data["contact_id"], actor=edge.signed_in()
        ),
    )


@pages.route("/partners/new", methods=["GET", "POST"])
@access("exchange.edit_partners", Exchange)
def add_partner(exchange: Exchange) -> Any:
    """Name a partner."""
    return _page(
        Form(PartnerSchema(exclude=["contact_id"])),
        exchange,
        _("Add a partner"),
        lambda data: actions.add_partner(
            exchange, data["organisation_id"], data["role"], actor=edge.signed_in()
        ),
    )


@pages.route("/partners/<int:part_id>/commit", methods=["GET", "POST"])
@access("exchange.see", Exchange)
def commit_partner(exchange: Exchange, part_id: int) -> Any:
    """A partner says yes, or staff write down that it did."""
    partner = part_of(exchange.partners, part_id)
    policy.require(edge.actor(), "exchange.commit", partner)
    return _page(
        Form(CommitmentSchema(), initial={"committed_on": today().isoformat()}),
        exchange,
        _("%(name)s takes part", name=partner.organisation.name),
        lambda data: actions.commit_partner(
            partner, actor=edge.signed_in(), on=data.get("committed_on")
        ),
    )


@pages.post("/partners/<int:part_id>/remove")
@access("exchange.edit_partners", Exchange)
def remove_partner(exchange: Exchange, part_id: int) -> Any:
    """Take a partner out."""
    with transaction():
        actions.remove_partner(part_of(exchange.partners, part_id), actor=edge.signed_in())
    flash(_("Removed."))
    return _back(exchange)


@pages.route("/budget/new", methods=["GET", "POST"])
@access("exchange.edit_plan", Exchange)
def add_budget_line(exchange: Exchange) -> Any:
    """Add a line to the budget."""
    return _page(
        Form(BudgetLineSchema(exchange_id=exchange.id), initial={"currency": "EUR"}),
        exchange,
        _("Add a budget line"),
        lambda data: actions.save_budget_line(exchange, data),
    )


@pages.route("/budget/<int:part_id>", methods=["GET", "POST"])
@access("exchange.edit_plan", Exchange)
def budget_line(exchange: Exchange, part_id: int) -> Any:
    """Change a line of the budget."""
    line = part_of(exchange.budget_lines, part_id)
    return _page(
        Form(BudgetLineSchema(exchange_id=exchange.id), line),
        exchange,
        _("Change the budget line"),
        lambda data: actions.save_budget_line(exchange, data, line),
    )


@pages.post("/budget/<int:part_id>/remove")
@access("exchange.edit_plan", Exchange)
def remove_budget_line(exchange: Exchange, part_id: int) -> Any:
    """Take a line out of the budget."""
    with transaction():
        actions.remove_part(part_of(exchange.budget_lines, part_id))
    flash(_("Removed."))
    return _back(exchange)


@pages.route("/phases/new", methods=["GET", "POST"])
@access("exchange.edit_plan", Exchange)
def add_phase(exchange: Exchange) -> Any:
    """Add a phase of a partnership over years."""
    return _page(
        Form(PhaseSchema()),
        exchange,
        _("Add a phase"),
        lambda data: actions.save_phase(exchange, data),
    )


@pages.route("/phases/<int:part_id>", methods=["GET", "POST"])
@access("exchange.edit_plan", Exchange)
def phase(exchange: Exchange, part_id: int) -> Any:
    """Change a phase."""
    row = part_of(exchange.phases, part_id)
    return _page(
        Form(PhaseSchema(), row),
        exchange,
        _("Change the phase"),
        lambda data: actions.save_phase(exchange, data, row),
    )


@pages.post("/phases/<int:part_id>/remove")
@access("exchange.edit_plan", Exchange)
def remove_phase(exchange: Exchange, part_id: int) -> Any:
    """Take a phase away."""
    with transaction():
        actions.remove_part(part_of(exchange.phases, part_id))
    flash(_("Removed."))
    return _back(exchange)
