"""The room of an edition, on the telephone of whoever is in it: no account, only the code."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.edge import access
from exchange.errors import Invalid, NotFound
from exchange.forums import arrivals, queries
from exchange.forums.models import Forum, Guest
from exchange.forums.schemas import ArrivalSchema, RoomCodeSchema
from exchange.limits import limiter
from exchange.web.forms import Form

pages = Blueprint("room", __name__, url_prefix="/room")
# Forty people in one room share one address; a code of 40 bits is not guessed at this pace.
KNOCKS = "300/minute"
COOKIE = "guest"


@pages.after_request
def keep_private(response: Response) -> Response:
    """The address opens the room: nothing on the way keeps it."""
    response.headers["Cache-Control"] = "no-store"
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@pages.route("", methods=["GET", "POST"])
@limiter.limit("60/minute", methods=["POST"])
@access("room.enter")
def enter() -> Any:
    """Type the code that stands on the screen."""
    form = Form(RoomCodeSchema())
    forum = form.submit(lambda data: _forum(data["room_code"]))
    if forum is None:
        return render_template("room/enter.html", form=form), form.status
    return redirect(url_for("room.show", room_code=forum.room_code))


def _forum(room_code: str) -> Forum:
    try:
        return arrivals.forum_of(room_code)
    except NotFound:
        raise Invalid("room_code", "no_such_room") from None


@pages.get("/<room_code>")
@limiter.limit(KNOCKS)
@access("room.enter")
def show(room_code: str) -> Any:
    """What a guest finds in the room: who they are here as, and the programme."""
    forum = arrivals.forum_of(room_code)
    going_on = queries.session_now(forum)
    facts = {"guest": known_guest(forum), "now_id": going_on.id if going_on else None}
    return render_template("room/show.html", forum=forum, **facts)


@pages.route("/<room_code>/check-in", methods=["GET", "POST"])
@limiter.limit(KNOCKS)
@access("room.enter")
def check_in(room_code: str) -> Any:
    """Say that one is here."""
    forum = arrivals.forum_of(room_code)
    form = Form(ArrivalSchema(), initial=_known())
    guest = form.submit(lambda data: arrivals.check_in(forum, data, actor=edge.actor()))
    if guest is None:
        return render_template("room/check_in.html", form=form, forum=forum), form.status
    session[COOKIE] = guest.id
    flash(_("Welcome, %(name)s. You are checked in.", name=guest.name))
    return redirect(url_for("room.show", room_code=forum.room_code))


def known_guest(forum: Forum) -> Guest | None:
    """Who this telephone was checked in for, here."""
    number = session.get(COOKIE)
    try:
        return queries.guest_of(forum, number) if isinstance(number, int) else None
    except NotFound:
        return None


def _known() -> dict[str, str]:
    """What we know of who has signed in."""
    actor = edge.actor()
    if actor is None:
        return {}
    place = next((one.organisation.name for one in actor.affiliations), "")
    return {"name": actor.name, "organisation_name": place}
