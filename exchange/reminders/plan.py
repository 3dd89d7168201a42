"""Planning: from the state of rows to reminders. Planning twice changes nothing.

One statement a kind and two for all, however many rows there are. What is planned is a view of
what is wanted: a plan that nobody wants any more, and that is not due yet, is taken away.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, NamedTuple

from sqlalchemy import delete, func, select
from sqlalchemy.dialects import postgresql, sqlite

from exchange.extensions import db
from exchange.messages.times import instant, local_day
from exchange.reminders.kinds import KINDS, Kind
from exchange.reminders.models import Delay, EscalationLevel, Reminder
from exchange.reminders.rules import LATE, rules
from exchange.reminders.subjects import Asking, asking
from workflows.reminder import REMINDER, ReminderState

# When people begin to work.
SENT_AT = time(8)
AHEAD = timedelta(days=45)
# Who acts within two weeks of a reminder has answered it.
ANSWERED_WITHIN = timedelta(days=14)
# Whoever did not answer two will not answer a third: staff find them in their inbox.
ENOUGH = 2
ROWS_AT_ONCE = 500


class Key(NamedTuple):
    """What a reminder of one kind is about, when, and who is asked: it is there once."""

    subject_id: int
    due_on: date
    level: EscalationLevel


class Changes(NamedTuple):
    """What the plan lacks and what it has too much: rows to write, numbers to take away."""

    new: list[dict[str, Any]]
    stale: list[int]

    def pieces(self) -> Iterator["Changes"]:
        """The same in parts, each small enough for a short transaction."""
        for start in range(0, max(len(self.new), len(self.stale)), ROWS_AT_ONCE):
            part = slice(start, start + ROWS_AT_ONCE)
            yield Changes(self.new[part], self.stale[part])


def changes(at: datetime) -> Changes:
    """What would bring the plan of every kind up to date; writes nothing."""
    first, last = at.date() - LATE, at.date() + AHEAD
    known = _known(first, last)
    found = Changes([], [])
    put_off = _put_off()
    for name, rule in rules().items():
        kind, there = rule.kind, known.get(name, {})
        wanted = dict(_wanted(kind, first, last, put_off.get(name, {}))) if rule.active else {}
        found.stale.extend(r.id for key, r in there.items() if key not in wanted and r.due_at > at)
        found.new.extend(_row(kind, key, row) for key, row in wanted.items() if key not in there)
    return found


def write(piece: Changes) -> None:
    """Take away what is stale and still planned, and put in what is new, unless somebody else just
    did."""
    if piece.stale:
        planned = Reminder.state == ReminderState.planned
        db.session.execute(delete(Reminder).where(Reminder.id.in_(piece.stale), planned))
    if piece.new:
        db.session.execute(_insert(), piece.new)


def _wanted(
    kind: Kind, first: date, last: date, put_off: Mapping[int, date]
) -> Iterator[tuple[Key, Asking]]:
    days = [day for day, _level in kind.moments]
    reach = (first - timedelta(days=max(days)), last - timedelta(days=min(days)))
    for row in asking(kind, days=reach):
        for day, level in kind.moments:
            due_on = row.day + timedelta(days=day)
            early = level == EscalationLevel.owner and due_on < put_off.get(row.id, due_on)
            if first <= due_on <= last and not early:
                yield Key(row.id, due_on, level), row
    if put_off:
        for row in asking(kind, ids=put_off):
            if first <= put_off[row.id] <= last:
                yield Key(row.id, put_off[row.id], EscalationLevel.owner), row


def _put_off(kind: str = "", subject_id: int = 0) -> dict[str, dict[int, date]]:
    """Until when somebody asked for more time, by kind and row; one statement."""
    query = select(Delay.kind, Delay.subject_id, func.max(Delay.until))
    if kind:
        query = query.where(Delay.kind == kind, Delay.subject_id == subject_id)
    found: dict[str, dict[int, date]] = {}
    for name, row_id, until in db.session.execute(query.group_by(Delay.kind, Delay.subject_id)):
        found.setdefault(name, {})[row_id] = until
    return found


def _known(first: date, last: date) -> dict[str, dict[Key, Any]]:
    """The reminders that are there, by kind. Those that are over block their key only."""
    query = select(
        Reminder.id, Reminder.kind, Reminder.subject_id, Reminder.due_on, Reminder.level,
        Reminder.due_at,
    ).where(Reminder.due_on.between(first, last))  # fmt: skip
    known: dict[str, dict[Key, Any]] = {}
    for row in db.session.execute(query):
        known.setdefault(row.kind, {})[Key(row.subject_id, row.due_on, row.level)] = row
    return known


def _row(kind: Kind, key: Key, row: Asking) -> dict[str, Any]:
    return {
        "kind": kind.name,
        "subject_type": kind.about,
        "subject_id": key.subject_id,
        "wanted_state": row.state,
        "level": key.level,
        "due_on": key.due_on,
        "due_at": instant(key.due_on, SENT_AT, row.zone),
        "state": ReminderState.planned,
    }


def _insert() -> Any:
    """Insert, unless another worker planned the same at this moment."""
    dialect = postgresql if db.engine.dialect.name == "postgresql" else sqlite
    return dialect.insert(Reminder).on_conflict_do_nothing()


def note_answers(at: datetime) -> int:
    """Mark reminders as answered whose row no longer asks; return how many.

    One statement, and one more for each kind that waits for an answer.
    """
    waiting = [name for name, kind in KINDS.items() if kind.action]
    query = select(Reminder).where(
        Reminder.kind.in_(waiting),
        Reminder.state == ReminderState.sent,
        Reminder.sent_at >= at - ANSWERED_WITHIN,
    )
    by_kind: dict[str, list[Reminder]] = {}
    for reminder in db.session.scalars(query.with_for_update(skip_locked=True)):
        by_kind.setdefault(reminder.kind, []).append(reminder)
    return sum(_answered(KINDS[name], sent, at) for name, sent in by_kind.items())


def _answered(kind: Kind, sent: list[Reminder], at: datetime) -> int:
    open_ids = {row.id for row in asking(kind, ids={reminder.subject_id for reminder in sent})}
    answered = [reminder for reminder in sent if reminder.subject_id not in open_ids]
    for reminder in answered:
        REMINDER.fire("answer", reminder)
        reminder.answered_at = reminder.state_since = at
    return len(answered)


def why_not(reminder: Reminder, kind: Kind, *, at: datetime) -> str:
    """Why a reminder that is due should not be sent after all (a code); empty when it should."""
    rows = asking(kind, ids=[reminder.subject_id])
    if not rows:
        return "left_state"
    due = {(rows[0].day + timedelta(days=day), level) for day, level in kind.moments}
    until = _put_off(kind.name, reminder.subject_id).get(kind.name, {}).get(reminder.subject_id)
    if until is not None and reminder.level == EscalationLevel.owner:
        if reminder.due_on < until:
            return "put_off"
        due.add((until, EscalationLevel.owner))
    if (reminder.due_on, reminder.level) not in due:
        return "dates_moved"
    if reminder.due_on < local_day(at, rows[0].zone) - LATE:
        return "too_late"
    if _later_one_is_due(reminder, at):
        return "overtaken"
    return "two_unanswered" if kind.action and _unanswered(reminder) >= ENOUGH else ""


def _unanswered(reminder: Reminder) -> int:
    """How many of its kind about the same row, to the same people, were not answered."""
    query = select(func.count(Reminder.id)).where(
        Reminder.kind == reminder.kind,
        Reminder.subject_id == reminder.subject_id,
        Reminder.level == reminder.level,
        Reminder.state == ReminderState.sent,
        Reminder.state_since >= reminder.created_at - ANSWERED_WITHIN - AHEAD,
    )
    return db.session.scalar(query) or 0


def _later_one_is_due(reminder: Reminder, at: datetime) -> bool:
    query = select(Reminder.id).where(
        Reminder.kind == reminder.kind,
        Reminder.subject_id == reminder.subject_id,
        Reminder.level == reminder.level,
        Reminder.state == ReminderState.planned,
        Reminder.due_on > reminder.due_on,
        Reminder.due_at <= at,
    )
    return db.session.scalars(query.limit(1)).first() is not None


def due_ids(at: datetime, limit: int) -> list[int]:
    """Ids of planned reminders that are due, the oldest first."""
    query = select(Reminder.id).where(
        Reminder.state == ReminderState.planned, Reminder.due_at <= at
    )
    return list(db.session.scalars(query.order_by(Reminder.due_at, Reminder.id).limit(limit)))
