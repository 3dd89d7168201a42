"""The second step of signing in: setting it up, passing it, and proving again who one is."""

from typing import Any

import segno
from flask import Blueprint, Flask, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from markupsafe import Markup

from exchange import edge
from exchange.accounts import actions, passwords, second_factor
from exchange.accounts.models import SecondFactor
from exchange.accounts.schemas import CodeSchema, ProveSchema
from exchange.clock import now
from exchange.directory.models import Person
from exchange.edge import access
from exchange.errors import Invalid
from exchange.limits import limiter
from exchange.transaction import read_only, transaction
from exchange.web import entering, sessions
from exchange.web.errors import sentence
from exchange.web.forms import Form

pages = Blueprint("second_factor", __name__)
# Where staff may go who have not set up the second step that their role asks for.
OPEN_WITHOUT = frozenset(
    {"account.sign_out", "account.sign_in", "home.language", "machines.health", "machines.ready"}
)


def register(app: Flask) -> None:
    """Lead staff who have no second step to where they set it up."""
    app.before_request(_lead_staff)


def _lead_staff() -> Any:
    person, endpoint = edge.actor(), request.endpoint or ""
    if person is None or not person.staff_role or not edge.settings().staff_second_factor:
        return None
    if request.path.startswith("/api/") or "sign_in" not in g or g.sign_in.factor_at:
        return None
    if endpoint in OPEN_WITHOUT or endpoint == "static" or endpoint.startswith(f"{pages.name}."):
        return None
    flash(_("Your role asks for a second step when you sign in. Set it up now: it takes a minute."))
    return redirect(url_for("second_factor.show"))


@pages.route("/sign-in/code", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@access("account.sign_in")
def ask() -> Any:
    """The second step: a code of the telephone, or a recovery code."""
    known = entering.half_way()
    if known is None:
        return redirect(url_for("account.sign_in"))
    person, wanted = known
    form = Form(CodeSchema())
    if form.validate() and _tried(form, lambda code: entering.pass_second_step(person, code)):
        return redirect(sessions.local_path(wanted) or url_for("home.index"))
    return render_template("account/code.html", form=form), form.status


def _tried(form: Form, act: Any) -> bool:
    """Count the try, then do it; what is wrong is said at the field."""
    known = entering.half_way()
    person = known[0] if known else edge.signed_in()
    try:
        with transaction():
            entering.count_try(person.email, entering.counted_as(person))
        with transaction():
            act(form.data["one_time_code"])
    except Invalid as problem:
        form.errors["one_time_code"] = [sentence(problem)]
        return False
    return True


@pages.get("/account/second-step")
@access("account.manage")
def show() -> Any:
    """Whether one has a second step, and what can be done with it."""
    person = edge.signed_in()
    factor = second_factor.of(person)
    left = second_factor.codes_left(person)
    return render_template(
        "account/second_step.html", factor=factor, left=left, required=_is_required(person)
    )


def _is_required(person: Person) -> bool:
    return bool(person.staff_role) and edge.settings().staff_second_factor


@pages.post("/account/second-step/begin")
@access("account.manage")
def begin() -> Any:
    """Make a secret for one's telephone."""
    entering.must_be_fresh()
    with transaction():
        second_factor.begin(edge.signed_in())
    return redirect(url_for("second_factor.confirm"))


@pages.route("/account/second-step/confirm", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@access("account.manage")
def confirm() -> Any:
    """Show the square to the telephone, and prove with a code that it has read it."""
    person = edge.signed_in()
    factor = second_factor.begun(person)
    if factor is None:
        return redirect(url_for("second_factor.show"))
    form, codes = Form(CodeSchema()), []

    def set_up(code: str) -> None:
        codes.extend(second_factor.confirm(person, code, sign_in=g.sign_in))
        entering.notify(person, "factor_on")

    if form.validate() and _tried(form, set_up):
        return render_template("account/recovery_codes.html", codes=codes)
    facts = {"form": form, "square": _square(factor, person)}
    secret = second_factor.secret_of(factor)
    return render_template("account/second_step_new.html", secret=secret, **facts), form.status


def _square(factor: SecondFactor, person: Person) -> Markup:
    """As a picture in the page: nobody else is asked to draw a secret."""
    code = segno.make(second_factor.address(factor, person), error="m", micro=False)
    picture = code.svg_inline(scale=5, border=4, dark="#000", light="#fff")
    return Markup(picture)  # noqa: S704 # nosec B704 - squares drawn by us, no text of anybody


@pages.post("/account/second-step/codes")
@access("account.manage")
def new_codes() -> Any:
    """Fresh recovery codes instead of those before."""
    entering.must_be_fresh()
    person = edge.signed_in()
    if second_factor.of(person) is None:
        return redirect(url_for("second_factor.show"))
    with transaction():
        codes = second_factor.new_recovery_codes(person)
        entering.notify(person, "recovery_codes")
    return render_template("account/recovery_codes.html", codes=codes)


@pages.post("/account/second-step/remove")
@access("account.manage")
def remove() -> Any:
    """Give the second step up, where the role does not ask for it."""
    entering.must_be_fresh()
    person = edge.signed_in()
    if _is_required(person):
        raise Invalid("one_time_code", "factor_required")
    with transaction():
        second_factor.remove(person)
        entering.notify(person, "factor_off")
        entering.begin(person)
    flash(_("You sign in without a second step now. All other devices are signed out."))
    return redirect(url_for("second_factor.show"))


@pages.route("/sign-in/again", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@access("account.manage")
def again() -> Any:
    """Prove again who one is, before something that is hard to undo."""
    form = Form(ProveSchema())
    wanted = sessions.local_path(request.args.get("next", "")) or url_for("account.show")
    if form.validate() and _proved(form):
        return redirect(wanted)
    return render_template("account/again.html", form=form), form.status


def _proved(form: Form) -> bool:
    person = edge.signed_in()
    try:
        with transaction():
            entering.count_try(person.email)
        with read_only():
            if not passwords.matches(person.password_hash, form.data["password"]):
                raise Invalid("password", "wrong_password")
        with transaction():
            actions.prove(person, form.data["password"])
            g.sign_in.proved_at = now()
    except Invalid as problem:
        form.errors["password"] = [sentence(problem)]
        return False
    return True
