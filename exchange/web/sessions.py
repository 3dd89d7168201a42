"""Who is behind the cookie, and who gets one."""

from datetime import timedelta
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, g, request, session
from flask_babel import refresh

from exchange import edge
from exchange.accounts import actions, queries
from exchange.accounts.models import SignIn
from exchange.clock import now
from exchange.errors import Invalid
from exchange.limits import client
from exchange.transaction import read_only, reading_only, transaction
from exchange.web import entering
from exchange.web.menu import desk_of

SEEN_EVERY = timedelta(minutes=5)
# For the addresses that hold a secret: no page they lead to may learn it, nothing keeps them.
SECRET_ADDRESS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}

log = structlog.get_logger()


def register(app: Flask) -> None:
    """Run these before every request, and one after it."""
    app.before_request(_read_only_when_reading)
    app.before_request(_who_asks)
    app.teardown_request(_forget_reading)


def _read_only_when_reading() -> None:
    g.reading = reading_only.set(request.method in ("GET", "HEAD", "OPTIONS"))


def _forget_reading(_error: BaseException | None) -> None:
    token = g.pop("reading", None)
    if token is not None:
        reading_only.reset(token)


def _who_asks() -> None:
    """The person of the browser's sign-in. The API has its own way, and never reads the cookie."""
    g.actor = g.was_person_id = None
    refresh()  # the language depends on who asks
    if request.path.startswith("/api/") or request.endpoint == "static":
        return
    secret = session.get("sign_in")
    if not secret:
        return
    sign_in = queries.live_sign_in(secret, **lifetime())
    if sign_in is None:
        session.pop("sign_in")
        g.was_person_id = queries.whose_sign_in(secret)
        return
    g.sign_in, g.actor = sign_in, sign_in.person
    if sign_in.seen_at < now() - SEEN_EVERY:
        _note_seen(sign_in)


def known_person_id() -> int | None:
    """Whose browser this is: of the person who has signed in, or whose sign-in has ended."""
    if "actor" not in g:  # the request was refused before anybody was looked up
        _who_asks()
    actor = g.get("actor")
    known: int | None = actor.id if actor is not None else g.get("was_person_id")
    return known


def _note_seen(sign_in: SignIn) -> None:
    """A page that only reads has it written in a transaction of its own. One that writes has begun
    to: it would wait for itself, so it takes it along with what it does."""
    if reading_only.get():
        actions.note_seen_apart(sign_in.id)
    else:
        sign_in.seen_at = now()


def lifetime() -> dict[str, timedelta]:
    """How long a sign-in may idle, and how long it may last."""
    known = edge.settings()
    return {
        "idle": timedelta(hours=known.session_idle_hours),
        "longest": timedelta(days=known.session_days),
    }


def sign_in(email: str, password: str, wanted: str) -> str:
    """Let in whoever knows the password, and say where to go: to ``wanted`` (else the desk), or to
    the second step. Three short transactions: while the password is looked at, which is slow on
    purpose, nobody waits for the database.

    :raises Invalid: ``wait`` or ``wrong_credentials``; the same for an address nobody has.
    """
    with transaction():
        entering.count_try(email)
    with read_only(), transaction():
        person = queries.who_knows(email, password)
        person_id = person.id if person else None
    if person is None:
        log.warning("sign-in refused", client=client())
        raise Invalid("password", "wrong_credentials")
    with transaction():
        actions.prove(person, password)
        where = entering.enter(person, wanted or desk_of(person))
    log.info("signed in", person_id=person_id)
    return where


def local_path(target: str) -> str:
    """``target`` when it is a path of this site; empty for another site's address, however written.

    Browsers drop control characters and read a backslash as a slash.
    """
    odd = "\\" in target or any(ord(c) < 33 or ord(c) == 127 for c in target)
    parts = urlsplit(target) if not odd else None
    inside = parts is not None and not parts.scheme and not parts.netloc
    return target if inside and target.startswith("/") and not target.startswith("//") else ""


def keep_language(answer: Response, code: str) -> Response:
    """Have this browser keep the language that its reader chose."""
    answer.set_cookie(
        "lang",
        code,
        max_age=31_536_000,
        samesite="Lax",
        httponly=True,
        secure=edge.settings().production,
    )
    return answer
