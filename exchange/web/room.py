"""The room of an edition, on the telephone of whoever is in it: no account, only the code."""

import secrets
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from exchange import edge
from exchange.edge import access
from exchange.errors import Invalid, NotFound
from exchange.forums import arrivals, gathered, queries
from exchange.forums import capture as writing
from exchange.forums.items import ItemKind
from exchange.forums.models import Forum, Guest
from exchange.forums.schemas import ArrivalSchema, CaptureSchema, RoomCodeSchema
from exchange.limits import limiter
from exchange.web.forms import Form
from exchange.web.named import number_of

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
    return _page(forum, Form(CaptureSchema()))


@pages.post("/<room_code>/notes")
@limiter.limit(KNOCKS)
@access("room.enter")
def capture(room_code: str) -> Any:
    """Write down what comes to mind. A script sends it as soon as there is a line, and asks for
    JSON; without one it is a form like any other."""
    forum = arrivals.forum_of(room_code)
    form = Form(CaptureSchema())
    guest, language = known_guest(forum), edge.current_language()
    item = form.submit(
        lambda data: writing.capture(
            forum, data, language=language, actor=edge.actor(), guest=guest
        )
    )
    if request.accept_mimetypes.best == "application/json":
        wrong = {name: " ".join(words) for name, words in form.errors.items()}
        return {"taken": item is not None, "wrong": wrong}, form.status if item is None else 201
    if item is None:
        return _page(forum, form), form.status
    flash(_("Written down. Thank you."))
    return redirect(url_for("room.show", room_code=forum.room_code, session=item.session_id))


def _page(forum: Forum, form: Form) -> str:
    going_on, guest = queries.session_now(forum), known_guest(forum)
    here = number_of(request.args.get("session"))
    facts = {
        "guest": guest,
        "written": gathered.of_guest(guest) if guest else [],
        "now_id": here or (going_on.id if going_on else None),
        "key": secrets.token_urlsafe(12),
        "kinds": ItemKind,
        "words": _words(),
    }
    return render_template("room/show.html", forum=forum, form=form, **facts)


def _words() -> dict[str, str]:
    """What the script says that keeps notes on the telephone until the line is back."""
    return {
        "taken": _("Written down: %(number)s", number="{n}"),
        "waiting": _("Waiting for the line, kept on this telephone: %(number)s", number="{n}"),
        "refused": _("This could not be taken; it is in the form again:"),
        "empty": _("Choose what it is, and write a few words."),
    }


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
