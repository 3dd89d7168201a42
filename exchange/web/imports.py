"""The pages of imports: send a file, see its check, load it."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.edge import access
from exchange.edge_sheets import empty_sheet, problem_words, take_upload
from exchange.errors import Invalid, NotFound
from exchange.listing import page_of
from exchange.spreadsheets import actions, queries
from exchange.spreadsheets.columns import COLUMNS
from exchange.spreadsheets.models import Import, ImportNoun, ImportStage
from exchange.spreadsheets.schemas import ImportFilter, UploadSchema
from exchange.transaction import transaction
from exchange.web.errors import sentence
from exchange.web.forms import Form, filters
from exchange.web.named import number_of

pages = Blueprint("imports", __name__, url_prefix="/imports")

MOVING = (ImportStage.waiting, ImportStage.checking, ImportStage.loading)


@pages.get("")
@access("import.create")
def index() -> Any:
    """One's own imports; staff see all."""
    chosen = filters(ImportFilter())
    query = queries.listed(policy.scoped(Import, edge.actor()), chosen)
    page = page_of(query, {"sort": "-newest", **chosen}, queries.SORTS)
    return render_template("imports/list.html", page=page, chosen=chosen)


@pages.route("/new", methods=["GET", "POST"])
@access("import.create")
def create() -> Any:
    """Send a file."""
    form = Form(UploadSchema())
    if form.validate():
        try:
            row = take_upload(form.data)
        except Invalid as problem:
            form.errors[problem.field] = [sentence(problem)]
        else:
            flash(_("The file is here. It is being checked."))
            return redirect(url_for("imports.show", id=row.id))
    return render_template("imports/new.html", form=form, nouns=ImportNoun), form.status


@pages.get("/<int:id>")
@access("import.see", Import)
def show(row: Import) -> Any:
    """One import: how far it is, what is wrong, the button to load it."""
    number = number_of(request.args.get("page")) or 1
    page = queries.problems_page(row, number)
    waits = row.stage == ImportStage.checked and row.load_wanted
    return render_template(
        "imports/show.html",
        row=row,
        page=page,
        problems=[problem_words(one) for one in page.items],
        moving=waits or row.stage in MOVING,
    )


@pages.post("/<int:id>/load")
@access("import.see", Import)
def load(row: Import) -> Any:
    """Load a sheet that is in order."""
    with transaction():
        actions.want_load(row)
    return redirect(url_for("imports.show", id=row.id))


@pages.get("/sheets/<noun>.<extension>")
@access("import.create")
def sheet(noun: str, extension: str) -> Any:
    """An empty sheet with the headings of a noun."""
    if noun not in ImportNoun.__members__:
        raise NotFound("not_found")
    names = [column.name for column in COLUMNS[ImportNoun(noun)]]
    return empty_sheet(noun, extension, names)
