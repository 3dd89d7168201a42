"""What somebody answers to a reminder from the mail itself, without signing in. The caller commits.

Whoever holds the mail may: the address is signed for this one mail. Nothing here moves the row the
reminder is about; that is for people who have signed in.
"""

from datetime import date, timedelta

from sqlalchemy import func, select

from exchange import events, steps
from exchange.clock import now, today
from exchange.directory.models import Person
from exchange.errors import Conflict, Invalid
from exchange.exchanges.remarks import remark
from exchange.extensions import db
from exchange.messages import actions as messages
from exchange.messages.actions import Addressee
from exchange.messages.models import Message
from exchange.messages.packing import unpacked
from exchange.reminders.models import Delay, Reminder, Word, WordKind
from workflows.reminder import REMINDER, ReminderState

LONGEST_DELAY = timedelta(days=45)
# A mail is passed on to few: nobody sends to the world through us.
MOST_PASSED_ON = 3


def reminder_of(message: Message) -> Reminder | None:
    """The reminder that a message was written for."""
    prefix, _colon, rest = (message.dedupe_key or "").partition(":")
    number = rest.partition(":")[0]
    return db.session.get(Reminder, int(number)) if prefix == "reminder" and number else None


def done(message: Message, reminder: Reminder, *, note: str) -> None:
    """It is done, somebody says: the reminder is answered."""
    _answer(message, reminder, note)


def more_time(message: Message, reminder: Reminder, until: date, *, note: str) -> Delay:
    """Nobody is reminded before ``until``; on that day once more. The exchange shows who asked.

    :raises Invalid: ``delay_range``.
    """
    if not today() < until <= today() + LONGEST_DELAY:
        raise Invalid("until", "delay_range", days=LONGEST_DELAY.days)
    _answer(message, reminder, note)
    _word(WordKind.more_time, message, reminder, note, settled=True)
    if message.exchange is not None and message.person is not None:
        remark(message.exchange, note, actor=message.person)
    delay = Delay(
        kind=reminder.kind,
        subject_id=reminder.subject_id,
        until=until,
        asked_by=message.to_name,
        reminder_id=reminder.id,
    )
    db.session.add(delay)
    db.session.flush()
    events.publish("reminder.put_off", id=reminder.id)
    return delay


def pass_on(message: Message, reminder: Reminder, name: str, email: str, *, note: str) -> Message:
    """Send the same question to a colleague, in the same language. Staff see to whom.

    :raises Invalid: ``passed_on_often``.
    """
    steps.lock(reminder)
    query = select(func.count(Word.id)).where(
        Word.reminder_id == reminder.id, Word.kind == WordKind.passed_on
    )
    if (db.session.scalar(query) or 0) >= MOST_PASSED_ON:
        raise Invalid("email", "passed_on_often", most=MOST_PASSED_ON)
    if reminder.state != ReminderState.sent:
        raise Conflict("answered_already")
    _word(WordKind.passed_on, message, reminder, note)
    zone = message.person.time_zone if message.person else ""
    return messages.write(
        message.kind,
        Addressee(name, email, message.language, zone),
        facts=unpacked(message.facts),
        link=message.link,
        subject=(message.subject_type, message.subject_id or 0),
        exchange_id=message.exchange_id,
        dedupe_key=f"reminder:{reminder.id}:{email}"[:160],
    )


def ask_to_stop(message: Message, reminder: Reminder, *, note: str) -> Word:
    """Ask staff to stop it: they decide, nothing is cancelled by a mail."""
    _answer(message, reminder, note)
    return _word(WordKind.stop, message, reminder, note)


def settle(word: Word, *, actor: Person) -> None:
    """Staff have dealt with it."""
    if word.settled_at is None:
        word.settled_at, word.settled_by = now(), actor


def _answer(message: Message, reminder: Reminder, note: str) -> None:
    """:raises Conflict: ``answered_already``, by a colleague or by what was done since."""
    steps.lock(reminder)
    if reminder.state != ReminderState.sent:
        raise Conflict("answered_already")
    steps.advance(REMINDER, reminder, "answer", actor=message.person, note=note)
    reminder.answered_at = now()


def _word(
    kind: WordKind, message: Message, reminder: Reminder, text: str, *, settled: bool = False
) -> Word:
    row = Word(
        kind=kind,
        reminder=reminder,
        exchange_id=message.exchange_id,
        said_by=message.to_name,
        text=text,
        settled_at=now() if settled else None,
    )
    db.session.add(row)
    db.session.flush()
    return row
