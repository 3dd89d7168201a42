"""Signing in and out, and one's own account."""

from typing import Any

from flask import Blueprint, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.accounts import actions
from exchange.accounts.schemas import SignInSchema
from exchange.edge import access
from exchange.limits import limiter
from exchange.transaction import transaction
from exchange.web.forms import Form

pages = Blueprint("account", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@access("account.sign_in")
def sign_in() -> Any:
    """Sign in with e-mail and password."""
    form = Form(SignInSchema())
    secret = form.submit(
        lambda data: actions.sign_in(
            data["email"],
            data["password"],
            address=request.remote_addr or "",
            device=request.user_agent.string,
        )
    )
    if secret is None:
        return render_template("account/sign_in.html", form=form), form.status
    session.clear()
    session["sign_in"] = secret
    session.permanent = True
    return redirect(_local(request.args.get("next", "")) or url_for("home.index"))


@pages.post("/sign-out")
@access("account.manage")
def sign_out() -> Any:
    """End this sign-in."""
    with transaction():
        actions.end_sign_in(g.sign_in)
    session.clear()
    flash(_("You have signed out."))
    return redirect(url_for("home.index"))


@pages.get("/account")
@access("account.manage")
def show() -> Any:
    """One's own account."""
    return render_template("account/show.html", person=edge.signed_in())


def _local(target: str) -> str:
    """A path of this site, never another site's address."""
    return target if target.startswith("/") and not target.startswith(("//", "/\\")) else ""
