"""The door of an edition, on a telephone: who is expected, who is here, the code of the room."""

from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from exchange.edge import access
from exchange.edge_seen import shown
from exchange.forums import arrivals, queries
from exchange.forums.models import Forum
from exchange.forums.schemas import GuestFilter, GuestSchema
from exchange.listing import page_of
from exchange.pictures.qr import qr_svg
from exchange.transaction import transaction
from exchange.web.forms import Form, filters

pages = Blueprint("door", __name__, url_prefix="/forums")


@pages.after_request
def keep_private(response: Response) -> Response:
    """Nobody between us and the reader keeps a list of names."""
    response.headers["Cache-Control"] = "no-store"
    return response


@pages.get("/<int:id>/door")
@access("forum.check_in", Forum)
def show(forum: Forum) -> Any:
    """The list at the door: a name, and one large button."""
    chosen = filters(GuestFilter())
    page = page_of(queries.guests(forum, chosen), chosen, queries.GUEST_SORTS)
    shown(*page.items)
    return render_template("forums/door.html", forum=forum, page=page, chosen=chosen)


@pages.get("/<int:id>/screen")
@access("forum.check_in", Forum)
def screen(forum: Forum) -> Any:
    """What stands on the screen of the room: the address and the code."""
    return render_template("forums/screen.html", forum=forum, is_open=arrivals.is_open(forum))


@pages.get("/<int:id>/room.svg")
@access("forum.check_in", Forum)
def qr_code(forum: Forum) -> Any:
    """The address of the room as a QR code, drawn here: nobody else learns of it."""
    address = url_for("room.show", room_code=forum.room_code, _external=True)
    return Response(qr_svg(address), mimetype="image/svg+xml")


@pages.route("/<int:id>/guests/new", methods=["GET", "POST"])
@access("forum.check_in", Forum)
def expect(forum: Forum) -> Any:
    """Write somebody on the list."""
    form = Form(GuestSchema())
    if form.submit(lambda data: arrivals.expect(forum, data)) is None:
        return render_template("forums/guest.html", form=form, forum=forum), form.status
    flash(_("Saved."))
    return redirect(url_for("door.show", id=forum.id))


@pages.post("/<int:id>/guests/<int:guest_id>/arrival")
@access("forum.check_in", Forum)
def arrive(forum: Forum, guest_id: int) -> Any:
    """This guest is here."""
    with transaction():
        guest = arrivals.arrive(queries.guest_of(forum, guest_id))
        name = guest.name
    flash(_("%(name)s is here.", name=name))
    return redirect(url_for("door.show", id=forum.id))


@pages.post("/<int:id>/guests/<int:guest_id>/arrival/take-back")
@access("forum.check_in", Forum)
def take_back(forum: Forum, guest_id: int) -> Any:
    """The wrong button was pressed."""
    with transaction():
        arrivals.take_back(queries.guest_of(forum, guest_id))
    flash(_("Taken back."))
    return redirect(url_for("door.show", id=forum.id))


@pages.post("/<int:id>/guests/<int:guest_id>/remove")
@access("forum.check_in", Forum)
def remove(forum: Forum, guest_id: int) -> Any:
    """Take somebody off the list."""
    with transaction():
        arrivals.remove(queries.guest_of(forum, guest_id))
    flash(_("Removed."))
    return redirect(url_for("door.show", id=forum.id))


@pages.post("/<int:id>/room-code")
@access("forum.check_in", Forum)
def renew_code(forum: Forum) -> Any:
    """Give the room another code."""
    with transaction():
        arrivals.renew_code(forum)
    flash(_("The room has another code."))
    return redirect(url_for("door.screen", id=forum.id))
