"""The pages of partnerships over years: phases, pairs, reviews."""

from collections.abc import Callable
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, multilingual, policy
from exchange.edge import access
from exchange.errors import NotFound
from exchange.listing import page_of
from exchange.partnerships import actions, queries
from exchange.partnerships.models import Pair, Partnership, ReviewWorkshop
from exchange.partnerships.schemas import (
    PARTS_OF_A_SHEET,
    ActivitySchema,
    AgreementSchema,
    BenefitSchema,
    BodySchema,
    PairExchangeSchema,
    PairSchema,
    PartnershipFilter,
    PartnershipSchema,
    PhaseSchema,
    ReviewSchema,
    ReviewSheetSchema,
)
from exchange.schemas import Schema
from exchange.steps import steps_of
from exchange.web.forms import Form, filters
from exchange.web.moves import move
from exchange.web.options import of_enum
from workflows.partnership import PartnershipState

pages = Blueprint("partnerships", __name__, url_prefix="/partnerships")

# What can be added to a partnership and to a pair: its schema, its action, the heading.
Adding = tuple[type[Schema], Callable[[Any, dict[str, Any]], Any], Callable[[], str]]
TO_PARTNERSHIP: dict[str, Adding] = {
    "phases": (PhaseSchema, actions.add_phase, lambda: _("Add a phase")),
    "pairs": (PairSchema, actions.add_pair, lambda: _("Add a pair")),
    "funders": (BodySchema, actions.add_funder, lambda: _("Add a funder")),
    "reviews": (ReviewSchema, actions.add_review, lambda: _("Call a review workshop")),
}
TO_PAIR: dict[str, Adding] = {
    "cities": (BodySchema, actions.add_city, lambda: _("Add a city")),
    "exchanges": (PairExchangeSchema, actions.add_exchange, lambda: _("Link an exchange")),
    "activities": (
        ActivitySchema,
        lambda pair, data: actions.add_part(pair, "activities", data),
        lambda: _("Add an activity"),
    ),
    "agreements": (
        AgreementSchema,
        lambda pair, data: actions.add_part(pair, "agreements", data),
        lambda: _("Add an agreement"),
    ),
    "benefits": (
        BenefitSchema,
        lambda pair, data: actions.add_part(pair, "benefits", data),
        lambda: _("Record a benefit"),
    ),
}


@pages.get("")
@access("partnership.see")
def index() -> Any:
    """The partnerships, the newest first."""
    chosen = filters(PartnershipFilter())
    query = queries.listed(policy.scoped(Partnership, edge.actor()), chosen)
    page = page_of(query, {"sort": queries.NEWEST_FIRST, **chosen}, queries.SORTS)
    selects = [("state", of_enum(PartnershipState))]
    return render_template("partnerships/list.html", page=page, chosen=chosen, selects=selects)


@pages.route("/new", methods=["GET", "POST"])
@access("partnership.create")
def create() -> Any:
    """Write a partnership."""
    form = Form(PartnershipSchema())
    row = form.submit(actions.create)
    if row is None:
        return _form(form, _("Add a partnership"), url_for("partnerships.index"))
    return _saved(url_for("partnerships.show", id=row.id))


@pages.get("/<int:id>")
@access("partnership.see", Partnership, load=queries.whole)
def show(row: Partnership) -> Any:
    """One partnership: its phases, its pairs, its reviews."""
    steps = steps_of("partnership", row.id)
    return render_template("partnerships/show.html", row=row, steps=steps)


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("partnership.edit", Partnership)
def edit(row: Partnership) -> Any:
    """Change a partnership."""
    form = Form(PartnershipSchema(), initial=multilingual.as_form(row, actions.WORDS))
    back = url_for("partnerships.show", id=row.id)
    if form.submit(lambda data: actions.edit(row, data)) is None:
        return _form(form, _("Change the partnership"), back)
    return _saved(back)


