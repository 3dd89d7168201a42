"""The doors for people without a password: invitations, and links to choose a new one.

Looking at a link changes nothing: programs that read mail for their owner open every link. Only
sending the form uses it up.
"""

from collections.abc import Callable
from time import monotonic, sleep
from typing import Any
from urllib.parse import quote

from flask import Blueprint, flash, make_response, redirect, render_template, request, url_for
from flask_babel import gettext as _

from exchange.accounts import actions, links, queries
from exchange.accounts.models import LinkKind
from exchange.accounts.schemas import AddressSchema, NewPasswordSchema
from exchange.edge import access
from exchange.limits import limiter
from exchange.messages.actions import write
from exchange.transaction import transaction
from exchange.web import entering, sessions
from exchange.web.forms import Form
from exchange.web.menu import desk_of

# Writing the mail takes a tenth of it.
EVEN_SECONDS = 0.4

pages = Blueprint("passwords", __name__)


@pages.route("/forgotten-password", methods=["GET", "POST"])
@limiter.limit("10/minute;60/hour", methods=["POST"])
@access("account.sign_in")
def forgotten() -> Any:
    """Ask for a link to choose a new password. The answer is the same for every address."""
    form = Form(AddressSchema())
    if _evenly(lambda: form.submit(lambda data: _mail_reset(data["email"]))) is None:
        return render_template("account/forgotten.html", form=form), form.status
    return render_template("account/link_sent.html", email=form.data["email"])


def _evenly(act: Callable[[], str | None]) -> str | None:
    """Do it, and answer no sooner than the slowest: a mail that is written takes longer than none,
    and whoever measures would learn which addresses have an account.
    """
    began = monotonic()
    done = act()
    if request.method == "POST":
        sleep(max(0.0, EVEN_SECONDS - (monotonic() - began)))
    return done


def _mail_reset(email: str) -> str:
    person = queries.by_email(email)
    secret = actions.reset_if_wanted(person)
    if person is not None and secret is not None:
        write("reset", person, facts={}, link=links.path(LinkKind.reset, secret, person.language))
    return email


@pages.route(f"{links.PLACES[LinkKind.invitation]}/<secret>", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@access("account.sign_in")
def accept(secret: str) -> Any:
    """Choose the first password, by an invitation."""
    return _choose(secret, LinkKind.invitation)


@pages.route(f"{links.PLACES[LinkKind.reset]}/<secret>", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@access("account.sign_in")
def choose(secret: str) -> Any:
    """Choose a new password, by a link that was asked for."""
    return _choose(secret, LinkKind.reset)


@pages.route("/sign-in/link", methods=["GET", "POST"])
@limiter.limit("10/minute;60/hour", methods=["POST"])
@access("account.sign_in")
def ask_sign_in() -> Any:
    """Ask for a link that signs in. The answer is the same for every address."""
    form = Form(AddressSchema(), initial={"email": request.args.get("email", "")})
    if _evenly(lambda: form.submit(lambda data: _mail_sign_in(data["email"]))) is None:
        return render_template("account/ask_sign_in.html", form=form), form.status
    return render_template("account/link_sent.html", email=form.data["email"], to_sign_in=True)


def _mail_sign_in(email: str) -> str:
    person = queries.by_email(email)
    secret = actions.sign_in_link_if_wanted(person)
    if person is not None and secret is not None:
        path = links.path(LinkKind.sign_in, secret, person.language)
        wanted = sessions.local_path(request.args.get("next", ""))
        write("sign_in", person, facts={}, link=f"{path}&next={quote(wanted)}" if wanted else path)
    return email


@pages.route(f"{links.PLACES[LinkKind.sign_in]}/<secret>", methods=["GET", "POST"])
@limiter.limit("20/minute", methods=["POST"])
@access("account.sign_in")
def enter(secret: str) -> Any:
    """Sign in by a link that was asked for: by the button, for programs open every link."""
    link = queries.live_link(secret, LinkKind.sign_in)
    if link is None:
        return _secretly(render_template("account/link_gone.html", kind=LinkKind.sign_in), 410)
    if request.method == "GET":
        return _secretly(render_template("account/enter.html", person=link.person))
    with transaction():
        person = actions.enter_by_link(secret)
        wanted = sessions.local_path(request.args.get("next", ""))
        where = entering.enter(person, wanted or desk_of(person))
    return _secretly(redirect(where))


def _choose(secret: str, kind: LinkKind) -> Any:
    link = queries.live_link(secret, kind)
    if link is None:
        return _secretly(render_template("account/link_gone.html", kind=kind), 410)
    form = Form(NewPasswordSchema())
    where = form.submit(lambda data: _use(secret, kind, data["new_password"]))
    if where is None:
        page = render_template("account/choose.html", form=form, kind=kind, person=link.person)
        return _secretly(page, form.status)
    home = url_for("home.index")
    in_now = _("Your password is set, and you are signed in.")
    flash(in_now if where == home else _("Your password is set."))
    return _secretly(redirect(where))


def _use(secret: str, kind: LinkKind, password: str) -> str:
    person = actions.use_link(secret, kind, password)
    if kind == LinkKind.reset:
        entering.notify(person, "password")
    return entering.enter(person, url_for("home.index"))


def _secretly(answer: Any, status: int | None = None) -> Any:
    made = make_response(answer, status) if status else make_response(answer)
    made.headers.update(sessions.SECRET_ADDRESS)
    return made
