"""Signing in and out, and one's own account."""

from typing import Any

from flask import (
    Blueprint,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import force_locale
from flask_babel import gettext as _

from exchange import edge
from exchange.accounts import actions, queries
from exchange.accounts.models import ApiToken, SignIn
from exchange.accounts.schemas import (
    ChangePasswordSchema,
    ProfileSchema,
    SignInSchema,
    TokenSchema,
)
from exchange.demo import passwords as demo
from exchange.directory.models import Person
from exchange.edge import access
from exchange.errors import Invalid
from exchange.limits import limiter
from exchange.transaction import transaction
from exchange.web import entering, sessions
from exchange.web.errors import sentence
from exchange.web.forms import Form

pages = Blueprint("account", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
@limiter.limit("20/minute;200/hour", methods=["POST"])
@access("account.sign_in")
def sign_in() -> Any:
    """Sign in with e-mail and password."""
    form = Form(SignInSchema(), initial={"email": request.args.get("email", "")})
    where = _let_in(form) if form.validate() else None
    return redirect(where) if where else (_sign_in_page(form), form.status)


def _sign_in_page(form: Form) -> str:
    """With the accounts of the demonstration, where there is one and nobody is outside."""
    shown = [] if edge.settings().production else demo.accounts()
    return render_template(
        "account/sign_in.html",
        form=form,
        accounts=shown,
        sso=edge.settings().oidc_issuer and (edge.settings().oidc_name or "OpenID"),
        file=demo.kept_in() if shown else None,
    )


def _let_in(form: Form) -> str | None:
    wanted = sessions.local_path(request.args.get("next", ""))
    try:
        return sessions.sign_in(form.data["email"], form.data["password"], wanted)
    except Invalid as problem:
        form.errors[problem.field] = [sentence(problem)]
    return None


@pages.post("/sign-out")
@access("account.manage")
def sign_out() -> Any:
    """End this sign-in, and have the browser forget what it kept."""
    with transaction():
        actions.end_sign_in(g.sign_in)
    session.clear()
    flash(_("You have signed out."))
    answer = redirect(url_for("home.index"))
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


@pages.route("/account", methods=["GET", "POST"])
@access("account.manage")
def show() -> Any:
    """One's own account: name, language, time zone, and the ways to the rest."""
    person = edge.signed_in()
    form = Form(ProfileSchema(), person)
    if form.submit(lambda data: actions.edit_profile(person, data)) is None:
        return render_template("account/show.html", form=form, person=person), form.status
    with force_locale(person.language):
        flash(_("Saved."))
    answer = make_response(redirect(url_for("account.show")))
    return sessions.keep_language(answer, person.language)


@pages.route("/account/password", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@access("account.manage")
def password() -> Any:
    """Change one's password; every other sign-in ends."""
    person = edge.signed_in()
    form = Form(ChangePasswordSchema())
    if form.submit(lambda data: _change_password(person, data)) is None:
        return render_template("account/password.html", form=form), form.status
    flash(_("Your password has changed. All other devices are signed out."))
    return redirect(url_for("account.show"))


def _change_password(person: Person, data: dict[str, Any]) -> Person:
    actions.change_password(person, data["current_password"], data["new_password"])
    passed = g.sign_in.factor_at is not None
    entering.begin(person, by_factor=passed)
    entering.notify(person, "password")
    return person


@pages.get("/account/sign-ins")
@access("account.manage")
def sign_ins() -> Any:
    """Where one is signed in."""
    found = queries.sign_ins_of(edge.signed_in(), **sessions.lifetime())
    return render_template("account/sign_ins.html", sign_ins=found, this=g.sign_in.id)


@pages.post("/account/sign-ins/<int:id>/end")
@access("sign_in.end", SignIn)
def end(sign_in: SignIn) -> Any:
    """End one sign-in."""
    with transaction():
        actions.end_sign_in(sign_in)
    flash(_("Signed out there."))
    return redirect(url_for("account.sign_ins"))


@pages.post("/account/sign-ins/end")
@access("account.manage")
def end_all() -> Any:
    """End every sign-in but this one."""
    with transaction():
        actions.end_sign_ins(edge.signed_in(), but=g.sign_in)
    flash(_("All other devices are signed out."))
    return redirect(url_for("account.sign_ins"))


@pages.route("/account/tokens", methods=["GET", "POST"])
@access("account.manage")
def tokens() -> Any:
    """One's keys to the API; a new one is shown once, on the answer that makes it."""
    person = edge.signed_in()
    form = Form(TokenSchema())
    if request.method == "POST":
        entering.must_be_fresh()
    made = form.submit(lambda data: actions.make_token(data, actor=person)[1])
    found = queries.tokens_of(person)
    page = render_template("account/tokens.html", form=form, tokens=found, secret=made)
    return page, 201 if made else form.status


@pages.post("/account/tokens/<int:id>/revoke")
@access("token.revoke", ApiToken)
def revoke(token: ApiToken) -> Any:
    """Make a key useless."""
    with transaction():
        actions.revoke_token(token)
    flash(_("Revoked: nobody can use it any more."))
    return redirect(url_for("account.tokens"))