@pages.post("/<int:id>/move")
@access("partnership.see", Partnership)
def step(row: Partnership) -> Any:
    """Move a partnership one step."""
    move("partnership", row, actions.advance_partnership, request.form)
    return redirect(url_for("partnerships.show", id=row.id))


@pages.route("/<int:id>/<any(phases, pairs, funders, reviews):kind>/new", methods=["GET", "POST"])
@access("partnership.edit", Partnership)
def add(row: Partnership, kind: str) -> Any:
    """Add a phase, a pair, a funder or a review workshop."""
    return _add(TO_PARTNERSHIP[kind], row, url_for("partnerships.show", id=row.id))


@pages.get("/pairs/<int:id>")
@access("partnership.see", Pair)
def pair(row: Pair) -> Any:
    """One pair: its work plan, what it signed, its visits, and what each side has from it."""
    return render_template("partnerships/pair.html", pair=row, sides=queries.by_side(row))


@pages.route(
    "/pairs/<int:id>/<any(cities, exchanges, activities, agreements, benefits):kind>/new",
    methods=["GET", "POST"],
)
@access("partnership.write", Pair)
def add_to_pair(row: Pair, kind: str) -> Any:
    """Add a city, an exchange, an activity, an agreement or a benefit."""
    return _add(TO_PAIR[kind], row, url_for("partnerships.pair", id=row.id))


@pages.route(
    "/pairs/<int:id>/<any(activities, agreements, benefits):kind>/<int:number>",
    methods=["GET", "POST"],
)
@access("partnership.write", Pair)
def edit_part(row: Pair, kind: str, number: int) -> Any:
    """Change an activity (or say that it is done), an agreement, a benefit."""
    part = next((one for one in getattr(row, kind) if one.id == number), None)
    if part is None:
        raise NotFound("not_found", noun=kind, id=number)
    form, back = Form(TO_PAIR[kind][0](), part), url_for("partnerships.pair", id=row.id)
    if form.submit(lambda data: actions.save_part(part, data)) is None:
        return _form(form, _("Change"), back)
    return _saved(back)


@pages.get("/reviews/<int:id>")
@access("partnership.see", ReviewWorkshop)
def review(row: ReviewWorkshop) -> Any:
    """The sheets of all pairs side by side; who has not written stands there too."""
    sheets = {sheet.pair_id: sheet for sheet in row.sheets}
    facts = {"review": row, "sheets": sheets, "parts": PARTS_OF_A_SHEET}
    return render_template("partnerships/review.html", **facts)


@pages.route("/reviews/<int:id>/pairs/<int:pair_id>", methods=["GET", "POST"])
@access("partnership.see", ReviewWorkshop)
def sheet(row: ReviewWorkshop, pair_id: int) -> Any:
    """Write the sheet of a pair."""
    pair = next((one for one in row.partnership.pairs if one.id == pair_id), None)
    if pair is None:
        raise NotFound("not_found", noun="pair", id=pair_id)
    policy.require(edge.actor(), "partnership.write", pair)
    known = next((one for one in row.sheets if one.pair_id == pair_id), None)
    initial = None if known else {"language": edge.current_language()}
    form = Form(ReviewSheetSchema(), known, initial=initial)
    back = url_for("partnerships.review", id=row.id)
    if form.submit(lambda data: actions.write_sheet(row, pair, data)) is None:
        return _form(form, _("Sheet of %(pair)s", pair=pair.called), back)
    return _saved(back)


def _add(adding: Adding, row: Any, back: str) -> Any:
    schema, action, title = adding
    shown = schema()
    initial = {"language": edge.current_language()} if "language" in shown.fields else None
    form = Form(shown, initial=initial)
    if form.submit(lambda data: action(row, data)) is None:
        return _form(form, title(), back)
    return _saved(back)


def _form(form: Form, title: str, back: str) -> Any:
    return render_template("partnerships/edit.html", form=form, title=title, back=back), form.status


def _saved(back: str) -> Any:
    flash(_("Saved."))
    return redirect(back)
