"""From "I know who you are" to a signed-in browser: the second step, and the device's cookie."""

from datetime import datetime, timedelta
from typing import Any

from flask import Flask, Response, g, request, session, url_for
from flask_babel import force_locale
from flask_babel import gettext as _

from exchange import edge
from exchange.accounts import actions, attempts, devices, queries, second_factor
from exchange.accounts.models import SignIn
from exchange.clock import now
from exchange.directory.models import Person
from exchange.errors import Invalid, NotAllowed
from exchange.extensions import db
from exchange.limits import client
from exchange.messages.actions import write

# How long somebody may look for their telephone.
HALF_WAY_LASTS = timedelta(minutes=10)
# What is hard to undo asks for a proof that is no older.
FRESH = timedelta(minutes=15)
HALF_WAY = "half_way"


def register(app: Flask) -> None:
    """Give a new device its cookie with the answer to its first sign-in."""
    app.after_request(_keep_device)


def enter(person: Person, wanted: str) -> str:
    """Sign in somebody who has proved who they are, unless a second step is asked for; returns
    where to go. Inside a transaction.
    """
    if second_factor.of(person) is None:
        begin(person)
        return wanted
    _end_before()
    until = (now() + HALF_WAY_LASTS).isoformat()
    session[HALF_WAY] = {"id": person.id, "mark": _mark(person), "until": until, "to": wanted}
    return url_for("second_factor.ask")


def begin(person: Person, *, by_factor: bool = False) -> None:
    """Give this browser a sign-in; nothing of the session before it stays, nor that sign-in."""
    _end_before()
    session["sign_in"] = actions.begin_sign_in(person, device=device(), by_factor=by_factor)
    session.permanent = True
    secret = request.cookies.get(_cookie(), "") or devices.new_secret()
    if devices.note(person, secret):
        notify(person, "new_device", device=device())
    g.device_secret = secret


def half_way() -> tuple[Person, str] | None:
    """Who has passed the first step in this browser, and where they wanted to go."""
    kept = session.get(HALF_WAY) or {}
    person = db.session.get(Person, kept.get("id", 0))
    if person is None or person.disabled_at or kept["mark"] != _mark(person):
        return None
    return (person, kept["to"]) if datetime.fromisoformat(kept["until"]) > now() else None


def pass_second_step(person: Person, code: str) -> None:
    """Sign in somebody half way whose code is right. Inside a transaction.

    :raises Invalid: ``wrong_code``.
    """
    if not second_factor.proves(person, code):
        raise Invalid("one_time_code", "wrong_code")
    attempts.forget(counted_as(person))
    begin(person, by_factor=True)


def counted_as(person: Person) -> str:
    """Under which name tries of codes are counted, apart from those of passwords."""
    return f"code {person.id}"


def count_try(email: str, name: str = "") -> None:
    """Count a try to sign in before it is known to be right.

    :param name: under which it is counted, when not under the address.
    :raises Invalid: ``wait``.
    """
    secret = request.cookies.get(_cookie(), "")
    known = queries.hashed(secret) if devices.is_known(secret, email) else ""
    attempts.count(name or email, client(), device=known)


def must_be_fresh() -> None:
    """What is hard to undo is for whoever has just proved who they are.

    :raises NotAllowed: ``prove_again``.
    """
    sign_in: SignIn = g.sign_in
    if sign_in.proved_at is None or sign_in.proved_at < now() - FRESH:
        raise NotAllowed("prove_again")


def notify(person: Person, what: str, **facts: Any) -> None:
    """Mail somebody what has happened to their account, in their language."""
    with force_locale(person.language):
        known = facts.pop("device", "") or _("Unknown device")
    facts |= {"what": what, "device": known}
    write("account_notice", person, facts=facts, link="/account/sign-ins")


def device() -> str:
    """What the browser says it is."""
    return request.user_agent.string


def _end_before() -> None:
    before = g.pop("sign_in", None)
    if before is not None:
        actions.end_sign_in(before)
    session.clear()


def _mark(person: Person) -> str:
    """Another password, and whoever was half way has to begin again."""
    return queries.hashed(person.password_hash or "")[:16]


def _cookie() -> str:
    return "__Host-device" if edge.settings().production else "device"


def _keep_device(response: Response) -> Response:
    secret = g.pop("device_secret", "")
    if secret:
        response.set_cookie(
            _cookie(),
            secret,
            max_age=int(devices.LASTS.total_seconds()),
            samesite="Lax",
            httponly=True,
            secure=edge.settings().production,
        )
    return response
