"""What happens to the editions of the Learning Forum. The caller commits."""

from collections.abc import Mapping
from datetime import time
from typing import Any

from sqlalchemy import select

from exchange import multilingual
from exchange.directory.models import Organisation
from exchange.errors import Invalid
from exchange.extensions import db
from exchange.forums.models import Attendance, Forum, ForumSession

# field of a schema without its language → attribute that maps a language to words
_WORDS = {"title": "titles", "part": "part", "text": "texts", "rules": "rules"}
MINUTES_A_DAY = 24 * 60


def create(data: Mapping[str, Any]) -> Forum:
    """Make an edition.

    :raises Invalid: ``code_taken``, another edition has this code.
    """
    forum = Forum()
    _fill_forum(forum, data)
    db.session.add(forum)
    db.session.flush()
    return forum


def edit(forum: Forum, data: Mapping[str, Any]) -> Forum:
    """Change an edition.

    :raises Invalid: ``code_taken``; ``outside_the_forum``, a slot would lie outside the new days.
    """
    _fill_forum(forum, data)
    for session in forum.sessions:
        _within(forum, session, field="ends_on")
    db.session.flush()
    return forum


def add_session(forum: Forum, data: Mapping[str, Any]) -> ForumSession:
    """Add a slot to the programme.

    :raises Invalid: ``outside_the_forum``, its day is none of the forum's.
    """
    session = ForumSession()
    edit_session(forum, session, data)
    forum.sessions.append(session)
    db.session.flush()
    return session


def edit_session(forum: Forum, session: ForumSession, data: Mapping[str, Any]) -> ForumSession:
    """Change a slot of the programme.

    :raises Invalid: ``outside_the_forum``; ``window``, it would end before it begins.
    """
    _write(session, data)
    _within(forum, session, field="day")
    if session.ends_at <= session.starts_at:
        raise Invalid("ends_at", "window")
    db.session.flush()
    return session


def remove_session(forum: Forum, session: ForumSession) -> None:
    """Take a slot out of the programme."""
    forum.sessions.remove(session)
    db.session.flush()


def shift(forum: Forum, session: ForumSession, minutes: int) -> Forum:
    """Begin a session earlier or later by so many minutes, and all that follow it on its day.

    :raises Invalid: ``past_midnight``, one of them would begin or end on another day.
    """
    following = [
        one
        for one in forum.sessions
        if one.day == session.day and one.starts_at >= session.starts_at
    ]
    for one in following:
        one.starts_at, one.ends_at = _moved(one.starts_at, minutes), _moved(one.ends_at, minutes)
    db.session.flush()
    db.session.expire(forum, ["sessions"])
    return forum


def _moved(clock: time, minutes: int) -> time:
    wanted = clock.hour * 60 + clock.minute + minutes
    if not 0 <= wanted < MINUTES_A_DAY:
        raise Invalid("minutes", "past_midnight")
    return time(wanted // 60, wanted % 60)


def add_speaker(session: ForumSession, organisation_id: int) -> ForumSession:
    """Name an organisation that speaks in a session; once, however often it is named.

    :raises Invalid: ``no_such_organisation``.
    """
    organisation = db.session.get(Organisation, organisation_id)
    if organisation is None:
        raise Invalid("organisation_id", "no_such_organisation")
    if organisation not in session.speakers:
        session.speakers.append(organisation)
        db.session.flush()
    return session


def remove_speaker(session: ForumSession, organisation_id: int) -> ForumSession:
    """Take an organisation out of a session."""
    session.speakers = [one for one in session.speakers if one.id != organisation_id]
    db.session.flush()
    return session


def add_attendance(forum: Forum, organisation_id: int) -> Attendance:
    """Count an organisation to the cohort; who is in it already stays in it once.

    :raises Invalid: ``no_such_organisation``.
    """
    if db.session.get(Organisation, organisation_id) is None:
        raise Invalid("organisation_id", "no_such_organisation")
    query = select(Attendance).where(
        Attendance.forum_id == forum.id, Attendance.organisation_id == organisation_id
    )
    found = db.session.scalars(query).first()
    if found is None:
        found = Attendance(organisation_id=organisation_id)
        forum.attendances.append(found)
        db.session.flush()
    return found


def remove_attendance(forum: Forum, attendance: Attendance) -> None:
    """Take an organisation out of the cohort."""
    forum.attendances.remove(attendance)
    db.session.flush()


def as_form(row: Forum | ForumSession) -> dict[str, Any]:
    """The values of a row by the fields of its schema."""
    outcomes = multilingual.as_lines(getattr(row, "outcomes", None), "outcomes")
    return {**multilingual.as_form(row, _WORDS), **outcomes}


def _fill_forum(forum: Forum, data: Mapping[str, Any]) -> None:
    with db.session.no_autoflush:
        if data.get("code", forum.code) != forum.code and _is_taken(data["code"]):
            raise Invalid("code", "code_taken")
        _write(forum, data)
    forum.outcomes = multilingual.lines(data, "outcomes", forum.outcomes or [])
    if forum.ends_on < forum.starts_on:
        raise Invalid("ends_on", "window")


def _is_taken(code: str) -> bool:
    return db.session.scalars(select(Forum.id).where(Forum.code == code)).first() is not None


def _write(row: Forum | ForumSession, data: Mapping[str, Any]) -> None:
    multilingual.write(row, data, _WORDS, leave=("outcomes",))


def _within(forum: Forum, session: ForumSession, *, field: str) -> None:
    if not forum.starts_on <= session.day <= forum.ends_on:
        raise Invalid(field, "outside_the_forum")
