"""The door behind a mailed invitation to an organisation: yes, no, and a password for who has none.

Looking at the link changes nothing; it is answered by a button alone.
"""

from typing import Any

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange.accounts import joining
from exchange.accounts.models import Invitation
from exchange.accounts.schemas import NewPasswordSchema
from exchange.edge import access
from exchange.limits import limiter
from exchange.transaction import transaction
from exchange.web import entering, sessions
from exchange.web.forms import Form

pages = Blueprint("joining", __name__)


@pages.route("/join/<secret>", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@access("account.sign_in")
def answer(secret: str) -> Any:
    """Say whether one belongs to an organisation."""
    row = joining.live(secret)
    if row is None:
        return _secretly(render_template("account/link_gone.html", kind="joining"), 410)
    if request.method == "POST" and request.form.get("answer") == "no":
        with transaction():
            joining.decline(secret)
        flash(_("You have said no. Nothing is kept of the invitation."))
        return _secretly(redirect(url_for("home.index")))
    has_account = joining.account_of(row) is not None
    return _with_account(row, secret) if has_account else _with_password(row, secret)


def _with_account(row: Invitation, secret: str) -> Any:
    if request.method == "GET":
        return _secretly(render_template("account/join.html", row=row, form=None))
    name = row.organisation.name
    with transaction():
        joining.accept(secret)
    flash(_("You belong to %(name)s now.", name=name))
    return _secretly(redirect(url_for("home.index")))


def _with_password(row: Invitation, secret: str) -> Any:
    form = Form(NewPasswordSchema())
    where = form.submit(lambda data: _enter(secret, data["new_password"]))
    if where is None:
        page = render_template("account/join.html", row=row, form=form)
        return _secretly(page, form.status)
    flash(_("Your password is set."))
    return _secretly(redirect(where))


def _enter(secret: str, password: str) -> str:
    return entering.enter(joining.accept(secret, password), url_for("home.index"))


def _secretly(page: Any, status: int | None = None) -> Any:
    made = make_response(page, status) if status else make_response(page)
    made.headers.update(sessions.SECRET_ADDRESS)
    return made
