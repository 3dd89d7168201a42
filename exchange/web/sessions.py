"""Who is behind the cookie, and what every answer carries."""

import secrets
from datetime import timedelta

from flask import Flask, Response, g, request, session

from exchange import edge
from exchange.accounts import actions, queries
from exchange.clock import now
from exchange.transaction import reading_only

SEEN_EVERY = timedelta(minutes=5)


def register(app: Flask) -> None:
    """Run these before and after every request."""
    app.before_request(_read_only_when_reading)
    app.before_request(_who_asks)
    app.after_request(_headers)
    app.teardown_request(_forget_reading)


def _read_only_when_reading() -> None:
    g.csp_nonce = secrets.token_urlsafe(16)
    g.reading = reading_only.set(request.method in ("GET", "HEAD", "OPTIONS"))


def _forget_reading(_error: BaseException | None) -> None:
    token = g.pop("reading", None)
    if token is not None:
        reading_only.reset(token)


def _who_asks() -> None:
    """The person of the browser's sign-in. The API has its own way, and never reads the cookie."""
    g.actor = None
    secret = session.get("sign_in")
    if not secret or request.path.startswith("/api/") or request.endpoint == "static":
        return
    known = edge.settings()
    sign_in = queries.live_sign_in(
        secret,
        idle=timedelta(hours=known.session_idle_hours),
        longest=timedelta(days=known.session_days),
    )
    if sign_in is None:
        session.pop("sign_in")
        return
    g.sign_in, g.actor = sign_in, sign_in.person
    if sign_in.seen_at < now() - SEEN_EVERY:
        _note_seen(sign_in.id)


def _note_seen(sign_in_id: int) -> None:
    """Write it in a transaction of its own: the page itself only reads."""
    actions.note_seen_apart(sign_in_id)


def _headers(response: Response) -> Response:
    csp = (
        "default-src 'none'; img-src 'self' data:; style-src 'self'; font-src 'self'; "
        f"script-src 'self' 'nonce-{g.get('csp_nonce', '')}'; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    response.headers.setdefault("Content-Security-Policy", csp)
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "same-origin"
    response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
    if edge.settings().production:
        response.headers["Strict-Transport-Security"] = "max-age=31536000; includeSubDomains"
    if g.get("actor") is not None:
        response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Content-Language", edge.current_language())
    return response
