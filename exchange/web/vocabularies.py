"""The pages of vocabularies: everybody reads, administrators change."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from exchange import edge
from exchange.edge import access
from exchange.labels.vocabularies import vocabulary as vocabulary_name
from exchange.transaction import transaction
from exchange.vocabularies import actions, queries
from exchange.vocabularies.models import Term
from exchange.vocabularies.schemas import TermFilter, TermSchema
from exchange.web.forms import Form, filters

pages = Blueprint("vocabularies", __name__, url_prefix="/vocabularies")


@pages.get("")
@access("vocabulary.see")
def index() -> Any:
    """All vocabularies."""
    counts = queries.known_vocabularies()
    named = sorted((str(vocabulary_name(name)), name) for name in counts)
    return render_template("vocabularies/list.html", named=named, counts=counts)


@pages.get("/<vocabulary>")
@access("vocabulary.see")
def terms(vocabulary: str) -> Any:
    """The entries of one vocabulary."""
    chosen = filters(TermFilter())
    page = queries.matching(vocabulary, chosen)
    return render_template(
        "vocabularies/terms.html",
        page=page,
        chosen=chosen,
        vocabulary=vocabulary,
        name=vocabulary_name(vocabulary),
    )


@pages.route("/<vocabulary>/new", methods=["GET", "POST"])
@access("vocabulary.edit")
def create(vocabulary: str) -> Any:
    """Add an entry."""
    form = Form(TermSchema())
    term = form.submit(lambda data: actions.add(vocabulary, data, actor=edge.signed_in()))
    if term is None:
        return _form_page(form, vocabulary, None)
    flash(_("Saved."))
    return redirect(url_for("vocabularies.terms", vocabulary=vocabulary))


@pages.route("/terms/<int:id>/edit", methods=["GET", "POST"])
@access("vocabulary.edit", Term)
def edit(term: Term) -> Any:
    """Change an entry, retire it, or take it out."""
    form = Form(TermSchema(), term)
    done = form.submit(lambda data: actions.edit(term, data, actor=edge.signed_in()))
    if done is None:
        return _form_page(form, term.vocabulary, term)
    flash(_("Saved."))
    return _back(term)


def _form_page(form: Form, vocabulary: str, term: Term | None) -> Any:
    page = render_template(
        "vocabularies/edit.html",
        form=form,
        term=term,
        vocabulary=vocabulary,
        name=vocabulary_name(vocabulary),
        used=queries.usage(term) if term else {},
    )
    return page, form.status


@pages.post("/terms/<int:id>/retire")
@access("vocabulary.edit", Term)
def retire(term: Term) -> Any:
    """Offer an entry no longer."""
    with transaction():
        actions.retire(term, actor=edge.signed_in())
    flash(_("Retired: it is no longer offered. What it marks keeps it."))
    return _back(term)


@pages.post("/terms/<int:id>/bring-back")
@access("vocabulary.edit", Term)
def bring_back(term: Term) -> Any:
    """Offer a retired entry again."""
    with transaction():
        actions.bring_back(term, actor=edge.signed_in())
    flash(_("It is offered again."))
    return _back(term)


@pages.post("/terms/<int:id>/delete")
@access("vocabulary.edit", Term)
def delete(term: Term) -> Any:
    """Take an entry out that nothing uses."""
    back = _back(term)
    with transaction():
        actions.delete(term, actor=edge.signed_in())
    flash(_("Deleted."))
    return back


def _back(term: Term) -> Response:
    return redirect(url_for("vocabularies.terms", vocabulary=term.vocabulary))
