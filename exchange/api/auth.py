"""Who is behind a bearer token, and what it may do."""

from datetime import timedelta

from flask import Flask, g, request

from exchange.accounts import actions, queries
from exchange.clock import now
from exchange.errors import NotAllowed

USED_EVERY = timedelta(minutes=5)


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
    if not writing and (token.used_at is None or token.used_at < now() - USED_EVERY):
        actions.note_used_apart(token.id)
    elif writing:
        token.used_at = now()
