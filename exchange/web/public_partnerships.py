"""The public pages of partnerships: what their leads chose to show, and never people."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.edge import access
from exchange.listing import page_of
from exchange.partnerships import opening, queries
from exchange.partnerships.models import Partnership, PublicPart
from exchange.partnerships.schemas import OpeningSchema, PublicPartnershipFilter
from exchange.web.forms import Form, filters
from exchange.web.options import of_enum
from exchange.web.prefixes import PREFIX
from workflows.partnership import PartnershipState

pages = Blueprint("public_partnerships", __name__)


@pages.get(f"{PREFIX}/partnerships")
@access("partnership.read")
def index() -> Any:
    """The public partnerships, for everybody."""
    chosen = filters(PublicPartnershipFilter())
    query = queries.listed(opening.published(), chosen)
    page = page_of(query, {"sort": queries.NEWEST_FIRST, **chosen}, queries.SORTS)
    selects = [("state", of_enum(PartnershipState))]
    facts = {"page": page, "chosen": chosen, "selects": selects}
    return render_template("partnerships/public_list.html", **facts)


@pages.get(f"{PREFIX}/partnerships/<code>")
@access("partnership.read")
def show(code: str) -> Any:
    """One public partnership, for everybody."""
    row = opening.published_as(code)
    facts = {"row": row, "shown": row.shown, "parts": PublicPart}
    return render_template("partnerships/public.html", **facts)


@pages.route("/partnerships/<int:id>/public", methods=["GET", "POST"])
@access("partnership.open_up", Partnership)
def choose(row: Partnership) -> Any:
    """Choose what everybody may read."""
    form = Form(OpeningSchema(), initial=opening.as_form(row))
    back = url_for("partnerships.show", id=row.id)
    if form.submit(lambda data: opening.choose(row, data, actor=edge.signed_in())) is None:
        page = render_template("partnerships/opening.html", form=form, row=row, back=back)
        return page, form.status
    flash(_("Saved."))
    return redirect(back)
