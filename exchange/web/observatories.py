"""The pages of the observatories that practices are harvested from."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from exchange import edge, policy, uploads
from exchange.edge import access
from exchange.edge_files import sent_file
from exchange.errors import Invalid
from exchange.listing import page_of
from exchange.mechanisms.queries import by_observatory
from exchange.practices import harvesting, queries
from exchange.practices.models import Observatory
from exchange.practices.observatories import create as make
from exchange.practices.observatories import edit as change
from exchange.practices.schemas import HarvestSchema, ObservatoryFilter, ObservatorySchema
from exchange.transaction import transaction
from exchange.web.errors import sentence
from exchange.web.forms import Form, filters

pages = Blueprint("observatories", __name__, url_prefix="/observatories")


@pages.get("")
@access("observatory.see")
def index() -> Any:
    """Who collects practices, and how many they gave."""
    chosen = filters(ObservatoryFilter())
    query = queries.observatories(policy.scoped(Observatory, edge.actor()), chosen)
    page = page_of(query, chosen, queries.OBSERVATORY_SORTS)
    facts = {"page": page, "chosen": chosen, "numbers": queries.numbers_by_observatory()}
    facts["mechanisms"] = by_observatory([row.id for row in page.items])
    return render_template("practices/observatories.html", **facts)


@pages.route("/new", methods=["GET", "POST"])
@access("observatory.edit")
def create() -> Any:
    """Add an observatory."""
    return _page(Form(ObservatorySchema()), make)


@pages.route("/<int:id>/edit", methods=["GET", "POST"])
@access("observatory.edit", Observatory)
def edit(row: Observatory) -> Any:
    """Change an observatory."""
    return _page(Form(ObservatorySchema(), row), lambda data: change(row, data))


def _page(form: Form, save: Any) -> Any:
    if form.submit(save) is None:
        return render_template("practices/observatory.html", form=form), form.status
    flash(_("Saved."))
    return redirect(url_for("observatories.index"))


@pages.route("/<int:id>/harvest", methods=["GET", "POST"])
@access("observatory.harvest", Observatory)
def harvest(row: Observatory) -> Any:
    """Take in the records of a file, or those at the observatory's address."""
    form = Form(HarvestSchema())
    if not form.validate():
        return render_template("practices/harvest.html", form=form, row=row), form.status
    try:  # what is fetched comes first: nobody waits for a stranger with the database held
        sent = sent_file("file", uploads.RECORDS, "no_records_file")
        typed = sent.content.decode("utf-8", "replace") if sent else form.data["records"]
        found = harvesting.records_of(typed) if typed else harvesting.download(row.harvest_url)
    except Invalid as problem:
        form.errors[problem.field] = [sentence(problem)]
        return render_template("practices/harvest.html", form=form, row=row), form.status
    with transaction():
        done = harvesting.take_in(row, found, actor=edge.signed_in())
    flash(
        _(
            "%(new)s new, %(changed)s changed, %(same)s as before, %(withdrawn)s withdrawn, "
            "%(left_out)s left out.",
            new=done.new,
            changed=done.changed,
            same=done.same,
            withdrawn=done.withdrawn,
            left_out=done.left_out,
        )
    )
    return redirect(url_for("observatories.index"))
