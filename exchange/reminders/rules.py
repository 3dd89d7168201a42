"""What staff decided about kinds of reminders: on or off, on which days, held or not.

A decision is a row that stays; the last one of a kind counts. The caller commits.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import func, select

from exchange.directory.models import Person
from exchange.errors import Conflict, Invalid
from exchange.extensions import db
from exchange.messages.times import local_day
from exchange.reminders.kinds import KINDS, LETTERS, Kind, Letter
from exchange.reminders.models import Reminder, ReminderRule
from exchange.reminders.subjects import asking

MOST_DAYS, FARTHEST = 6, 400
# A week without the program is made good; what is older would only be noise (an import, say).
LATE = timedelta(days=7)


@dataclass(frozen=True)
class Rule:
    """A kind as it holds now: its days are those that staff chose."""

    kind: Kind
    active: bool = True
    held: bool = False
    version: int = 0


@dataclass(frozen=True)
class LetterRule:
    """A letter as it holds now."""

    kind: Letter
    active: bool = True
    held: bool = False
    version: int = 0


def rules() -> dict[str, Rule]:
    """Every kind as it holds now; one statement."""
    rows = _last()
    return {name: _rule(kind, rows.get(name)) for name, kind in KINDS.items()}


def letters() -> dict[str, LetterRule]:
    """Every letter as it holds now; one statement."""
    rows = _last()
    return {name: _letter(letter, rows.get(name)) for name, letter in LETTERS.items()}


def _last() -> dict[str, ReminderRule]:
    last = select(ReminderRule.kind, func.max(ReminderRule.version).label("version"))
    newest = last.group_by(ReminderRule.kind).subquery()
    query = select(ReminderRule).join(
        newest,
        (newest.c.kind == ReminderRule.kind) & (newest.c.version == ReminderRule.version),
    )
    return {row.kind: row for row in db.session.scalars(query)}


def rule_of(kind: str) -> Rule | None:
    """One kind as it holds now."""
    row = history(kind)[:1]
    return _rule(KINDS[kind], row[0] if row else None) if kind in KINDS else None


def letter_of(name: str) -> LetterRule | None:
    """One letter as it holds now."""
    row = history(name)[:1]
    return _letter(LETTERS[name], row[0] if row else None) if name in LETTERS else None


def history(kind: str) -> Sequence[ReminderRule]:
    """The decisions about a kind, the last one first."""
    query = select(ReminderRule).where(ReminderRule.kind == kind)
    return db.session.scalars(query.order_by(ReminderRule.version.desc())).all()


def _rule(kind: Kind, row: ReminderRule | None) -> Rule:
    if row is None:
        return Rule(kind)
    chosen = replace(kind, days=tuple(row.days)) if row.days else kind
    return Rule(chosen, row.active, row.held, row.version)


def any_rule(name: str) -> Rule | LetterRule | None:
    """A kind or a letter as it holds now."""
    return rule_of(name) or letter_of(name)


def days_for(name: str, text: str) -> tuple[int, ...]:
    """The days that somebody typed for a kind; none for what comes each Monday.

    :raises Invalid: ``bad_days``.
    """
    weekly = name in LETTERS and not LETTERS[name].days
    return () if weekly else days_of(text)


def _letter(letter: Letter, row: ReminderRule | None) -> LetterRule:
    if row is None:
        return LetterRule(letter)
    chosen = replace(letter, days=tuple(row.days)) if row.days else letter
    return LetterRule(chosen, row.active, row.held, row.version)


def days_of(text: str) -> tuple[int, ...]:
    """The days that somebody typed: "-7, 0, 21".

    :raises Invalid: ``bad_days``.
    """
    try:
        days = sorted({int(part.replace("−", "-")) for part in text.replace(";", ",").split(",")})
    except ValueError:
        raise Invalid("days", "bad_days", most=MOST_DAYS, farthest=FARTHEST) from None
    if len(days) > MOST_DAYS or any(abs(day) > FARTHEST for day in days):
        raise Invalid("days", "bad_days", most=MOST_DAYS, farthest=FARTHEST)
    return tuple(days)


def due_at_once(name: str, days: Sequence[int], *, at: datetime) -> list[int]:
    """The rows that a mail would go out about within minutes if the kind had these days: a day of
    theirs came within the last week, and nothing is planned or was sent for it."""
    kind = replace(KINDS[name], days=tuple(days))
    query = select(Reminder.subject_id, Reminder.due_on).where(
        Reminder.kind == name, Reminder.due_on >= at.date() - LATE - timedelta(days=1)
    )
    known = {(row.subject_id, row.due_on) for row in db.session.execute(query)}
    first, last = at.date() - LATE, at.date()
    reach = (first - timedelta(days=max(days)), last - timedelta(days=min(days)))
    return sorted(
        {
            row.id
            for row in asking(kind, days=reach)
            for day in days
            if _is_due(row.day + timedelta(days=day), local_day(at, row.zone))
            and (row.id, row.day + timedelta(days=day)) not in known
        }
    )


def _is_due(day: date, today: date) -> bool:
    return today - LATE <= day <= today


def decide(  # noqa: PLR0913 - a rule has no fewer parts
    name: str,
    *,
    active: bool,
    days: Sequence[int],
    held: bool,
    seen_version: int,
    actor: Person,
) -> ReminderRule:
    """Write a new version of the rule of a kind.

    :raises Conflict: ``overtaken``, somebody else has decided since.
    """
    rule = any_rule(name)
    if rule is None or rule.version != seen_version:
        raise Conflict("overtaken")
    usual = KINDS[name].days if name in KINDS else LETTERS[name].days
    kept = [] if tuple(days) == usual else list(days)
    row = ReminderRule(
        kind=name, version=seen_version + 1, active=active, days=kept, held=held, author=actor
    )
    db.session.add(row)
    db.session.flush()
    return row
