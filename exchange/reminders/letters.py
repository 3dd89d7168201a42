"""Mails that no state asks for: the week of staff, and the days after a Learning Forum.

Written once for each reader and day, however often somebody looks. The caller commits.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from sqlalchemy import exists, func, or_, select
from sqlalchemy.orm import joinedload

from exchange.catalogue.models import Need, Offer
from exchange.directory.models import Person, StaffRole
from exchange.exchanges.models import Exchange
from exchange.extensions import db
from exchange.forums.models import Attendance, Forum
from exchange.messages import actions as messages
from exchange.messages.kinds import FORUM, WEEKLY
from exchange.messages.models import Message
from exchange.messages.times import instant, local_day, zone
from exchange.reminders.audience import speakers
from exchange.reminders.kinds import RUNNING
from exchange.reminders.models import Word
from exchange.reminders.rules import letters
from workflows.message import MessageState

MONDAY, MONDAY_AT = 0, time(8)
STAFF = (StaffRole.officer, StaffRole.administrator)
# Who comes back after a pause gets what was due this week, not older news.
LATE = timedelta(days=6)


def write_weekly(at: datetime) -> int:
    """On Monday at eight by their own clock, staff get the figures of their week; return how many
    mails were written.
    """
    rule = letters()[WEEKLY.name]
    if not rule.active:
        return 0
    people = select(Person).where(Person.staff_role.in_(STAFF), Person.disabled_at.is_(None))
    due = [one for one in db.session.scalars(people) if _is_monday_morning(one, at)]
    keys = {one.id: f"weekly:{one.id}:{local_day(at, one.time_zone)}" for one in due}
    due = [one for one in due if keys[one.id] not in _written(keys.values())]
    facts = _week(at) if due else {}
    for person in due:
        messages.write(
            WEEKLY.name,
            person,
            facts=facts,
            link="/dashboard",
            dedupe_key=keys[person.id],
            hold=rule.held,
        )
    return len(due)


def _is_monday_morning(person: Person, at: datetime) -> bool:
    """The whole Monday counts: a program that slept at eight is late, not silent."""
    day = local_day(at, person.time_zone)
    monday = at.astimezone(zone(person.time_zone)).weekday() == MONDAY
    return monday and at >= instant(day, MONDAY_AT, person.time_zone)


def _week(at: datetime) -> dict[str, int]:
    late = (Exchange.state.in_(RUNNING), Exchange.due_on < at.date())
    counts = {
        "overdue": select(func.count(Exchange.id)).where(*late),
        "waiting": select(func.count(Word.id)).where(Word.settled_at.is_(None)),
        "held": select(func.count(Message.id)).where(Message.state == MessageState.held),
        "failed": select(func.count(Message.id)).where(Message.state == MessageState.failed),
    }
    return {name: db.session.scalar(query) or 0 for name, query in counts.items()}


def write_after_forums(at: datetime) -> int:
    """Ask those who took part and have not said what they need or can show; return how many mails
    were written: 7, 30 and 90 days after the last day, unless staff have chosen other days.
    """
    rule = letters()[FORUM.name]
    if not rule.active:
        return 0
    found = [(row, days) for days in rule.kind.days for row in due_after_forums(days, at)]
    for attendance, days in found:
        _ask(attendance, days, hold=rule.held)
    return len(found)


def due_after_forums(days: int, at: datetime) -> list[Attendance]:
    """Who would be asked now when these days after a forum were among those of the letter."""
    last = at.date() - timedelta(days=days)
    silent = [
        ~exists().where(
            or_(
                model.organisation_id == Attendance.organisation_id,
                model.published_by_id == Attendance.organisation_id,
            ),
            func.date(model.created_at) >= Forum.starts_on,
        )
        for model in (Need, Offer)
    ]
    query = (
        select(Attendance)
        .join(Forum, Forum.id == Attendance.forum_id)
        .where(Forum.ends_on.between(last - LATE, last), *silent)
        .options(joinedload(Attendance.forum))
    )
    found = db.session.scalars(query).all()
    there = _written(f"forum:{row.id}:{days}" for row in found)
    return [row for row in found if f"forum:{row.id}:{days}" not in there]


def _ask(attendance: Attendance, days: int, *, hold: bool) -> None:
    """The first mail carries the key of the attendance: nobody is asked twice for one day."""
    key = f"forum:{attendance.id}:{days}"
    for number, asked in enumerate(speakers([attendance.organisation])):
        titles = attendance.forum.titles
        language = asked.reader.language
        title = titles.get(language) or titles.get("en") or next(iter(titles.values()), "")
        messages.write(
            FORUM.name,
            asked.reader,
            facts={"forum": title, "organisation": asked.organisation},
            link="/needs/new",
            dedupe_key=f"{key}:{number}" if number else key,
            hold=hold,
        )


def _written(keys: Iterable[str]) -> set[str]:
    query = select(Message.dedupe_key).where(Message.dedupe_key.in_(list(keys)))
    return {key for key in db.session.scalars(query) if key}
