"""Reading the editions of the Learning Forum."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Select, String, cast, or_, select
from sqlalchemy.orm import selectinload

from exchange.clock import now
from exchange.errors import NotFound
from exchange.extensions import db
from exchange.forums.models import Attendance, Forum, ForumSession, Guest
from exchange.listing import folded

SORTS = {"starts": Forum.starts_on, "place": Forum.place, "code": Forum.code}
NEWEST_FIRST = "-starts"
GUEST_SORTS = {"name": Guest.folded_name}


def listed(query: Select[tuple[Forum]], filters: Mapping[str, Any]) -> Select[tuple[Forum]]:
    """Narrow ``query`` by ``filters`` and load what a list shows: the programme and the cohort."""
    if words := filters.get("q"):
        query = query.where(
            or_(
                Forum.place.icontains(words, autoescape=True),
                Forum.code.icontains(words, autoescape=True),
                cast(Forum.titles, String).icontains(words, autoescape=True),
            )
        )
    return query.options(selectinload(Forum.sessions), selectinload(Forum.attendances))


def session_of(forum: Forum, session_id: int) -> ForumSession:
    """:raises NotFound: the forum has no such slot."""
    return _part_of(forum, ForumSession, session_id)


def attendance_of(forum: Forum, attendance_id: int) -> Attendance:
    """:raises NotFound: the cohort has no such line."""
    return _part_of(forum, Attendance, attendance_id)


def guest_of(forum: Forum, guest_id: int) -> Guest:
    """:raises NotFound: nobody of this number is on the list of the forum."""
    return _part_of(forum, Guest, guest_id)


def guests(forum: Forum, filters: Mapping[str, Any]) -> Select[Any]:
    """The list at the door: all of it, those of a name, those who are not here yet."""
    query = select(Guest).where(Guest.forum_id == forum.id)
    if words := folded(filters.get("q", "")):
        query = query.where(Guest.folded_name.contains(words, autoescape=True))
    if filters.get("waiting"):
        query = query.where(Guest.arrived_at.is_(None))
    return query


def session_now(forum: Forum) -> ForumSession | None:
    """The slot that goes on at this moment, where the forum is; between two, the one before."""
    local = now().astimezone(ZoneInfo(forum.time_zone))
    begun = [
        one
        for one in forum.sessions
        if one.day == local.date() and one.starts_at <= local.time() and not one.is_break
    ]
    return begun[-1] if begun else None


def public(code: str) -> Forum:
    """The edition that everybody may read under this code.

    :raises NotFound: there is none.
    """
    query = select(Forum).where(Forum.code == code, Forum.is_public)
    found = db.session.scalars(query.options(*whole())).first()
    if found is None:
        raise NotFound("not_found", noun="forum", id=code)
    return found


def whole() -> tuple[Any, ...]:
    """What the page of an edition shows beside the row."""
    return (selectinload(Forum.sessions).selectinload(ForumSession.speakers),)


def _part_of(forum: Forum, model: Any, row_id: int) -> Any:
    query = select(model).where(model.id == row_id, model.forum_id == forum.id)
    found = db.session.scalars(query).first()
    if found is None:
        raise NotFound("not_found", noun=model.__tablename__, id=row_id)
    return found


def latest() -> Forum | None:
    """The edition whose cohort is followed now: the last one."""
    query = select(Forum).order_by(Forum.starts_on.desc(), Forum.id.desc()).limit(1)
    return db.session.scalars(query).first()
