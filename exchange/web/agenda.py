"""The builder of an edition's programme: one slot after the other, and all of them later."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from exchange.edge import access
from exchange.forums import actions, queries
from exchange.forums.models import Forum, ForumSession
from exchange.forums.schemas import ShiftSchema, SpeakerSchema
from exchange.transaction import transaction
from exchange.web.forms import Form

pages = Blueprint("agenda", __name__, url_prefix="/forums")


@dataclass(frozen=True)
class Slot:
    """A session, and the minutes between the end of the one before and its beginning: below
    nothing when they overlap; None at the beginning of a day."""

    session: ForumSession
    gap: int | None


def slots(forum: Forum) -> Iterator[Slot]:
    """The programme with the time between its sessions."""
    for before, one in pairwise([None, *forum.sessions]):
        same_day = before is not None and one is not None and before.day == one.day
        if one is not None:
            yield Slot(one, _minutes(before, one) if before and same_day else None)


def _minutes(before: ForumSession, one: ForumSession) -> int:
    hours = one.starts_at.hour - before.ends_at.hour
    return hours * 60 + one.starts_at.minute - before.ends_at.minute


@pages.get("/<int:id>/agenda")
@access("forum.edit", Forum, load=queries.whole)
def show(forum: Forum) -> Any:
    """The programme, to be built: gaps and overlaps, what comes next, everything later."""
    return render_template("forums/agenda.html", forum=forum, slots=list(slots(forum)))


@pages.route("/<int:id>/sessions/<int:session_id>/shift", methods=["GET", "POST"])
@access("forum.edit", Forum)
def shift(forum: Forum, session_id: int) -> Any:
    """Begin a session and all that follow it earlier or later."""
    row = queries.session_of(forum, session_id)
    form = Form(ShiftSchema())
    done = form.submit(lambda data: actions.shift(forum, row, data["minutes"]))
    if done is None:
        return render_template("forums/shift.html", form=form, forum=forum, row=row), form.status
    flash(_("Saved."))
    return redirect(url_for("agenda.show", id=forum.id))


@pages.route("/<int:id>/sessions/<int:session_id>/speakers", methods=["GET", "POST"])
@access("forum.edit", Forum)
def speakers(forum: Forum, session_id: int) -> Any:
    """The organisations that speak in a session, and one more."""
    row = queries.session_of(forum, session_id)
    form = Form(SpeakerSchema())
    done = form.submit(lambda data: actions.add_speaker(row, data["organisation_id"]))
    if done is None:
        page = render_template("forums/speakers.html", form=form, forum=forum, row=row)
        return page, form.status
    flash(_("Saved."))
    return redirect(url_for("agenda.speakers", id=forum.id, session_id=row.id))


@pages.post("/<int:id>/sessions/<int:session_id>/speakers/<int:organisation_id>/remove")
@access("forum.edit", Forum)
def remove_speaker(forum: Forum, session_id: int, organisation_id: int) -> Any:
    """Take an organisation out of a session."""
    row = queries.session_of(forum, session_id)
    with transaction():
        actions.remove_speaker(row, organisation_id)
    flash(_("Removed."))
    return redirect(url_for("agenda.speakers", id=forum.id, session_id=row.id))
