"""The directory of expertise: who in the network knows what, as they list it themselves."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from exchange import edge, policy
from exchange.directory import expertise
from exchange.directory.expertise import Expertise
from exchange.directory.schemas import ExpertiseFilter, ExpertiseSchema
from exchange.edge import access
from exchange.edge_seen import shown
from exchange.listing import page_of
from exchange.transaction import transaction
from exchange.web.forms import Form, filters

pages = Blueprint("expertise", __name__)


@pages.get("/expertise")
@access("expertise.see")
def index() -> Any:
    """Who knows what: found by words, theme, language and country."""
    chosen = filters(ExpertiseFilter())
    query = expertise.listed(policy.scoped(Expertise, edge.actor()), chosen)
    page = page_of(query, {"sort": expertise.NEWEST_FIRST, **chosen}, expertise.SORTS)
    shown(*(row.person for row in page.items))
    return render_template("expertise/list.html", page=page, chosen=chosen)


@pages.route("/account/expertise", methods=["GET", "POST"])
@access("account.manage")
def mine() -> Any:
    """List what one knows oneself, or change it."""
    person = edge.signed_in()
    row = expertise.of_person(person)
    form = Form(ExpertiseSchema(), row, initial=None if row else {"language": person.language})
    if form.submit(lambda data: expertise.save(person, data)) is None:
        return render_template("expertise/mine.html", form=form, row=row), form.status
    flash(_("Saved. You are listed in the directory of expertise."))
    return redirect(url_for("expertise.index"))


@pages.post("/account/expertise/withdraw")
@access("account.manage")
def withdraw() -> Any:
    """Be listed no longer."""
    with transaction():
        expertise.withdraw(edge.signed_in())
    flash(_("You are listed no longer. Nothing of it is kept."))
    return redirect(url_for("account.show"))
