"""The pages of re-use: the sheet of a practice, and the cities that took it up."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.edge import access
from exchange.pictures.chain import layout
from exchange.practices import reusing
from exchange.practices.models import Practice
from exchange.practices.reuse import Adoption
from exchange.practices.schemas import AdoptionEditSchema, AdoptionSchema, SheetSchema
from exchange.practices.scoring import score
from exchange.steps import steps_of
from exchange.web.forms import Form
from exchange.web.moves import move
from workflows.adoption import AdoptionState

pages = Blueprint("reuse", __name__)


def facts(practice: Practice) -> dict[str, Any]:
    """What the page of a practice shows of its re-use."""
    adoptions = reusing.adoptions_of(practice)
    sheet = reusing.sheet_of(practice)
    in_use = sum(one.state == AdoptionState.in_use for one in adoptions)
    chain = [(whose.name, told) for whose, told in reusing.chain_of(practice, adoptions)]
    return {
        "sheet": sheet,
        "score": score(sheet, in_use),
        "adoptions": adoptions,
        "chain": chain,
        "picture": layout([bool(told) for _name, told in chain]),
    }


@pages.route("/practices/<int:id>/sheet", methods=["GET", "POST"])
@access("practice.edit", Practice)
def sheet(practice: Practice) -> Any:
    """Say what another city must know before it takes the practice up."""
    form = Form(SheetSchema(), reusing.sheet_of(practice))
    if form.submit(lambda data: reusing.save_sheet(practice, data)) is None:
        page = render_template(
            "practices/reuse_form.html", form=form, practice=practice, is_sheet=True
        )
        return page, form.status
    flash(_("Saved."))
    return redirect(url_for("practices.show", id=practice.id, _anchor="reuse"))


@pages.route("/practices/<int:id>/adoptions/new", methods=["GET", "POST"])
@access("adoption.create")
def adopt(id: int) -> Any:  # noqa: A002 - the name in the address
    """Say that one's city takes the practice up."""
    practice = policy.find(Practice, id, edge.actor())
    form = Form(AdoptionSchema(), initial={"language": edge.current_language()})
    row = form.submit(lambda data: reusing.adopt(practice, data, actor=edge.signed_in()))
    if row is None:
        page = render_template(
            "practices/reuse_form.html", form=form, practice=practice, is_sheet=False
        )
        return page, form.status
    flash(_("Saved. We will ask in half a year what became of it."))
    return redirect(url_for("reuse.adoption", id=row.id))


@pages.route("/adoptions/<int:id>", methods=["GET", "POST"])
@access("adoption.see", Adoption)
def adoption(row: Adoption) -> Any:
    """One adoption; those it belongs to write here what they made different."""
    form = Form(AdoptionEditSchema(), row)
    if request.method == "POST":
        policy.require(edge.actor(), "adoption.edit", row)
        if form.submit(lambda data: reusing.edit_adoption(row, data)) is not None:
            flash(_("Saved."))
            return redirect(url_for("reuse.adoption", id=row.id))
    steps = steps_of("adoption", row.id)
    page = render_template("practices/adoption.html", adoption=row, form=form, steps=steps)
    return page, form.status


@pages.post("/adoptions/<int:id>/move")
@access("adoption.see", Adoption)
def step(row: Adoption) -> Any:
    """Move an adoption one step."""
    move("adoption", row, reusing.advance_adoption, request.form)
    return redirect(url_for("reuse.adoption", id=row.id))
