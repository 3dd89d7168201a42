"""Who is behind a bearer token, and what it may do."""

from flask import Flask, g, request

from exchange.accounts import queries
from exchange.errors import NotAllowed


def register(app: Flask) -> None:
    """Look at the token before every request of the API."""
    app.before_request(_who_asks)


def _who_asks() -> None:
    if not request.path.startswith("/api/"):
        return
    scheme, _space, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret:
        return
    token = queries.live_token(secret.strip())
    if token is None:
        raise NotAllowed("sign_in_first")
    writing = request.method not in ("GET", "HEAD", "OPTIONS")
    if ("write" if writing else "read") not in token.scopes:
        raise NotAllowed("scope_missing")
    g.actor, g.token = token.person, token
