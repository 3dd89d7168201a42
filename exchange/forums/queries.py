"""Reading the editions of the Learning Forum."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Select, String, cast, or_, select
from sqlalchemy.orm import selectinload

from exchange.errors import NotFound
from exchange.extensions import db
from exchange.forums.models import Attendance, Forum, ForumSession

SORTS = {"starts": Forum.starts_on, "place": Forum.place, "code": Forum.code}
NEWEST_FIRST = "-starts"


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
