"""Single sign-on: the code flow of OpenID Connect with PKCE, state and nonce."""

from typing import Any

import structlog
from flask import Blueprint, Flask, flash, redirect, request, session, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.accounts import identities
from exchange.config import Settings
from exchange.edge import access
from exchange.errors import Invalid, NotFound
from exchange.extensions import of_app
from exchange.limits import limiter
from exchange.transaction import transaction, writing
from exchange.web import entering, sessions
from exchange.web.errors import sentence
from exchange.web.menu import desk_of

pages = Blueprint("single_sign_on", __name__)
WANTED = "sso_wanted"
PATIENCE_SECONDS = 10

log = structlog.get_logger()


def register(app: Flask) -> None:
    """Make the provider of the settings known, where there is one."""
    settings: Settings = app.config["EXCHANGE"]
    if not settings.oidc_issuer:
        return
    from authlib.integrations.flask_client import OAuth  # late: only whoever uses it pays for it

    issuer = settings.oidc_issuer.rstrip("/")
    app.extensions["single_sign_on"] = OAuth(app).register(
        "provider",
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        server_metadata_url=f"{issuer}/.well-known/openid-configuration",
        client_kwargs={
            "scope": "openid email profile",
            "code_challenge_method": "S256",
            "default_timeout": PATIENCE_SECONDS,
        },
    )


@pages.get("/sign-in/sso")
@limiter.limit("20/minute")
@access("account.sign_in")
def begin() -> Any:
    """To the provider, with what proves later that it answers to this very question."""
    client = _client()
    session[WANTED] = sessions.local_path(request.args.get("next", ""))
    try:
        return client.authorize_redirect(_back())
    except Exception as problem:  # noqa: BLE001 - whatever a network can do; the other ways in stay open
        return _refused(_("The single sign-on does not answer. Try another way in."), problem)


@pages.get("/sign-in/sso/back")
@limiter.limit("20/minute")
@access("account.sign_in")
def back() -> Any:
    """From the provider, with a code that only we can change for who it is."""
    client = _client()
    try:
        claims = _claims(client)
    except Exception as problem:  # noqa: BLE001 - a code of somebody else, an old one, a network that fails
        return _refused(_("The single sign-on did not work. Begin again."), problem)
    wanted = session.get(WANTED, "")
    try:
        with writing(), transaction():
            person = identities.person_of(edge.settings().oidc_issuer, claims)
            where = entering.enter(person, wanted or desk_of(person))
    except Invalid as problem:
        return _refused(sentence(problem), problem)
    return redirect(where)


def _client() -> Any:
    client = of_app("single_sign_on")
    if client is None:
        raise NotFound("not_found")
    return client


def _claims(client: Any) -> dict[str, Any]:
    """State, code, signature, issuer, audience, time and nonce are checked by the library."""
    token = client.authorize_access_token()
    signed: dict[str, Any] = dict(token["userinfo"])
    if "email" in signed:
        return signed
    told = client.userinfo(token=token)
    if told.get("sub") != signed["sub"]:
        raise ValueError("the provider speaks of somebody else")
    return dict(told)


def _back() -> str:
    return edge.settings().public_url.rstrip("/") + url_for("single_sign_on.back")


def _refused(words: str, problem: Exception) -> Any:
    log.warning("single sign-on refused", reason=type(problem).__name__)
    flash(words)
    return redirect(url_for("account.sign_in"))
