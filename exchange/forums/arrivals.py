"""Who came: the list at the door, and guests who check in by themselves. The caller commits."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from exchange.clock import now, today
from exchange.directory.models import Organisation, Person
from exchange.errors import Invalid, NotFound
from exchange.extensions import db
from exchange.forums.actions import add_attendance
from exchange.forums.models import Forum, Guest, new_room_code
from exchange.listing import folded

# Who comes on the eve finds the door open; what comes to mind on the way home is still heard.
BEFORE, AFTER = timedelta(days=1), timedelta(days=2)


def forum_of(room_code: str) -> Forum:
    """The edition whose room a code opens, however it was typed.

    :raises NotFound: ``no_such_room``, no edition has it, or it is not the time of that edition.
    """
    plain = "".join(letter for letter in room_code.upper() if letter.isalnum())
    forum = db.session.scalars(select(Forum).where(Forum.room_code == plain)).first()
    if forum is None or not is_open(forum):
        raise NotFound("no_such_room")
    return forum


def is_open(forum: Forum) -> bool:
    """Whether the room of an edition is open: from the eve to the second day after it."""
    day = today(forum.time_zone)
    return forum.starts_on - BEFORE <= day <= forum.ends_on + AFTER


def renew_code(forum: Forum) -> Forum:
    """Give the room another code: the one of before opens nothing any more."""
    forum.room_code = new_room_code()
    db.session.flush()
    return forum


def expect(forum: Forum, data: Mapping[str, Any]) -> Guest:
    """Write somebody on the list at the door.

    :raises Invalid: ``no_such_organisation``.
    """
    organisation_id = data.get("organisation_id")
    if organisation_id is not None and db.session.get(Organisation, organisation_id) is None:
        raise Invalid("organisation_id", "no_such_organisation")
    guest = Guest(name=data["name"], folded_name=folded(data["name"]))
    guest.organisation_id = organisation_id
    forum.guests.append(guest)
    db.session.flush()
    return guest


def arrive(guest: Guest) -> Guest:
    """Note that a guest is here; their organisation belongs to the cohort from now on."""
    if guest.arrived_at is None:
        guest.arrived_at = now()
    if guest.organisation_id is not None:
        add_attendance(guest.forum, guest.organisation_id)
    db.session.flush()
    return guest


def take_back(guest: Guest) -> Guest:
    """The wrong button was pressed: this guest is not here. The cohort is staff's to correct."""
    guest.arrived_at = None
    db.session.flush()
    return guest


def check_in(forum: Forum, data: Mapping[str, Any], *, actor: Person | None = None) -> Guest:
    """Let somebody check in by themselves.

    Who is on the list under this name (accents forgiven) and this organisation, or has signed in
    and is on it, is that guest; anybody else is written down. Twice is once.
    """
    organisation = _organisation(data.get("organisation_name", ""))
    name, place = folded(data["name"]), organisation.id if organisation else None
    guest = next((one for one in forum.guests if _is_same(one, name, place, actor)), None)
    if guest is None:
        guest = Guest(name=data["name"], folded_name=name, organisation=organisation)
        forum.guests.append(guest)
    guest.organisation_name = data.get("organisation_name", "") or guest.organisation_name
    guest.organisation_id = guest.organisation_id or place
    guest.person = actor or guest.person
    return arrive(guest)


def _is_same(guest: Guest, name: str, place: int | None, actor: Person | None) -> bool:
    if actor is not None and guest.person_id == actor.id:
        return True
    same_place = place is None or guest.organisation_id in (None, place)
    return guest.folded_name == name and same_place


def _organisation(written: str) -> Organisation | None:
    """The one organisation of this name; of several, none: staff will say which."""
    query = select(Organisation).where(Organisation.folded_name == folded(written)).limit(2)
    found = list(db.session.scalars(query)) if written else []
    return found[0] if len(found) == 1 else None


def remove(guest: Guest) -> None:
    """Take somebody off the list."""
    guest.forum.guests.remove(guest)
    db.session.flush()
